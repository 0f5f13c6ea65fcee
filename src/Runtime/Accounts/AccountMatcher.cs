using AgentAuth.Assertions;
using AgentAuth.Credentials;
using AgentAuth.Hosting;
using AgentAuth.Manifest;
using AgentAuth.Storage;

namespace AgentAuth.Accounts;

/// <summary>Where an identity belongs.</summary>
internal enum MatchKind
{
    /// <summary>To an account.</summary>
    Account,

    /// <summary>Perhaps to an account with that address: its owner must confirm.</summary>
    NeedsConfirmation,

    /// <summary>To none, and policy makes none.</summary>
    Rejected,
}

/// <summary>The result of account matching.</summary>
/// <param name="Kind">Where the identity belongs.</param>
/// <param name="AccountId">The account; null when there is none.</param>
/// <param name="IsPrior">True when it was bound to the account before.</param>
internal readonly record struct Match(MatchKind Kind, string? AccountId = null, bool IsPrior = false);

/// <summary>Account matching in the order of the protocol: prior delegation, then verified email, then provisioning or rejection.</summary>
internal sealed class AccountMatcher(AgentAuthSettings settings, IAgentAuthStore store, IAgentAccounts accounts)
{
    private readonly AccountMatchingPolicy _policy = settings.Manifest.AccountMatching;

    /// <summary>Finds the account of a verified ID-JAG.</summary>
    public async ValueTask<Match> MatchAsync(VerifiedAssertion assertion, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var delegation = assertion.Agent.Delegation;
        if (await store.FindDelegationAsync(delegation, cancellationToken) is { } bound)
        {
            return new Match(MatchKind.Account, bound, IsPrior: true);
        }

        var trustsEmail = assertion.Email is { } address && assertion.Provider.TrustsAddress(address);
        if (_policy.MatchesVerifiedEmail && assertion.Email is { } email
            && await accounts.FindByEmailAsync(email, cancellationToken) is { } match)
        {
            // Any provider on the list can say that somebody's address is verified. Only where auth.md takes its word for addresses of that
            // domain does that open an existing account; an address that is merely known, unconfirmed, opens nothing either way.
            if (!trustsEmail)
            {
                return new Match(MatchKind.NeedsConfirmation);
            }

            if (match.AccountId is { } account)
            {
                return new Match(MatchKind.Account, account);
            }
        }

        return _policy.Provisions
            ? new Match(MatchKind.Account, await accounts.ProvisionAsync(
                new NewAccount(Identifiers.Account(), assertion.Email, EmailConfirmed: trustsEmail, delegation, now),
                cancellationToken))
            : new Match(MatchKind.Rejected);
    }

    /// <summary>Finds the account of somebody who has just shown that a mail address is theirs.</summary>
    public async ValueTask<Match> MatchOwnerAsync(string email, DateTimeOffset now, CancellationToken cancellationToken) =>
        await accounts.FindByEmailAsync(email, cancellationToken) is { AccountId: { } account }
            ? new Match(MatchKind.Account, account)
            : _policy.Provisions
                ? new Match(MatchKind.Account, await accounts.ProvisionAsync(
                    new NewAccount(Identifiers.Account(), email, EmailConfirmed: true, Delegation: null, now), cancellationToken))
                : new Match(MatchKind.Rejected);
}
