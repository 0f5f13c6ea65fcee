using AgentAuth.Storage;

namespace AgentAuth.PostgreSql;

/// <summary>The store over PostgreSQL.</summary>
public sealed class PostgreSqlAgentAuthStoreTests : AgentAuthStoreTests
{
    private protected override async ValueTask<ITestDatabase> CreateDatabaseAsync() => new PostgreSqlDatabase(await PostgreSqlServer.GetAsync());
}

/// <summary>Races with revocations over PostgreSQL.</summary>
public sealed class PostgreSqlRevocationRaceTests : RevocationRaceTests
{
    private protected override async ValueTask<ITestDatabase> CreateDatabaseAsync() => new PostgreSqlDatabase(await PostgreSqlServer.GetAsync());
}
