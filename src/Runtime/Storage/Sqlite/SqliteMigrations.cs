using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AgentAuth.Storage.Sqlite;

/// <summary>Brings a database's schema up to date by the numbered scripts in this assembly.</summary>
internal static class SqliteMigrations
{
    private const string Prefix = "AgentAuth.Storage.Sqlite.Migrations.V";

    /// <summary>Applies what is missing, all of it or nothing.</summary>
    /// <exception cref="AgentAuthStorageException">The database was written by newer software.</exception>
    public static void Apply(SqliteConnection connection)
    {
        var scripts = Scripts();
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        var version = VersionOf(connection, transaction);
        if (version > scripts.Count)
        {
            throw new AgentAuthStorageException(
                $"The database '{connection.DataSource}' has schema version {version}; this software knows versions up to {scripts.Count}. Run the newer software, or restore a backup from before it.");
        }

        for (; version < scripts.Count; version++)
        {
            command.CommandText = Read(scripts[version]);
            command.ExecuteNonQuery();
        }

        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version}");
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    /// <summary>The number of the last script that was applied; 0: the database is new.</summary>
    public static int VersionOf(SqliteConnection connection, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static List<string> Scripts() =>
        [.. typeof(SqliteMigrations).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(SqliteMigrations).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
