using System.Collections.Immutable;
using AgentAuth.Accounts;
using AgentAuth.Assertions;
using AgentAuth.Audit;
using AgentAuth.Claims;
using AgentAuth.Configuration;
using AgentAuth.Credentials;
using AgentAuth.Limits;
using AgentAuth.Manifest;
using AgentAuth.Protocol;
using AgentAuth.Protocol.V01;
using AgentAuth.Refusals;
using AgentAuth.Storage;

namespace AgentAuth.Registrations;

/// <summary>Agent verified: an ID-JAG in, a credential out, in one answer; or a claim first, where the address is somebody's account.</summary>
internal sealed class AssertionRegistration(
    AgentAuthSettings settings,
    AssertionVerifier verifier,
    AccountMatcher matcher,
    IAgentAuthStore store,
    RequestLimits limits,
    ClaimMailer mailer,
    RefusalTrail refusals)
{
    // Only a parallel registration or revocation of the same (issuer, subject) makes the first try fail, and then the second finds what it wrote.
    private const int Tries = 3;

    private static readonly Refusal s_revokedSince = new(
        RefusalReason.AssertionExpired, "Access was revoked since the assertion was made. Ask the user, then mint a fresh ID-JAG.");

    // No claim token and no mail: whoever redeems tokens for others has nobody to give a code to.
    private static readonly Refusal s_ownerMustConfirm = new(
        RefusalReason.InteractionRequired,
        "An account with this address exists, and this provider's word does not open it. Its owner links the agent first, by a registration with an ID-JAG as auth.md describes it.");

    private readonly IdentityTurns _turns = new();

    public async ValueTask<Outcome<Registered>> RegisterAsync(
        string assertion, CredentialType? requested, IdJagTerms terms, RequestOrigin origin, CancellationToken cancellationToken)
    {
        if (settings.Manifest.IdentityAssertion is not { } method)
        {
            return new Refusal(RefusalReason.IdentityAssertionNotEnabled, "This service does not accept ID-JAGs. Pick another method from its auth.md.");
        }

        if (CredentialChoice.Of(requested, method.Credentials) is not { } type)
        {
            return CredentialChoice.Unsupported(method.Credentials);
        }

        // The token endpoint took its permit before it looked at the client.
        if (!terms.IsTokenEndpoint && limits.Assertion(origin.Address) is { } limited)
        {
            return limited;
        }

        var result = await verifier.VerifyIdJagAsync(assertion, terms, cancellationToken);
        if (result.Value is not { } verified)
        {
            // An unverified name is nobody's, so none is written down. What is malformed is no assertion at all.
            var unverified = result.Refusal!;
            return unverified.Reason is RefusalReason.MalformedAssertion or RefusalReason.TemporarilyUnavailable ? unverified : Audited(unverified, origin, agent: null);
        }

        // Only now: what counts for all agents of a provider must not be counted before it is known to come from there.
        if (limits.Verified(verified.Agent.Delegation) is { } many)
        {
            return many;
        }

        var outcome = await RegisterAsync(verified, type, terms, origin, cancellationToken);
        return outcome.Refusal is { Reason: not (RefusalReason.RateLimited or RefusalReason.TemporarilyUnavailable) } refusal
            ? Audited(refusal, origin, verified.Agent)
            : outcome;
    }

    private Refusal Audited(Refusal refusal, RequestOrigin origin, AgentIdentity? agent)
    {
        refusals.Tell(
            AuditTrail.Of(AgentAuditEvents.RegistrationRefused, null, AgentRegistrationType.AgentProvider, origin, agent)
            with
            { Outcome = ProtocolErrors.Of(refusal.Reason).Code },
            origin);
        return refusal;
    }

    private async ValueTask<Outcome<Registered>> RegisterAsync(
        VerifiedAssertion verified, CredentialType type, IdJagTerms terms, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var draft = Describe(verified, type, Granted(verified.Scopes, terms), origin);
        if (draft.GrantedScopes.IsEmpty)
        {
            return new Refusal(RefusalReason.InvalidScope, terms.Scopes is null && terms.Client is null
                ? "The assertion's scope names none of this service's scopes. scopes_supported lists them."
                : "No scope is left of those that the assertion, the request and the client's entry have in common. scopes_supported lists this service's.");
        }

        var mayMail = false;
        using var turn = await _turns.TakeAsync(verified.Agent.Delegation, cancellationToken);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var match = await matcher.MatchAsync(verified, origin.ReceivedAt, cancellationToken);
            if (match.Refusal is { } no)
            {
                return no;
            }

            if (!match.IsTo && terms.IsTokenEndpoint)
            {
                return await store.IsRevokedAsync(verified.Agent, origin.ReceivedAt, verified.IssuedAt, cancellationToken) ? s_revokedSince : s_ownerMustConfirm;
            }

            if (!match.IsTo && !mayMail)
            {
                if ((mailer.BusyFor(verified.Email!, origin) ?? limits.ClaimMail(origin.Address, verified.Email!)) is { } refusal)
                {
                    return refusal;
                }

                mayMail = true;
            }

            var matched = draft with { AccountId = match.AccountId, Account = match.Account, RestsOnDelegation = match.IsPrior, ReplacedAccountId = match.GoneAccountId };
            var (outcome, registered) = match.IsTo
                ? await IssueAsync(matched, origin, cancellationToken)
                : await AskOwnerAsync(matched, verified, origin, cancellationToken);
            switch (outcome)
            {
                case RegisterOutcome.Created:
                    return registered;
                case RegisterOutcome.Replayed:
                    return new Refusal(RefusalReason.ReplayDetected, "This assertion has been used before. Mint a fresh ID-JAG with a new jti.");
                case RegisterOutcome.Expired:
                    return IdJagClaims.Expired;
                case RegisterOutcome.Revoked:
                    return s_revokedSince;
                default:
                    break; // Bound elsewhere by a parallel registration, or no longer bound: the next round finds what holds now.
            }
        }

        return new Refusal(RefusalReason.TemporarilyUnavailable, "Other registrations of this identity are in progress. Try again.", TimeSpan.FromSeconds(1));
    }

    // RFC 7521 §4.1: what the assertion asserts is the most that it can get; what the request asks for, and the client's ceiling, narrow that.
    private ImmutableArray<string> Granted(ImmutableArray<string>? asserted, IdJagTerms terms) =>
        asserted is null && terms.Scopes is null && terms.Client is null
            ? settings.AllScopes
            : [.. settings.AllScopes.Where(scope =>
                asserted?.Contains(scope) != false && terms.Scopes?.Contains(scope) != false && terms.Client?.MayHave(scope) != false)];

    private async ValueTask<(RegisterOutcome Outcome, Registered Registered)> IssueAsync(
        NewRegistration draft, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var credential = CredentialIssuer.Issue(draft.RequestedCredential, draft.GrantedScopes, settings.Manifest.Lifetimes, origin.ReceivedAt);
        var outcome = await store.RegisterAsync(
            draft with
            {
                Credential = credential.Record,
                Audit = [AuditTrail.Created(draft.Id, draft.Type, origin, draft.Agent)],
            },
            cancellationToken);
        return (outcome, new Registered { RegistrationId = draft.Id, Type = draft.Type, Credential = credential });
    }

    private async ValueTask<(RegisterOutcome Outcome, Registered Registered)> AskOwnerAsync(
        NewRegistration draft, VerifiedAssertion verified, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var token = Identifiers.ClaimTokenSecret();
        var expires = origin.ReceivedAt + settings.Manifest.Lifetimes.UnclaimedRegistration;
        var attempt = mailer.Prepare(draft.Id, draft.Type, verified.Email!, origin, expires);
        var outcome = await store.RegisterAsync(
            draft with
            {
                ExpiresAt = expires,
                ClaimToken = SecretHash.Of(token),
                Email = verified.Email,
                Attempt = attempt.Record,
                Audit =
                [
                    AuditTrail.Created(draft.Id, draft.Type, origin, draft.Agent) with { Outcome = ProtocolErrors.InteractionRequired.Code },
                    .. AuditTrail.ClaimRequested(draft.Id, draft.Type, attempt.Record.Code is not null, origin, draft.Agent),
                ],
            },
            cancellationToken);
        if (outcome == RegisterOutcome.Created)
        {
            mailer.Send(attempt, draft.GrantedScopes, verified.Agent);
        }

        return (outcome, new Registered
        {
            RegistrationId = draft.Id,
            Type = draft.Type,
            Claim = new ClaimInvitation(token, expires, draft.GrantedScopes),
            NeedsConfirmation = true,
        });
    }

    private static NewRegistration Describe(VerifiedAssertion verified, CredentialType type, ImmutableArray<string> scopes, RequestOrigin origin) => new()
    {
        Id = Identifiers.Registration(),
        Type = AgentRegistrationType.AgentProvider,
        CreatedAt = origin.ReceivedAt,
        RequestedCredential = type,
        GrantedScopes = scopes,
        RemoteAddress = origin.AddressText,
        Agent = verified.Agent,
        Authentication = verified.Authentication,
        Replay = new ReplayKey(AssertionKind.IdentityAssertion, verified.Agent.Delegation.Issuer, verified.Agent.JwtId, verified.RememberUntil),
        ReceivedAt = origin.ReceivedAt,
        AssertionIssuedAt = verified.IssuedAt,
        Audit = [],
    };
}
