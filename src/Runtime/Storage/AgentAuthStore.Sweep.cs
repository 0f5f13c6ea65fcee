using AgentAuth.Audit;

namespace AgentAuth.Storage;

/// <content>Tidying.</content>
internal sealed partial class AgentAuthStore
{
    // A registration that ended goes on answering "expired" rather than "unknown" for so long, and a revocation goes on refusing what was begun
    // before it: longer than any assertion lives, and as long as an older registration can still be claimed.
    private static readonly TimeSpan s_memory = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_revocationMemory = TimeSpan.FromDays(1);

    // As long as the longest window that guesses for a mailbox are counted over.
    private static readonly TimeSpan s_guessMemory = TimeSpan.FromDays(2);

    /// <inheritdoc/>
    public ValueTask<bool> SweepAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(
            async session =>
            {
                var expired = await AuditExpiredAsync(session, now, limit);
                var replays = await session.ExecuteAsync(
                    "DELETE FROM replays WHERE (kind, iss, jti) IN (SELECT kind, iss, jti FROM replays WHERE remember_until <= @now LIMIT @limit)",
                    ("@now", now),
                    ("@limit", limit));
                var guesses = await session.ExecuteAsync(
                    "DELETE FROM guesses WHERE (mailbox, shown) IN (SELECT mailbox, shown FROM guesses WHERE since <= @before LIMIT @limit)",
                    ("@before", now - s_guessMemory),
                    ("@limit", limit));
                await ForgetRevocationsAsync(session, now);
                return expired == limit || replays == limit || guesses == limit || await ForgetDeadAsync(session, now - s_memory, limit);
            },
            cancellationToken);

    // Longer than the oldest registration that somebody may still claim. One that has expired and is not in the audit trail yet counts as well: it is
    // only a little longer then, and an index knows the oldest.
    private async ValueTask ForgetRevocationsAsync(StoreSession session, DateTimeOffset now)
    {
        foreach (var table in new[] { "revocations", "access_revocations" })
        {
            await session.ExecuteAsync(
                $"""
                DELETE FROM {table} WHERE revoked_at <= @before
                  AND revoked_at < (SELECT coalesce(min(created_at), @now) FROM registrations{engine.Dialect.IndexedBy("registrations_waiting")} WHERE status = 0 AND expiry_audited = 0)
                """,
                ("@before", now - s_revocationMemory),
                ("@now", now));
        }
    }

    private async ValueTask<int> AuditExpiredAsync(StoreSession session, DateTimeOffset now, int limit)
    {
        var expired = await session.AllAsync(
            $"""
            SELECT id, type, expires_at, iss, sub, client_id, jti, agent_platform, agent_context_id, act
            FROM registrations{engine.Dialect.IndexedBy("registrations_by_expiry")} WHERE status = 0 AND expiry_audited = 0 AND expires_at <= @now LIMIT @limit
            """,
            row => (Id: row.GetString(0), Type: (AgentRegistrationType)row.GetInt32(1), At: row.Instant(2), Agent: row.Agent(3)),
            ("@now", now),
            ("@limit", limit));
        foreach (var (id, type, at, agent) in expired)
        {
            await session.ExecuteAsync("UPDATE registrations SET expiry_audited = 1 WHERE id = @id", ("@id", id));
            await InsertAsync(session, new AgentAuditEvent { Name = AgentAuditEvents.RegistrationExpired, At = at, RegistrationId = id, RegistrationType = type }.About(agent));
        }

        return expired.Count;
    }

    /// <summary>
    /// Registrations that are long dead: expired unclaimed, revoked so long ago, or claimed and without a credential that lives or died since. Each kind
    /// is found from its end, so that what lives is not looked at. True when there is more to do.
    /// </summary>
    private async ValueTask<bool> ForgetDeadAsync(StoreSession session, DateTimeOffset before, int limit)
    {
        var more = false;
        foreach (var sql in (string[])
            [
                $"SELECT id FROM registrations{engine.Dialect.IndexedBy("registrations_by_expiry")} WHERE status = 0 AND expiry_audited = 1 AND expires_at <= @now LIMIT @limit",
                $"SELECT id FROM registrations{engine.Dialect.IndexedBy("registrations_ended")} WHERE status = 2 AND coalesce(revoked_at, created_at) <= @now LIMIT @limit",

                // A claim that gives a new credential revokes the one before: that one is as dead as one that expired.
                $"""
                SELECT c.registration_id FROM credentials c{engine.Dialect.IndexedBy("credentials_by_expiry")}
                WHERE c.expires_at <= @now
                  AND EXISTS (SELECT 1 FROM registrations r WHERE r.id = c.registration_id AND r.status = 1 AND r.created_at <= @now)
                  AND NOT EXISTS (
                    SELECT 1 FROM credentials g WHERE g.registration_id = c.registration_id AND {NotDead})
                LIMIT @limit
                """,
            ])
        {
            var dead = await session.AllAsync(sql, row => row.GetString(0), ("@now", before), ("@limit", limit));
            foreach (var id in dead)
            {
                await session.ExecuteAsync("DELETE FROM attempts WHERE registration_id = @id", ("@id", id));
                await session.ExecuteAsync("DELETE FROM credentials WHERE registration_id = @id", ("@id", id));
                await session.ExecuteAsync("DELETE FROM registrations WHERE id = @id", ("@id", id));
            }

            more |= dead.Count == limit;
        }

        return more;
    }
}
