using AgentAuth.Audit;

namespace AgentAuth.Storage.Sqlite;

/// <content>Revocation.</content>
public sealed partial class SqliteAgentAuthStore
{
    /// <inheritdoc/>
    public async ValueTask<RevokeOutcome> RevokeAsync(ProviderRevocation revocation, CancellationToken cancellationToken)
    {
        List<SecretHash> dead = [];
        var outcome = await _database.WriteAsync(
            session =>
            {
                if (!UseUp(session, revocation.Replay))
                {
                    return new RevokeOutcome(Replayed: true, Credentials: 0);
                }

                var (issuer, subject) = revocation.Delegation;
                session.Execute(
                    """
                    INSERT INTO revocations (iss, sub, revoked_at, token_issued_at) VALUES ($iss, $sub, $now, $issued)
                    ON CONFLICT (iss, sub) DO UPDATE SET
                        revoked_at = max(revoked_at, excluded.revoked_at), token_issued_at = max(token_issued_at, excluded.token_issued_at)
                    """,
                    ("$iss", issuer),
                    ("$sub", subject),
                    ("$now", revocation.Now.AddTicks(TimeSpan.TicksPerMillisecond - 1)), // Rounded up: a request of the same millisecond came before.
                    ("$issued", revocation.TokenIssuedAt));
                session.Execute("DELETE FROM delegations WHERE iss = $iss AND sub = $sub", ("$iss", issuer), ("$sub", subject));
                var registrations = session.All(
                    "SELECT id FROM registrations WHERE iss = $iss AND sub = $sub AND status <> $revoked",
                    row => row.GetString(0),
                    ("$iss", issuer),
                    ("$sub", subject),
                    ("$revoked", RegistrationStatus.Revoked));
                var credentials = 0;
                foreach (var registration in registrations)
                {
                    dead.AddRange(CredentialsOf(session, registration));
                    credentials += Kill(session, registration, revocation.Now);
                    Insert(session, revocation.Audit with { RegistrationId = registration, RegistrationType = RegistrationType.AgentProvider });
                }

                if (registrations.Count == 0)
                {
                    Insert(session, revocation.Audit);
                }

                return new RevokeOutcome(Replayed: false, credentials);
            },
            cancellationToken);
        _cache.Evict(dead);
        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask RecordUseAfterRevocationAsync(string credentialId, AuditEvent audit, CancellationToken cancellationToken) =>
        await _database.WriteAsync(
            session =>
            {
                var isFirst = session.Execute("UPDATE credentials SET late_use = 1 WHERE id = $id AND late_use = 0", ("$id", credentialId)) == 1;
                if (isFirst)
                {
                    Insert(session, audit);
                }

                return isFirst;
            },
            cancellationToken);
}
