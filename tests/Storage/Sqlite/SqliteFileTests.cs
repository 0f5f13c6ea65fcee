using AgentAuth.Credentials;
using AgentAuth.Manifest;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Storage.Sqlite;

/// <summary>What is so of a SQLite file only: who may open it, and what stands in it.</summary>
public sealed class SqliteFileTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(s_now);
    private readonly SqliteDatabase _database = new();
    private AgentAuthStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_process_is_refused_with_a_sentence_and_let_in_when_the_first_has_left()
    {
        await _store.InitializeAsync(Token);
        await using var second = Open(_database.File, TimeProvider.System);
        var impatient = Open(_database.File, new JumpingClock());

        var refusal = await Assert.ThrowsAsync<AgentAuthStorageException>(async () => await impatient.InitializeAsync(Token));
        Assert.Contains("A SQLite database serves one process", refusal.Message, StringComparison.Ordinal);

        var waiting = second.InitializeAsync(Token).AsTask();
        await _store.DisposeAsync();
        await waiting;
    }

    [Fact]
    public async Task A_database_of_newer_software_is_refused()
    {
        await using (var connection = new SqliteConnection($"Data Source={_database.File};Pooling=False"))
        {
            await connection.OpenAsync(Token);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 999";
            await command.ExecuteNonQueryAsync(Token);
        }

        var refusal = await Assert.ThrowsAsync<AgentAuthStorageException>(async () => await _store.InitializeAsync(Token));
        Assert.Contains("has schema version 999", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_a_storage_error()
    {
        await File.WriteAllTextAsync(Path.Combine(_database.Folder, "file"), "", Token);
        await using var store = Open(Path.Combine(_database.Folder, "file", "agentauth.db"), _time);

        await Assert.ThrowsAsync<AgentAuthStorageException>(async () => await store.InitializeAsync(Token));
    }

    [Fact]
    public async Task Only_hashes_are_on_disk()
    {
        await _store.InitializeAsync(Token);
        var secret = CredentialFormat.Create(CredentialType.ApiKey);
        var registration = new NewRegistration
        {
            Id = "reg_1",
            Type = AgentRegistrationType.Anonymous,
            CreatedAt = s_now,
            ExpiresAt = s_now.AddHours(24),
            RequestedCredential = CredentialType.ApiKey,
            GrantedScopes = ["read"],
            Credential = new NewCredential("cred_1", SecretHash.Of(secret), CredentialType.ApiKey, ["read"], null),
            ReceivedAt = s_now,
            Audit = [],
        };
        await _store.RegisterAsync(registration, Token);
        await _store.DisposeAsync();

        var bytes = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_database.File, Token));
        Assert.Contains("reg_1", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, bytes, StringComparison.Ordinal);
    }
    public ValueTask InitializeAsync()
    {
        _store = Open(_database.File, _time);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static AgentAuthStore Open(string path, TimeProvider time) => new(new SqliteEngine(path, time), time);

    /// <summary>A clock on which the wait for a lock is over at once.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private int _calls;

        public override DateTimeOffset GetUtcNow() => s_now.AddMinutes(_calls++);
    }
}
