using AgentAuth.Audit;
using AgentAuth.Claims;
using AgentAuth.Configuration;
using AgentAuth.Credentials;
using AgentAuth.Limits;
using AgentAuth.Manifest;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Storage;
using AgentAuth.Text;

namespace AgentAuth.Registrations;

/// <summary>Email first: no credential until the owner of the address has confirmed. Knows nothing of accounts, so it tells nothing of them.</summary>
internal sealed class EmailRegistration(AgentAuthSettings settings, IAgentAuthStore store, RequestLimits limits, ClaimMailer mailer)
{
    public async ValueTask<Outcome<Registered>> RegisterAsync(
        string email, CredentialType? requested, RequestOrigin origin, CancellationToken cancellationToken)
    {
        if (settings.Manifest.VerifiedEmail is not { } method)
        {
            return new Refusal(RefusalReason.VerifiedEmailNotEnabled, "This service does not register agents by email. Pick another method from its auth.md.");
        }

        if (CredentialChoice.Of(requested, method.Credentials) is not { } type)
        {
            return CredentialChoice.Unsupported(method.Credentials);
        }

        if (!EmailAddress.TryNormalize(email, out var address))
        {
            return ClaimMailer.InvalidAddress;
        }

        if ((mailer.BusyFor(address, origin) ?? limits.Email(origin.Address) ?? limits.ClaimMail(origin.Address, address)) is { } refusal)
        {
            return refusal;
        }

        var now = origin.ReceivedAt;
        var id = Identifiers.Registration();
        var token = Identifiers.ClaimTokenSecret();
        var expires = now + settings.Manifest.Lifetimes.UnclaimedRegistration;
        var attempt = mailer.Prepare(id, AgentRegistrationType.EmailVerification, address, origin, expires);
        var outcome = await store.RegisterAsync(
            new NewRegistration
            {
                Id = id,
                Type = AgentRegistrationType.EmailVerification,
                CreatedAt = now,
                ExpiresAt = expires,
                ClaimToken = SecretHash.Of(token),
                RequestedCredential = type,
                GrantedScopes = settings.AllScopes,
                Email = address,
                RemoteAddress = origin.AddressText,
                Attempt = attempt.Record,
                ReceivedAt = now,
                Audit =
                [
                    AuditTrail.Created(id, AgentRegistrationType.EmailVerification, origin),
                    .. AuditTrail.ClaimRequested(id, AgentRegistrationType.EmailVerification, attempt.Record.Code is not null, origin),
                ],
            },
            cancellationToken);
        if (outcome == RegisterOutcome.Revoked)
        {
            return Refusal.RevokedMeanwhile;
        }

        mailer.Send(attempt, settings.AllScopes, agent: null);
        return new Registered
        {
            RegistrationId = id,
            Type = AgentRegistrationType.EmailVerification,
            Claim = new ClaimInvitation(token, expires, settings.AllScopes),
        };
    }
}
