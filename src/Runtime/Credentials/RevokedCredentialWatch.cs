using System.Collections.Concurrent;
using AgentAuth.Audit;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Credentials;

/// <summary>Audits the first use of a revoked credential: somebody still holds it.</summary>
internal sealed class RevokedCredentialWatch(IAgentAuthStore store, TimeProvider time)
{
    // The store writes one row for each credential whatever we ask; this only spares it the asking when a dead key is hammered.
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);

    public ValueTask ReportAsync(CredentialRecord credential, HttpContext context)
    {
        if (_reported.Count >= Capacity)
        {
            _reported.Clear();
        }

        return _reported.TryAdd(credential.Id, true)
            ? store.RecordUseAfterRevocationAsync(
                credential.Id,
                new AuditEvent
                {
                    Name = AuditEvents.CredentialUsedAfterRevocation,
                    At = time.GetUtcNow(),
                    Outcome = "refused",
                    RegistrationId = credential.RegistrationId,
                    RegistrationType = credential.RegistrationType,
                    AccountId = credential.AccountId,
                    RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
                }.About(credential.Agent),
                context.RequestAborted)
            : ValueTask.CompletedTask;
    }
}
