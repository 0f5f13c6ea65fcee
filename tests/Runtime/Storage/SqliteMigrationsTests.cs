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
        await using var store = SqliteStore.Of(path, new FakeTimeProvider(s_now));
        await store.InitializeAsync(Token);
        var query = new AgentRegistrationQuery { Agent = new AgentIdentityFilter { Act = "{\"sub\":\"agent\"}" } };

        var old = Assert.Single((await store.ListRegistrationsAsync(query, s_now, Token)).Registrations);

        Assert.Equal(("reg_old", AgentRegistrationStatus.Claimed, null, null), (old.Id, old.Status, old.ClaimedAt, old.RevokedAt));
        Assert.Equal(("p", "alice", "desk", "{\"sub\":\"agent\"}"), (old.Agent!.Delegation.Issuer, old.Agent.Delegation.Subject, old.Agent.AgentPlatform, old.Agent.Act));
        Assert.Null((await store.ReadAuditAsync(null, 1, Token))[0].RevokedBy);
        Assert.Equal(
            new AgentAccessRevoked(1, 0),
            await store.RevokeAccessAsync(new AccessRevocation { Target = AgentAccessTarget.Account("acc_1"), Now = s_now, Audit = new() { Name = "registration.revoked", At = s_now } }, Token));
    }

    [Fact]
    public async Task S1_a_database_of_the_third_version_gets_the_indexes_and_goes_on()
    {
        var path = Path.Combine(_folder, "agentauth.db");
        await WriteAsync(
            path,
            version: 3,
            """
            INSERT INTO registrations (id, type, status, created_at, expires_at, account_id, requested_credential, scopes, iss, sub, client_id, jti, agent_platform)
            VALUES ('reg_claimed', 2, 1, 1, NULL, 'acc_1', 0, 'read', 'p', 'alice', 'p', 'j', 'desk');
            INSERT INTO registrations (id, type, status, created_at, expires_at, requested_credential, scopes, attempt_id, expiry_audited)
            VALUES ('reg_expired', 0, 0, 1, 2, 0, 'read', 'cla_1', 1), ('reg_revoked', 0, 2, 1, 2, 0, 'read', NULL, 0);
            INSERT INTO attempts (id, registration_id, token, email, created_at, expires_at) VALUES ('cla_1', 'reg_expired', x'00', 'u@example.com', 1, 2);
            INSERT INTO credentials (hash, id, registration_id, type, scopes, created_at) VALUES (x'01', 'cred_1', 'reg_claimed', 0, 'read', 1);
            INSERT INTO audit (name, at, outcome, registration_id) VALUES ('registration.created', 1, 'success', 'reg_claimed');
            """);
        await using (var store = SqliteStore.Of(path, new FakeTimeProvider(s_now)))
        {
            await store.InitializeAsync(Token);

            Assert.Equal("reg_claimed", Assert.Single((await store.ListRegistrationsAsync(new AgentRegistrationQuery { Issuer = "p" }, s_now, Token)).Registrations).Id);
            Assert.Single(await store.ReadAuditAsync("reg_claimed", 10, Token));
            await store.SweepAsync(s_now, 100, Token);
            Assert.Equal("reg_claimed", Assert.Single((await store.ListRegistrationsAsync(new AgentRegistrationQuery(), s_now, Token)).Registrations).Id);
        }

        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'attempts' AND name NOT LIKE 'sqlite_%')";
        Assert.Equal("attempts_by_registration", await command.ExecuteScalarAsync(Token));
        command.CommandText = "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'";
        Assert.Equal(0L, await command.ExecuteScalarAsync(Token));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task WriteFirstVersionAsync(string path) => WriteAsync(
        path,
        version: 1,
        """
        INSERT INTO registrations (id, type, status, created_at, account_id, requested_credential, scopes, iss, sub, client_id, jti, agent_platform, act)
        VALUES ('reg_old', 2, 1, 1, 'acc_1', 0, 'read', 'p', 'alice', 'p', 'j', 'desk', '{ "sub" : "agent" }');
        INSERT INTO audit (name, at, outcome) VALUES ('registration.created', 1, 'success');
        """);

    private static async Task WriteAsync(string path, int version, string rows)
    {
        var assembly = typeof(AgentAuthStore).Assembly;
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.Contains(".Migrations.V", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(version))
        {
            using var script = new StreamReader(assembly.GetManifestResourceStream(name)!);
            command.CommandText = await script.ReadToEndAsync(Token);
            await command.ExecuteNonQueryAsync(Token);
        }

        command.CommandText = $"{rows} PRAGMA user_version = {version};";
        await command.ExecuteNonQueryAsync(Token);
    }
}
