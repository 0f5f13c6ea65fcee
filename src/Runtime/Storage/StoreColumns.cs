using System.Collections.Immutable;
using System.Data.Common;

namespace AgentAuth.Storage;

/// <summary>Reads columns as what they stand for.</summary>
internal static class StoreColumns
{
    public static string? Text(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static bool Flag(this DbDataReader row, int column) => row.GetInt32(column) != 0;

    public static DateTimeOffset Instant(this DbDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? OptionalInstant(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Instant(column);

    public static SecretHash Hash(this DbDataReader row, int column) => new(row.GetFieldValue<byte[]>(column));

    public static ImmutableArray<string> Scopes(this DbDataReader row, int column) =>
        [.. row.GetString(column).Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Three columns: auth_time, acr, amr. The last is null where no ID-JAG said anything, or where it came before it was kept.</summary>
    public static AgentUserAuthentication? Authentication(this DbDataReader row, int first) => row.IsDBNull(first + 2)
        ? null
        : new AgentUserAuthentication { At = row.OptionalInstant(first), Context = row.Text(first + 1), Methods = row.Scopes(first + 2) };

    /// <summary>Seven columns: iss, sub, client_id, jti, agent_platform, agent_context_id, act.</summary>
    public static AgentIdentity? Agent(this DbDataReader row, int first) => row.IsDBNull(first)
        ? null
        : new AgentIdentity
        {
            Delegation = new AgentDelegationKey(row.GetString(first), row.GetString(first + 1)),
            ClientId = row.GetString(first + 2),
            JwtId = row.GetString(first + 3),
            AgentPlatform = row.Text(first + 4),
            AgentContextId = row.Text(first + 5),
            Act = row.Text(first + 6),
        };
}
