namespace AgentAuth.Storage.Sqlite;

/// <summary>The store over SQLite.</summary>
public sealed class SqliteAgentAuthStoreTests : AgentAuthStoreTests
{
    private protected override ValueTask<ITestDatabase> CreateDatabaseAsync() => new(new SqliteDatabase());
}

/// <summary>Races with revocations over SQLite.</summary>
public sealed class SqliteRevocationRaceTests : RevocationRaceTests
{
    private protected override ValueTask<ITestDatabase> CreateDatabaseAsync() => new(new SqliteDatabase());
}
