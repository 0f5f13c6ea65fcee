using System.Collections.Immutable;
using AgentAuth.Audit;
using Microsoft.Data.Sqlite;

namespace AgentAuth.Storage.Sqlite;

/// <summary>A connection with its prepared commands. Used by one thread at a time.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public SqliteConnection Connection { get; } = connection;

    public SqliteTransaction? Transaction { get; set; }

    /// <summary>The texts of the statements that were run.</summary>
    public IEnumerable<string> Statements => _commands.Keys;

    /// <summary>The audit rows of the change that is being made.</summary>
    public List<AuditEvent> Audited { get; set; } = [];

    /// <summary>Runs a statement; the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    /// <summary>Reads the first row; null when there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where T : class
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    /// <summary>Reads all rows.</summary>
    public List<T> All<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        Connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = Connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in parameters)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            _commands.Add(sql, command);
        }

        command.Transaction = Transaction;
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = ToColumn(parameters[i].Value);
        }

        return command;
    }

    private static object ToColumn(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset at => at.ToUnixTimeMilliseconds(),
        SecretHash hash => hash.ToArray(),
        ImmutableArray<string> scopes => string.Join(' ', scopes),
        bool flag => flag ? 1L : 0L,
        Enum name => Convert.ToInt64(name, System.Globalization.CultureInfo.InvariantCulture),
        _ => value,
    };
}

/// <summary>Reads columns as what they stand for.</summary>
internal static class SqliteColumns
{
    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset Instant(this SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? OptionalInstant(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Instant(column);

    public static SecretHash Hash(this SqliteDataReader row, int column) => new(row.GetFieldValue<byte[]>(column));

    public static ImmutableArray<string> Scopes(this SqliteDataReader row, int column) =>
        [.. row.GetString(column).Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Three columns: auth_time, acr, amr. The last is null where no ID-JAG said anything, or where it came before it was kept.</summary>
    public static AgentUserAuthentication? Authentication(this SqliteDataReader row, int first) => row.IsDBNull(first + 2)
        ? null
        : new AgentUserAuthentication { At = row.OptionalInstant(first), Context = row.Text(first + 1), Methods = row.Scopes(first + 2) };

    /// <summary>Seven columns: iss, sub, client_id, jti, agent_platform, agent_context_id, act.</summary>
    public static AgentIdentity? Agent(this SqliteDataReader row, int first) => row.IsDBNull(first)
        ? null
        : new AgentIdentity
        {
            Delegation = new DelegationKey(row.GetString(first), row.GetString(first + 1)),
            ClientId = row.GetString(first + 2),
            JwtId = row.GetString(first + 3),
            AgentPlatform = row.Text(first + 4),
            AgentContextId = row.Text(first + 5),
            Act = row.Text(first + 6),
        };
}
