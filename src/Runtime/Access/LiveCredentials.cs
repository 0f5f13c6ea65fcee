using AgentAuth.Storage;
using AgentAuth.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Access;

/// <summary>Finds out what a credential is worth now, and counts it: at each request, and at each call of a connection that was opened with it.</summary>
internal sealed class LiveCredentials(IAgentAuthStore store, RevokedCredentialWatch watch, AgentAuthMetrics metrics, TimeProvider time)
{
    /// <summary>The credential; null when it is not live.</summary>
    /// <param name="hash">The credential's.</param>
    /// <param name="context">The request that it came with, for the audit row of a revoked one; null where there is none.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="AgentAuthStorageException">Nobody knows.</exception>
    public async ValueTask<CredentialRecord?> FindAsync(SecretHash hash, HttpContext? context, CancellationToken cancellationToken)
    {
        try
        {
            var credential = await store.FindCredentialAsync(hash, cancellationToken);
            var state = credential?.StateAt(time.GetUtcNow());
            if (state == CredentialState.Revoked)
            {
                await watch.ReportAsync(credential!, context);
            }

            var outcome = state switch
            {
                CredentialState.Live => CredentialCheck.Live,
                CredentialState.Revoked => CredentialCheck.Revoked,
                CredentialState.Expired => CredentialCheck.Expired,
                _ => CredentialCheck.Unknown,
            };
            metrics.CredentialChecked(outcome);
            return outcome == CredentialCheck.Live ? credential : null;
        }
        catch (AgentAuthStorageException)
        {
            metrics.CredentialChecked(CredentialCheck.Unavailable);
            throw;
        }
    }
}
