namespace AgentAuth.Storage.Sqlite;

/// <summary>Changes that wait become durable together, and none suffers for another.</summary>
public sealed class SqliteGroupCommitTests : IAsyncLifetime
{
    private readonly SqliteDatabase _database = new();
    private SqliteEngine _engine = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = new SqliteEngine(_database.File, TimeProvider.System);
        await _engine.OpenAsync(_ => { }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task What_waits_shares_one_commit_and_is_answered_after_it()
    {
        using var goOn = new ManualResetEventSlim();
        var first = InsertAsync("first", () => goOn.Wait(Token));
        var others = Enumerable.Range(0, 64).Select(i => InsertAsync($"{i}")).ToList();

        Assert.DoesNotContain(others.Append(first), task => task.IsCompleted);
        goOn.Set();
        await Task.WhenAll(others.Append(first));

        Assert.Equal(1, _engine.Commits);
        Assert.Equal(65, (await IdsAsync()).Count);
    }

    [Fact]
    public async Task Of_64_that_change_without_a_pause_ten_or_more_share_a_commit()
    {
        const int Each = 50;

        await Task.WhenAll(Enumerable.Range(0, 64).Select(async who =>
        {
            for (var i = 0; i < Each; i++)
            {
                await InsertAsync($"{who} {i}");
            }
        }));

        TestContext.Current.SendDiagnosticMessage("{0} commits for {1} changes", _engine.Commits, 64 * Each);
        Assert.Equal(64 * Each, (await IdsAsync()).Count);
        Assert.InRange(_engine.Commits / (double)(64 * Each), 0, 0.1);
    }

    [Fact]
    public async Task One_that_fails_takes_no_other_with_it()
    {
        var runs = 0;
        using var goOn = new ManualResetEventSlim();
        var first = InsertAsync("first", () => goOn.Wait(Token));
        var good = InsertAsync("good", () => runs++);
        var taken = InsertAsync("first");
        var thrown = InsertAsync("thrown", () => throw new InvalidTimeZoneException("Mine."));
        var last = InsertAsync("last");
        goOn.Set();

        await Assert.ThrowsAsync<AgentAuthStorageException>(() => taken);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => thrown);
        await Task.WhenAll(first, good, last);

        Assert.Equal(2, runs);
        Assert.Equal(["first", "good", "last"], await IdsAsync());
        Assert.Equal(3, _engine.Commits);
    }

    [Fact]
    public async Task One_that_was_given_up_before_its_turn_never_runs()
    {
        using var goOn = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        using var hangsUp = new CancellationTokenSource();
        var first = InsertAsync("first", () =>
        {
            begun.Set();
            goOn.Wait(Token);
        });
        begun.Wait(Token);
        var givenUp = InsertAsync("given up", cancellationToken: hangsUp.Token);
        await hangsUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        goOn.Set();
        await first;
        await InsertAsync("last");

        Assert.Equal(["first", "last"], await IdsAsync());
    }

    [Fact]
    public async Task No_thread_of_the_pool_waits_for_the_disk() =>
        Assert.False(await _engine.ChangeAsync(_ => ValueTask.FromResult(Thread.CurrentThread.IsThreadPoolThread), Token));

    [Fact]
    public async Task What_waits_when_the_engine_is_closed_is_made_and_what_comes_afterwards_is_refused()
    {
        using var goOn = new ManualResetEventSlim();
        var first = InsertAsync("first", () => goOn.Wait(Token));
        var second = InsertAsync("second");
        var closed = Task.Run(async () => await _engine.DisposeAsync(), Token);
        goOn.Set();
        await Task.WhenAll(first, second, closed);

        await Assert.ThrowsAsync<InvalidOperationException>(() => InsertAsync("late"));
        _engine = new SqliteEngine(_database.File, TimeProvider.System);
        await _engine.OpenAsync(_ => { }, Token);
        Assert.Equal(["first", "second"], await IdsAsync());
    }

    private Task<int> InsertAsync(string id, Action? before = null, CancellationToken? cancellationToken = null) => _engine.ChangeAsync(
        async session =>
        {
            before?.Invoke();
            return await session.ExecuteAsync("INSERT INTO accounts (id, confirmed, created_at) VALUES (@id, 0, 0)", ("@id", id));
        },
        cancellationToken ?? Token).AsTask();

    private async Task<List<string>> IdsAsync() => await _engine.ReadAsync(session => session.AllAsync("SELECT id FROM accounts ORDER BY id", row => row.GetString(0)), Token);
}
