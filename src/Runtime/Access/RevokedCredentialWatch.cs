using System.Collections.Concurrent;
using AgentAuth.Audit;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Access;

/// <summary>Audits the first use of a revoked credential: somebody still holds it.</summary>
internal sealed partial class RevokedCredentialWatch(IAgentAuthStore store, TimeProvider time, ILogger<RevokedCredentialWatch> logger)
{
    // The store writes one row for each credential whatever we ask; this only spares it the asking when a dead key is hammered.
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);

    /// <summary>Writes the row, unless it is there. That it could not be written changes nothing for the holder; the next use tries again.</summary>
    public async ValueTask ReportAsync(CredentialRecord credential, HttpContext? context)
    {
        if (_reported.Count >= Capacity)
        {
            _reported.Clear();
        }

        if (!_reported.TryAdd(credential.Id, true))
        {
            return;
        }

        var audit = new AgentAuditEvent
        {
            Name = AgentAuditEvents.CredentialUsedAfterRevocation,
            At = time.GetUtcNow(),
            Outcome = "refused",
            RegistrationId = credential.RegistrationId,
            RegistrationType = credential.RegistrationType,
            AccountId = credential.AccountId,
            RemoteAddress = context?.Connection.RemoteIpAddress?.ToString(),
        };
        try
        {
            // Not for as long as the request lasts: whoever hangs up has used it all the same.
            await store.RecordUseAfterRevocationAsync(credential.Id, audit.About(credential.Agent), CancellationToken.None);
        }
        catch (AgentAuthStorageException e)
        {
            _reported.TryRemove(credential.Id, out _);
            LogNotAudited(e, credential.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The revoked credential {CredentialId} was used and refused; the audit row of that could not be written.")]
    private partial void LogNotAudited(Exception exception, string credentialId);
}
