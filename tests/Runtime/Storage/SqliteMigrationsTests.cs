using AgentAuth.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Storage;

/// <summary>A database of earlier software goes on.</summary>
public sealed class SqliteMigrationsTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-migrations-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registrations_of_the_first_version_are_listed_found_by_their_actor_and_revoked()
    {
        var path = Path.Combine(_folder, "agentauth.db");
        await WriteFirstVersionAsync(path);
        await using var store = new SqliteAgentAuthStore(path, new FakeTimeProvider(s_now));
        await store.InitializeAsync(Token);
        var query = new AgentRegistrationQuery { Agent = new AgentFilter { Act = "{\"sub\":\"agent\"}" } };

        var old = Assert.Single((await store.ListRegistrationsAsync(query, s_now, Token)).Registrations);

        Assert.Equal(("reg_old", RegistrationStatus.Claimed, null, null), (old.Id, old.Status, old.ClaimedAt, old.RevokedAt));
        Assert.Equal(("p", "alice", "desk", "{\"sub\":\"agent\"}"), (old.Agent!.Delegation.Issuer, old.Agent.Delegation.Subject, old.Agent.AgentPlatform, old.Agent.Act));
        Assert.Null((await store.ReadAuditAsync(null, 1, Token))[0].RevokedBy);
        Assert.Equal(
            new AccessRevoked(1, 0),
            await store.RevokeAccessAsync(new AccessRevocation { Scope = AgentAccessScope.Account("acc_1"), Now = s_now, Audit = new() { Name = "registration.revoked", At = s_now } }, Token));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task WriteFirstVersionAsync(string path)
    {
        using var script = new StreamReader(typeof(SqliteAgentAuthStore).Assembly.GetManifestResourceStream("AgentAuth.Storage.Sqlite.Migrations.V001_initial.sql")!);
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = await script.ReadToEndAsync(Token) +
            """
            INSERT INTO registrations (id, type, status, created_at, account_id, requested_credential, scopes, iss, sub, client_id, jti, agent_platform, act)
            VALUES ('reg_old', 2, 1, 1, 'acc_1', 0, 'read', 'p', 'alice', 'p', 'j', 'desk', '{ "sub" : "agent" }');
            INSERT INTO audit (name, at, outcome) VALUES ('registration.created', 1, 'success');
            PRAGMA user_version = 1;
            """;
        await command.ExecuteNonQueryAsync(Token);
    }
}
