using AgentAuth.Manifest;
using AgentAuth.Storage;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace AgentAuth.PostgreSql;

/// <summary>Two replicas of a service on one database.</summary>
public sealed class PostgreSqlReplicasTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(s_now);
    private PostgreSqlDatabase _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = new PostgreSqlDatabase(await PostgreSqlServer.GetAsync());

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task What_one_revokes_the_other_refuses_and_whoever_watches_it_is_told(int cacheSeconds)
    {
        var changes = new CredentialChanges();
        var told = new TaskCompletionSource<IReadOnlyCollection<SecretHash>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var one = new AgentAuthStore(_database.CreateEngine(_time), _time);
        await using var other = new AgentAuthStore(_database.CreateEngine(_time, TimeSpan.FromSeconds(cacheSeconds)), _time) { Changes = changes };
        await Task.WhenAll(one.InitializeAsync(Token).AsTask(), other.InitializeAsync(Token).AsTask());
        var hash = SecretHash.Of($"key {cacheSeconds}");

        // The schemas of other tests are in the same database, and so on the same channel.
        changes.Changed += hashes => _ = hashes.Contains(hash) && told.TrySetResult(hashes);
        await one.RegisterAsync(Registration(hash), Token);
        Assert.Equal(CredentialState.Live, (await other.FindCredentialAsync(hash, Token))!.StateAt(s_now));

        await RevokeAsync(one);
        Assert.Equal([hash], await told.Task.WaitAsync(TimeSpan.FromSeconds(30), Token));

        Assert.Equal(CredentialState.Revoked, (await other.FindCredentialAsync(hash, Token))!.StateAt(s_now));
    }

    [Fact]
    public async Task Without_a_cache_a_look_up_reads_and_with_one_not_longer_than_it_says()
    {
        await using var none = new AgentAuthStore(_database.CreateEngine(_time), _time);
        await using var cached = new AgentAuthStore(_database.CreateEngine(_time, TimeSpan.FromSeconds(5)), _time);
        await none.InitializeAsync(Token);
        await cached.InitializeAsync(Token);
        var hash = SecretHash.Of("key");
        await none.RegisterAsync(Registration(hash), Token);
        await none.FindCredentialAsync(hash, Token);
        await cached.FindCredentialAsync(hash, Token);

        // Somebody who tells nobody.
        await ExecuteAsync("UPDATE credentials SET revoked = 1");

        Assert.True((await none.FindCredentialAsync(hash, Token))!.IsRevoked);
        Assert.False((await cached.FindCredentialAsync(hash, Token))!.IsRevoked);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True((await cached.FindCredentialAsync(hash, Token))!.IsRevoked);
    }

    [Fact]
    public async Task A_replica_that_cannot_hear_answers_nothing_from_memory()
    {
        var changes = new CredentialChanges();
        var deaf = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changes.AnyChanged += () => deaf.TrySetResult();
        await using var store = new AgentAuthStore(_database.CreateEngine(_time, TimeSpan.FromSeconds(60)), _time) { Changes = changes };
        await store.InitializeAsync(Token);
        var hash = SecretHash.Of("key");
        await store.RegisterAsync(Registration(hash), Token);
        await store.FindCredentialAsync(hash, Token);

        // The clock stands still, so it does not try again.
        await ExecuteAsync(
            "UPDATE credentials SET revoked = 1; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND application_name = current_setting('application_name')");
        await deaf.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.True((await store.FindCredentialAsync(hash, Token))!.IsRevoked);
    }

    [Fact]
    public async Task Replicas_that_start_together_make_one_schema()
    {
        var stores = Enumerable.Range(0, 8).Select(_ => new AgentAuthStore(_database.CreateEngine(_time), _time)).ToList();

        await Task.WhenAll(stores.Select(store => store.InitializeAsync(Token).AsTask()));

        Assert.All(await Task.WhenAll(stores.Select(store => store.ReadAuditAsync(null, 1, Token).AsTask())), Assert.Empty);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_newer_schema_is_good_as_long_as_it_says_so()
    {
        await using (var store = new AgentAuthStore(_database.CreateEngine(_time), _time))
        {
            await store.InitializeAsync(Token);
        }

        await ExecuteAsync("UPDATE agentauth_schema SET version = 999");
        await using (var store = new AgentAuthStore(_database.CreateEngine(_time), _time))
        {
            await store.InitializeAsync(Token);
        }

        await ExecuteAsync("UPDATE agentauth_schema SET oldest_software = 999");
        await using var refused = new AgentAuthStore(_database.CreateEngine(_time), _time);
        var why = await Assert.ThrowsAsync<AgentAuthStorageException>(async () => await refused.InitializeAsync(Token));
        Assert.Contains("has schema version 999", why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_storage_error()
    {
        await using var engine = new PostgreSqlEngine(NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=5"), _time) { OwnsSource = true };
        await using var store = new AgentAuthStore(engine, _time);

        var why = await Assert.ThrowsAsync<AgentAuthStorageException>(async () => await store.InitializeAsync(Token));
        Assert.Contains("PostgreSQL cannot be reached", why.Message, StringComparison.Ordinal);
    }

    private static async Task RevokeAsync(AgentAuthStore store) => await store.RevokeAccessAsync(
        new AccessRevocation
        {
            Target = AgentAccessTarget.Registration("reg_1"),
            Now = s_now,
            Audit = new AgentAuditEvent { Name = AgentAuditEvents.RegistrationRevoked, At = s_now },
        },
        Token);

    private static NewRegistration Registration(SecretHash hash) => new()
    {
        Id = "reg_1",
        Type = AgentRegistrationType.Anonymous,
        CreatedAt = s_now,
        ExpiresAt = s_now.AddHours(24),
        RequestedCredential = CredentialType.ApiKey,
        GrantedScopes = ["read"],
        Credential = new NewCredential("cred_1", hash, CredentialType.ApiKey, ["read"], null),
        ReceivedAt = s_now,
        Audit = [],
    };

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
