using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace AgentAuth.Storage.Sqlite;

/// <summary>A connection with its prepared commands. SQLite works in the process: nothing here waits for anything but the disk.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : StoreSession, IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public SqliteConnection Connection { get; } = connection;

    public SqliteTransaction? Transaction { get; set; }

    /// <summary>The texts of the statements that were run.</summary>
    public IEnumerable<string> Statements => _commands.Keys;

    public override ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        ValueTask.FromResult(Prepare(sql, parameters).ExecuteNonQuery());

    public override ValueTask<T?> FirstAsync<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where T : class
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        return ValueTask.FromResult(reader.Read() ? read(reader) : null);
    }

    public override ValueTask<List<T>> AllAsync<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return ValueTask.FromResult(rows);
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
}
