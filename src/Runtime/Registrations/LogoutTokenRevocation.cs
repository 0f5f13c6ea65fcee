using AgentAuth.Assertions;
using AgentAuth.Audit;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Storage;

namespace AgentAuth.Registrations;

/// <summary>How many credentials a logout token ended.</summary>
internal sealed record Revoked(int Credentials);

/// <summary>A provider ends what it began: all access of one of its users is gone before the answer is written.</summary>
internal sealed class LogoutTokenRevocation(AssertionVerifier verifier, IAgentAuthStore store, TimeProvider time)
{
    public async ValueTask<Outcome<Revoked>> RevokeAsync(string token, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var result = await verifier.VerifyLogoutTokenAsync(token, cancellationToken);
        if (result.Value is not { } logout)
        {
            return result.Refusal!;
        }

        // The instant of the change, not of the request: registrations received until now must not outlive it.
        var now = time.GetUtcNow();
        var outcome = await store.RevokeAsync(
            new ProviderRevocation
            {
                Delegation = logout.Delegation,
                Replay = new ReplayKey(AssertionKind.LogoutToken, logout.Delegation.Issuer, logout.JwtId, logout.RememberUntil),
                TokenIssuedAt = logout.IssuedAt,
                Now = now,
                Audit = new AgentAuditEvent
                {
                    Name = AgentAuditEvents.RegistrationRevoked,
                    At = now,
                    RemoteAddress = origin.AddressText,
                    Issuer = logout.Delegation.Issuer,
                    Subject = logout.Delegation.Subject,
                    JwtId = logout.JwtId,
                },
            },
            cancellationToken);
        return outcome.Token switch
        {
            TokenUse.First => new Revoked(outcome.Credentials),
            TokenUse.Replayed => new Refusal(RefusalReason.ReplayDetected, "This logout token has been used before. Nothing more was revoked."),
            _ => LogoutTokenClaims.Expired,
        };
    }
}
