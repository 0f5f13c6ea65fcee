using AgentAuth.Audit;
using AgentAuth.Configuration;
using AgentAuth.Credentials;
using AgentAuth.Limits;
using AgentAuth.Manifest;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Storage;

namespace AgentAuth.Registrations;

/// <summary>Anonymous start: an API key with the pre-claim scopes at once, and a claim token for later.</summary>
internal sealed class AnonymousRegistration(AgentAuthSettings settings, IAgentAuthStore store, RequestLimits limits)
{
    public async ValueTask<Outcome<Registered>> RegisterAsync(
        CredentialType? requested, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var manifest = settings.Manifest;
        if (manifest.Anonymous is null)
        {
            return new Refusal(RefusalReason.AnonymousNotEnabled, "This service does not register agents anonymously. Pick another method from its auth.md.");
        }

        if (requested is not (null or CredentialType.ApiKey))
        {
            return new Refusal(RefusalReason.UnsupportedCredentialType, "An anonymous registration gets an api_key; ask for that.");
        }

        if (limits.Anonymous(origin.Address) is { } refusal)
        {
            return refusal;
        }

        var now = origin.ReceivedAt;
        var id = Identifiers.Registration();
        var token = Identifiers.ClaimTokenSecret();
        var expires = now + manifest.Lifetimes.UnclaimedRegistration;
        var credential = CredentialIssuer.Issue(CredentialType.ApiKey, settings.PreClaimScopes, manifest.Lifetimes, now);
        var outcome = await store.RegisterAsync(
            new NewRegistration
            {
                Id = id,
                Type = AgentRegistrationType.Anonymous,
                CreatedAt = now,
                ExpiresAt = expires,
                ClaimToken = SecretHash.Of(token),
                RequestedCredential = CredentialType.ApiKey,
                GrantedScopes = settings.AllScopes,
                RemoteAddress = origin.AddressText,
                Credential = credential.Record,
                ReceivedAt = now,
                Audit = [AuditTrail.Created(id, AgentRegistrationType.Anonymous, origin)],
            },
            cancellationToken);
        return outcome == RegisterOutcome.Revoked ? Refusal.RevokedMeanwhile : new Registered
        {
            RegistrationId = id,
            Type = AgentRegistrationType.Anonymous,
            Credential = credential,
            Claim = new ClaimInvitation(token, expires, settings.AllScopes),
        };
    }
}
