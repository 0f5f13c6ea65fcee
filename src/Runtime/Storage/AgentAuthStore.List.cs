using System.Data.Common;

namespace AgentAuth.Storage;

/// <content>What operators see.</content>
internal sealed partial class AgentAuthStore
{
    private const string GoodCredentials =
        $"FROM credentials c WHERE c.registration_id = r.id AND {NotEnded} AND {NotDead}";

    /// <inheritdoc/>
    public async ValueTask<AgentRegistrationPage> ListRegistrationsAsync(AgentRegistrationQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var conditions = new StoreConditions(engine.Dialect)
            .AddEqual("account_id", query.AccountId)
            .AddEqual("iss", query.Issuer)
            .AddEqual("status", query.Status)
            .Add(query.Agent);
        if (query.IsLive)
        {
            conditions.Add($"EXISTS (SELECT 1 {GoodCredentials})");
        }

        // The first page is what comes before the end of time: one text for all pages, and one that an index serves.
        var (at, id) = query.After is { } after && PageCursor.TryParse(after, out var cursor) ? (cursor.CreatedAt, cursor.Id) : (DateTimeOffset.MaxValue, "");
        conditions.Add("(created_at, id) < (@at, @after)", ("@at", at), ("@after", id));

        var sql =
            $"""
            SELECT id, type, status, account_id, created_at, expires_at, claimed_at, revoked_at, scopes,
                   (SELECT max(c.created_at) FROM credentials c WHERE c.registration_id = r.id), (SELECT count(*) {GoodCredentials}),
                   iss, sub, client_id, jti, agent_platform, agent_context_id, act, auth_time, acr, amr
            FROM {conditions.From(otherwise: "registrations_by_age")} WHERE {conditions} ORDER BY created_at DESC, id DESC LIMIT @limit
            """;
        var found = await engine.ReadAsync(
            session => session.AllAsync(sql, ReadRegistration, [("@now", now), .. conditions.Parameters, ("@limit", query.Limit + 1)]), cancellationToken);

        // One more than asked for tells whether there is another page.
        return found.Count > query.Limit
            ? new AgentRegistrationPage([.. found.Take(query.Limit)], new PageCursor(found[query.Limit - 1].CreatedAt, found[query.Limit - 1].Id).ToString())
            : new AgentRegistrationPage([.. found], null);
    }

    private static AgentRegistration ReadRegistration(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        Type = (AgentRegistrationType)row.GetInt32(1),
        Status = (AgentRegistrationStatus)row.GetInt32(2),
        AccountId = row.Text(3),
        CreatedAt = row.Instant(4),
        ExpiresAt = row.OptionalInstant(5),
        ClaimedAt = row.OptionalInstant(6),
        RevokedAt = row.OptionalInstant(7),
        Scopes = row.Scopes(8),
        LastIssuedAt = row.OptionalInstant(9),
        LiveCredentials = row.GetInt32(10),
        Agent = row.Agent(11),
        Authentication = row.Authentication(18),
    };
}
