using AgentAuth.Manifest;
using AgentAuth.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Storage;

/// <summary>One database, one service: whatever becomes of the files beside it, and whoever writes all the same.</summary>
public sealed class DatabaseLockTests : IAsyncDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-lock-").FullName;
    private readonly FakeTimeProvider _time = new(s_now);
    private readonly AgentAuthStore _store;

    public DatabaseLockTests() => _store = SqliteStore.Of(Path_, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path_ => Path.Combine(_folder, "agentauth.db");

    [Finding("G17", "the lock file is removed while a service runs, and a second one is started on its database", "the second is refused: it is the database that is locked, and no file beside it")]
    [Fact]
    public async Task G17_a_second_service_is_refused_when_the_lock_file_was_removed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets nobody remove it.");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The database itself is locked on Linux.");
        await _store.InitializeAsync(Token);
        foreach (var file in Directory.GetFiles(_folder, "*lock*"))
        {
            File.Delete(file);
        }

        await IsRefusedAsync(Path_);

        // And the first goes on, and is the only one still.
        await _store.RegisterAsync(Anonymous("reg_1"), Token);
        await IsRefusedAsync(Path_);
    }

    [Finding("G17", "a second service on the same database by a symbolic link, a hard link or another spelling of its path", "refused")]
    [Theory]
    [InlineData("symbolic")]
    [InlineData("hard")]
    [InlineData("spelling")]
    public async Task G17_a_database_is_locked_under_every_name(string kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The database itself is locked on Linux.");
        await _store.InitializeAsync(Token);
        var other = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName, "other.db");
        switch (kind)
        {
            case "symbolic":
                File.CreateSymbolicLink(other, Path_);
                break;
            case "hard":
                using (var link = System.Diagnostics.Process.Start("ln", [Path_, other]))
                {
                    await link.WaitForExitAsync(Token);
                }

                break;
            default:
                other = Path.Combine(_folder, "elsewhere", "..", "agentauth.db");
                break;
        }

        Assert.True(File.Exists(other));
        await IsRefusedAsync(other);
    }

    [Fact]
    public async Task G17_a_database_that_took_the_place_of_the_awaited_one_is_locked_itself()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The database itself is locked on Linux.");
        await _store.InitializeAsync(Token);
        await using var second = SqliteStore.Of(Path_, TimeProvider.System);
        var waiting = second.InitializeAsync(Token).AsTask();

        File.Move(Path_, Path_ + ".old");
        await File.WriteAllTextAsync(Path_, "", Token);
        await _store.DisposeAsync();
        await waiting;

        await IsRefusedAsync(Path_);
    }

    [Finding("G17", "another program revokes in the database of a running service, which has the credential in memory", "401 a fiftieth of a second later at the latest; at once after a change of the service's own")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G17_what_another_program_changes_is_not_answered_from_memory(bool changesItself)
    {
        await _store.InitializeAsync(Token);
        var registration = Anonymous("reg_1");
        await _store.RegisterAsync(registration, Token);
        var hash = registration.Credential!.Hash;
        Assert.Equal(CredentialState.Live, (await _store.FindCredentialAsync(hash, Token))!.StateAt(s_now));

        await ChangeAsync("UPDATE credentials SET revoked = 1");
        if (changesItself)
        {
            await _store.WriteAuditAsync(new AgentAuditEvent { Name = "test", At = s_now }, Token);
        }
        else
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(CredentialState.Revoked, (await _store.FindCredentialAsync(hash, Token))!.StateAt(s_now));
        await ChangeAsync("DELETE FROM credentials");
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Null(await _store.FindCredentialAsync(hash, Token));
    }

    // The memory is worth something only if the service's own changes leave it alone.
    [Fact]
    public async Task What_the_service_changes_itself_is_no_change_by_others()
    {
        var told = 0;
        await using var database = new SqliteEngine(Path_, _time) { Patience = TimeSpan.Zero };
        await database.OpenAsync(_ => told++, Token);
        for (var i = 0; i < 200; i++)
        {
            var id = $"acc_{i}";
            await database.ChangeAsync(session => session.ExecuteAsync("INSERT INTO accounts (id, confirmed, created_at) VALUES (@id, 0, 0)", ("@id", id)), Token);
            await database.ReadAsync(session => session.AllAsync("SELECT id FROM accounts", row => row.GetString(0)), Token);
            _time.Advance(TimeSpan.FromMilliseconds(20));
            database.LookForOthers();
        }

        Assert.Equal(0, told);
        await ChangeAsync("DELETE FROM accounts");
        database.LookForOthers();
        Assert.Equal(0, told);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        database.LookForOthers();
        Assert.Equal(1, told);
    }

    [Fact]
    public async Task A_database_that_is_damaged_is_called_so()
    {
        await File.WriteAllTextAsync(Path_, new string('x', 10_000), Token);

        var refusal = await Assert.ThrowsAsync<AgentAuthStorageException>(async () => await _store.InitializeAsync(Token));

        Assert.Contains("is damaged, or is no SQLite database", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_without_a_database_is_a_loss_and_no_beginning()
    {
        await File.WriteAllTextAsync(Path_ + ".key", "x", Token);

        for (var i = 0; i < 2; i++)
        {
            await using var refused = SqliteStore.Of(Path_, _time);
            var refusal = await Assert.ThrowsAsync<AgentAuthStorageException>(async () => await refused.InitializeAsync(Token));
            Assert.Contains("says that there was one", refusal.Message, StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path_, "", Token);
        }

        // Unless an operator says so.
        await File.WriteAllTextAsync(Path_, "new\n", Token);
        await using var store = SqliteStore.Of(Path_, _time);
        await store.InitializeAsync(Token);
        await store.RegisterAsync(Anonymous("reg_1"), Token);
    }

    [Fact]
    public async Task Where_there_is_neither_database_nor_key_nothing_was_lost()
    {
        await File.WriteAllTextAsync(Path_ + ".key", "", Token);

        await _store.InitializeAsync(Token);
    }

    [Fact]
    public async Task A_link_that_leads_nowhere_is_no_place_for_a_new_database()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        File.CreateSymbolicLink(Path_, Path.Combine(_folder, "not mounted.db"));

        var refusal = await Assert.ThrowsAsync<AgentAuthStorageException>(async () => await _store.InitializeAsync(Token));

        Assert.Contains("no file is there", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([Path_], Directory.GetFileSystemEntries(_folder));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _store.DisposeAsync();
        }
        catch (ObjectDisposedException)
        {
            // Disposed by the test.
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static NewRegistration Anonymous(string id) => new()
    {
        Id = id,
        Type = AgentRegistrationType.Anonymous,
        CreatedAt = s_now,
        ExpiresAt = s_now.AddHours(24),
        ClaimToken = SecretHash.Of("clm " + id),
        RequestedCredential = CredentialType.ApiKey,
        GrantedScopes = ["read"],
        Credential = new NewCredential("cred_" + id, SecretHash.Of("key " + id), CredentialType.ApiKey, ["read"], null),
        ReceivedAt = s_now,
        Audit = [],
    };

    private static async Task IsRefusedAsync(string path)
    {
        var store = SqliteStore.Of(path, new ImpatientClock());
        var refusal = await Assert.ThrowsAsync<AgentAuthStorageException>(async () => await store.InitializeAsync(Token));
        Assert.Contains("A SQLite database serves one process", refusal.Message, StringComparison.Ordinal);
    }

    private async Task ChangeAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path_};Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Token);
    }

    /// <summary>A clock on which the wait for a lock is over at once.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        private int _calls;

        public override DateTimeOffset GetUtcNow() => s_now.AddMinutes(_calls++);
    }
}
