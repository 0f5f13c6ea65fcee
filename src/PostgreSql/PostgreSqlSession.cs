using System.Data.Common;
using AgentAuth.Storage;
using Npgsql;

namespace AgentAuth.PostgreSql;

/// <summary>A connection, in a transaction or without. Npgsql prepares what is run often, when the data source says so.</summary>
internal sealed class PostgreSqlSession(NpgsqlConnection connection, NpgsqlTransaction? transaction = null) : StoreSession
{
    public override ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        RunAsync(Command(sql, parameters), static async command => await command.ExecuteNonQueryAsync());

    public override ValueTask<T?> FirstAsync<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where T : class => RunAsync(Command(sql, parameters), async command =>
        {
            await using var reader = await command.ExecuteReaderAsync();
            return await reader.ReadAsync() ? read(reader) : null;
        });

    public override ValueTask<List<T>> AllAsync<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        RunAsync(Command(sql, parameters), async command =>
        {
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<T>();
            while (await reader.ReadAsync())
            {
                rows.Add(read(reader));
            }

            return rows;
        });

    private static async ValueTask<T> RunAsync<T>(NpgsqlCommand command, Func<NpgsqlCommand, ValueTask<T>> run)
    {
        await using (command)
        {
            return await run(command);
        }
    }

    private NpgsqlCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { ParameterName = name[1..], Value = ToColumn(value) });
        }

        return command;
    }
}
