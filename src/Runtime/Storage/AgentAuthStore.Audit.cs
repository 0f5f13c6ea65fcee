using System.Data.Common;

namespace AgentAuth.Storage;

/// <content>The audit trail.</content>
internal sealed partial class AgentAuthStore
{
    private const string AuditColumns =
        """
        SELECT name, at, outcome, registration_id, registration_type, account_id, remote_address,
               iss, sub, client_id, jti, agent_platform, agent_context_id, act, revoked_by, reason
        FROM audit
        """;

    // Two texts: no index serves "this registration, or any".
    private const string AuditBefore = AuditColumns + " WHERE seq < @before ORDER BY seq DESC LIMIT @limit";

    private const string AuditOfRegistrationBefore = AuditColumns + " WHERE registration_id = @id AND seq < @before ORDER BY seq DESC LIMIT @limit";

    /// <inheritdoc/>
    public ValueTask WriteAuditAsync(AgentAuditEvent audit, CancellationToken cancellationToken) => WriteAuditAsync([audit], cancellationToken);

    /// <inheritdoc/>
    public async ValueTask WriteAuditAsync(IReadOnlyCollection<AgentAuditEvent> audit, CancellationToken cancellationToken) =>
        await ChangeAsync(
            async session =>
            {
                await InsertAsync(session, audit);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AgentAuditEvent>> ReadAuditAsync(string? registrationId, int limit, CancellationToken cancellationToken) =>
        engine.ReadAsync<IReadOnlyList<AgentAuditEvent>>(
            async session => registrationId is null
                ? await session.AllAsync(AuditBefore, ReadAudit, ("@before", long.MaxValue), ("@limit", limit))
                : await session.AllAsync(AuditOfRegistrationBefore, ReadAudit, ("@id", registrationId), ("@before", long.MaxValue), ("@limit", limit)),
            cancellationToken);

    private static AgentAuditEvent ReadAudit(DbDataReader row) => new()
    {
        Name = row.GetString(0),
        At = row.Instant(1),
        Outcome = row.GetString(2),
        RegistrationId = row.Text(3),
        RegistrationType = row.IsDBNull(4) ? null : (AgentRegistrationType)row.GetInt32(4),
        AccountId = row.Text(5),
        RemoteAddress = row.Text(6),
        Issuer = row.Text(7),
        Subject = row.Text(8),
        ClientId = row.Text(9),
        JwtId = row.Text(10),
        AgentPlatform = row.Text(11),
        AgentContextId = row.Text(12),
        Act = row.Text(13),
        RevokedBy = row.Text(14),
        Reason = row.Text(15),
    };

    private static async ValueTask InsertAsync(StoreSession session, IEnumerable<AgentAuditEvent> events)
    {
        foreach (var audit in events)
        {
            await InsertAsync(session, audit);
        }
    }

    private static async ValueTask InsertAsync(StoreSession session, AgentAuditEvent audit)
    {
        session.Effects.Audited.Add(audit);
        await session.ExecuteAsync(
            """
            INSERT INTO audit (name, at, outcome, registration_id, registration_type, account_id, remote_address,
                               iss, sub, client_id, jti, agent_platform, agent_context_id, act, revoked_by, reason)
            VALUES (@name, @at, @outcome, @registration, @type, @account, @address, @iss, @sub, @client, @jti, @platform, @context, @act, @by, @reason)
            """,
            ("@name", audit.Name),
            ("@at", audit.At),
            ("@outcome", audit.Outcome),
            ("@registration", audit.RegistrationId),
            ("@type", audit.RegistrationType),
            ("@account", audit.AccountId),
            ("@address", audit.RemoteAddress),
            ("@iss", audit.Issuer),
            ("@sub", audit.Subject),
            ("@client", audit.ClientId),
            ("@jti", audit.JwtId),
            ("@platform", audit.AgentPlatform),
            ("@context", audit.AgentContextId),
            ("@act", audit.Act),
            ("@by", audit.RevokedBy),
            ("@reason", audit.Reason));
    }
}
