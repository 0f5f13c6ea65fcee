using AgentAuth.Storage;

namespace AgentAuth.Operators;

/// <summary>The operator's side of revocation: checks what is asked, and leaves the rest to one operation of the store.</summary>
internal sealed class StoreAccess(IAgentAuthStore store, TimeProvider time) : IAgentAccess
{
    private const int MaxAuditRows = 1000;

    public async ValueTask<AgentRegistrationPage> ListAsync(AgentRegistrationQuery? query, CancellationToken cancellationToken) =>
        await store.ListRegistrationsAsync((query ?? new AgentRegistrationQuery()).Checked(), time.GetUtcNow(), cancellationToken);

    public async ValueTask<IReadOnlyList<AgentAuditEvent>> ReadAuditAsync(string? registrationId, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxAuditRows);
        return await store.ReadAuditAsync(registrationId, limit, cancellationToken);
    }

    public async ValueTask<AgentAccessRevoked> RevokeAsync(AgentAccessTarget target, AgentRevocationNote note, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(note);
        var now = time.GetUtcNow();
        return await store.RevokeAccessAsync(
            new AccessRevocation
            {
                Target = target,
                Now = now,
                Audit = new AgentAuditEvent
                {
                    Name = AgentAuditEvents.RegistrationRevoked,
                    At = now,
                    RemoteAddress = note.RemoteAddress?.ToString(),
                    RevokedBy = note.By,
                    Reason = note.Reason,
                },
            },
            cancellationToken);
    }
}
