using AgentAuth.Audit;

namespace AgentAuth.Storage.Sqlite;

/// <content>Tidying.</content>
public sealed partial class SqliteAgentAuthStore
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
            session =>
            {
                var expired = AuditExpired(session, now, limit);
                var replays = session.Execute(
                    "DELETE FROM replays WHERE (kind, iss, jti) IN (SELECT kind, iss, jti FROM replays WHERE remember_until <= $now LIMIT $limit)",
                    ("$now", now),
                    ("$limit", limit));
                var guesses = session.Execute(
                    "DELETE FROM guesses WHERE (mailbox, shown) IN (SELECT mailbox, shown FROM guesses WHERE since <= $before LIMIT $limit)",
                    ("$before", now - s_guessMemory),
                    ("$limit", limit));
                ForgetRevocations(session, now);
                return expired == limit || replays == limit || guesses == limit || ForgetDead(session, now - s_memory, limit) == limit;
            },
            cancellationToken);

    private static void ForgetRevocations(SqliteSession session, DateTimeOffset now)
    {
        foreach (var table in new[] { "revocations", "access_revocations" })
        {
            session.Execute(
                $"""
                DELETE FROM {table} WHERE revoked_at <= $before
                  AND revoked_at < (SELECT coalesce(min(created_at), $now) FROM registrations WHERE status = 0 AND expiry_audited = 0 AND expires_at > $now)
                """,
                ("$before", now - s_revocationMemory),
                ("$now", now));
        }
    }

    private static int AuditExpired(SqliteSession session, DateTimeOffset now, int limit)
    {
        var expired = session.All(
            """
            SELECT id, type, expires_at, iss, sub, client_id, jti, agent_platform, agent_context_id, act
            FROM registrations WHERE status = 0 AND expiry_audited = 0 AND expires_at <= $now LIMIT $limit
            """,
            row => (Id: row.GetString(0), Type: (RegistrationType)row.GetInt32(1), At: row.Instant(2), Agent: row.Agent(3)),
            ("$now", now),
            ("$limit", limit));
        foreach (var (id, type, at, agent) in expired)
        {
            session.Execute("UPDATE registrations SET expiry_audited = 1 WHERE id = $id", ("$id", id));
            Insert(session, new AuditEvent { Name = AuditEvents.RegistrationExpired, At = at, RegistrationId = id, RegistrationType = type }.About(agent));
        }

        return expired.Count;
    }

    /// <summary>Registrations that are long dead: expired unclaimed, revoked so long ago, or claimed and all their credentials expired.</summary>
    private static int ForgetDead(SqliteSession session, DateTimeOffset before, int limit)
    {
        var dead = session.All(
            """
            SELECT r.id FROM registrations r
            WHERE coalesce(r.revoked_at, r.created_at) <= $before
              AND (r.status <> 0 OR r.expires_at <= $before)
              AND NOT EXISTS (SELECT 1 FROM credentials c WHERE c.registration_id = r.id AND r.status = 1 AND (c.expires_at IS NULL OR c.expires_at > $before))
            LIMIT $limit
            """,
            row => row.GetString(0),
            ("$before", before),
            ("$limit", limit));
        foreach (var id in dead)
        {
            session.Execute("DELETE FROM attempts WHERE registration_id = $id", ("$id", id));
            session.Execute("DELETE FROM credentials WHERE registration_id = $id", ("$id", id));
            session.Execute("DELETE FROM registrations WHERE id = $id", ("$id", id));
        }

        return dead.Count;
    }
}
