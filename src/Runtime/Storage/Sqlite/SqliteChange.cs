namespace AgentAuth.Storage.Sqlite;

/// <summary>A change that waits for its turn, and for whoever asked for it to be told.</summary>
internal abstract class SqliteChange
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Cancelled = 2;

    private int _state;

    /// <summary>Takes it out of the hands of whoever asked for it; false when they have given it up before.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Runs it in the session's transaction. It may run again, when that is rolled back.</summary>
    public abstract void Run(StoreSession session);

    /// <summary>Answers what the last run had as its result: it is durable.</summary>
    public abstract void Complete();

    /// <summary>Answers that nothing of it was kept.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Gives it up, unless it has been taken; true when nothing of it will happen.</summary>
    protected bool TryCancel() => Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting;
}

/// <summary>A change with a result.</summary>
internal sealed class SqliteChange<T>(Func<StoreSession, ValueTask<T>> change) : SqliteChange
{
    // Whoever waits goes on elsewhere: the thread that writes has other changes to make.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private T _result = default!;

    /// <summary>The result, once it is durable.</summary>
    /// <param name="cancellationToken">Gives the change up, as long as it has not been begun.</param>
    public async ValueTask<T> AnswerAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static (self, token) =>
            {
                if (self is SqliteChange<T> change && change.TryCancel())
                {
                    change._answer.TrySetCanceled(token);
                }
            },
            this);
        return await _answer.Task;
    }

    // A statement of SQLite's is over when it returns, so there is nothing to wait for.
    public override void Run(StoreSession session) => _result = change(session).AsTask().GetAwaiter().GetResult();

    public override void Complete() => _answer.TrySetResult(_result);

    public override void Fail(Exception exception) => _answer.TrySetException(exception);
}
