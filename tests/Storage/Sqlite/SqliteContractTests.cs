namespace AgentAuth.Storage.Sqlite;

/// <summary>The store over SQLite.</summary>
public sealed class SqliteAgentAuthStoreTests : AgentAuthStoreTests
{
    private protected override ITestDatabase CreateDatabase() => new SqliteDatabase();
}

/// <summary>Races with revocations over SQLite.</summary>
public sealed class SqliteRevocationRaceTests : RevocationRaceTests
{
    private protected override ITestDatabase CreateDatabase() => new SqliteDatabase();
}
