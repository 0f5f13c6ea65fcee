using AgentAuth.Audit;

namespace AgentAuth.Storage.Sqlite;

/// <content>Tidying.</content>
public sealed partial class SqliteAgentAuthStore
{
    // A registration that ended goes on answering "expired" rather than "unknown" for so long, and a revocation goes on refusing what was begun
    // before it: longer than any assertion lives, and as long as an older registration can still be claimed.
    private static readonly TimeSpan s_memory = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_revocationMemory = TimeSpan.FromDays(1);

    private static readonly string[] s_dead =
    [
        "SELECT id FROM registrations INDEXED BY registrations_by_expiry WHERE status = 0 AND expiry_audited = 1 AND expires_at <= $before LIMIT $limit",
        "SELECT id FROM registrations INDEXED BY registrations_ended WHERE status = 2 AND coalesce(revoked_at, created_at) <= $before LIMIT $limit",

        // A claim that gives a new credential revokes the one before: that one is as dead as one that expired.
        """
        SELECT r.id FROM credentials c INDEXED BY credentials_by_expiry CROSS JOIN registrations r ON r.id = c.registration_id
        WHERE c.expires_at <= $before AND r.status = 1 AND r.created_at <= $before
          AND NOT EXISTS (SELECT 1 FROM credentials g WHERE g.registration_id = r.id AND g.revoked = 0 AND (g.expires_at IS NULL OR g.expires_at > $before))
        LIMIT $limit
        """,
    ];

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
                return expired == limit || replays == limit || guesses == limit || ForgetDead(session, now - s_memory, limit);
            },
            cancellationToken);

    // Longer than the oldest registration that somebody may still claim. One that has expired and is not in the audit trail yet counts as well: it is
    // only a little longer then, and an index knows the oldest.
    private static void ForgetRevocations(SqliteSession session, DateTimeOffset now)
    {
        foreach (var table in new[] { "revocations", "access_revocations" })
        {
            session.Execute(
                $"""
                DELETE FROM {table} WHERE revoked_at <= $before
                  AND revoked_at < (SELECT coalesce(min(created_at), $now) FROM registrations INDEXED BY registrations_waiting WHERE status = 0 AND expiry_audited = 0)
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
            FROM registrations INDEXED BY registrations_by_expiry WHERE status = 0 AND expiry_audited = 0 AND expires_at <= $now LIMIT $limit
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

    /// <summary>
    /// Registrations that are long dead: expired unclaimed, revoked so long ago, or claimed and without a credential that lives or died since. Each kind
    /// is found from its end, so that what lives is not looked at. True when there is more to do.
    /// </summary>
    private static bool ForgetDead(SqliteSession session, DateTimeOffset before, int limit)
    {
        var more = false;
        foreach (var sql in s_dead)
        {
            var dead = session.All(sql, row => row.GetString(0), ("$before", before), ("$limit", limit));
            foreach (var id in dead)
            {
                session.Execute("DELETE FROM attempts WHERE registration_id = $id", ("$id", id));
                session.Execute("DELETE FROM credentials WHERE registration_id = $id", ("$id", id));
                session.Execute("DELETE FROM registrations WHERE id = $id", ("$id", id));
            }

            more |= dead.Count == limit;
        }

        return more;
    }
}
