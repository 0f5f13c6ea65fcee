using System.Globalization;
using Npgsql;

namespace AgentAuth.PostgreSql;

/// <summary>
/// Brings a database's schema up to date by the numbered scripts in this assembly. Replicas that start together do it one after another. A schema that is newer
/// than this software is good as long as it says so: then old and new replicas run beside each other while a service is rolled.
/// </summary>
internal static class PostgreSqlMigrations
{
    private const string Prefix = "AgentAuth.PostgreSql.Migrations.V";

    // Any number, as long as nobody else who shares the database has it.
    private const long Lock = 0x4167_656e_7441_7574;

    /// <summary>Applies what is missing, all of it or nothing.</summary>
    /// <param name="source">The database.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AgentAuthStorageException">The schema was made by software that is too new for this one.</exception>
    public static async ValueTask ApplyAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var scripts = Scripts();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Given up with the transaction.
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);
        await MakeSchemaAsync(connection, cancellationToken);
        await ExecuteAsync(
            connection,
            """
            CREATE TABLE IF NOT EXISTS agentauth_schema (version integer NOT NULL, oldest_software integer NOT NULL);
            INSERT INTO agentauth_schema SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM agentauth_schema);
            """,
            cancellationToken);
        var (version, oldest) = await ReadAsync(connection, cancellationToken);
        if (oldest > scripts.Count)
        {
            throw new AgentAuthStorageException(
                $"The PostgreSQL database '{connection.Database}' has schema version {version}, which needs software that knows version {oldest}; this software knows versions up to {scripts.Count}. Run the newer software.");
        }

        if (version < scripts.Count)
        {
            for (; version < scripts.Count; version++)
            {
                await ExecuteAsync(connection, Read(scripts[version]), cancellationToken);
            }

            await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"UPDATE agentauth_schema SET version = {version}"), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    // The first schema of the search path that may not be there yet is ours.
    private static async ValueTask MakeSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT current_schema()", connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is string)
        {
            return;
        }

        var wanted = new NpgsqlConnectionStringBuilder(connection.ConnectionString).SearchPath?.Split(',')[0].Trim()
            ?? throw new AgentAuthStorageException("The PostgreSQL connection has no schema to keep its tables in. Say one in the connection string: Search Path=agentauth.");
        await ExecuteAsync(connection, $"CREATE SCHEMA \"{wanted.Trim('"').Replace("\"", "\"\"", StringComparison.Ordinal)}\"", cancellationToken);
    }

    private static async ValueTask<(int Version, int Oldest)> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT version, oldest_software FROM agentauth_schema", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    private static async ValueTask ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static List<string> Scripts() =>
        [.. typeof(PostgreSqlMigrations).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PostgreSqlMigrations).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
