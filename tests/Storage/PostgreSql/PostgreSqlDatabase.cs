using AgentAuth.Storage;
using Npgsql;

namespace AgentAuth.PostgreSql;

/// <summary>A schema of its own in the tests' server.</summary>
internal sealed class PostgreSqlDatabase(PostgreSqlServer server) : ITestDatabase
{
    public string ConnectionString { get; } = server.NewConnectionString();

    public IStoreEngine CreateEngine(TimeProvider time) => CreateEngine(time, TimeSpan.Zero);

    public PostgreSqlEngine CreateEngine(TimeProvider time, TimeSpan cacheFor) =>
        new(NpgsqlDataSource.Create(AgentAuthPostgreSqlBuilderExtensions.Complete(ConnectionString)), time) { CacheFor = cacheFor, OwnsSource = true };

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
