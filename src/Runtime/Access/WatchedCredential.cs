using AgentAuth.Storage;

namespace AgentAuth.Access;

/// <summary>
/// A credential that somebody watches: cancelled when it ends. A request, a connection, a background task of the app may hold the token, and nobody
/// says when it no longer does. So the watch itself holds this weakly, a token holds it because it is its source, and with the last of them it goes.
/// </summary>
internal sealed class WatchedCredential : CancellationTokenSource
{
    // A timer cannot wait for months.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly CredentialWatch _watch;
    private readonly ITimer _timer;

    public WatchedCredential(CredentialWatch watch, SecretHash hash, TimeProvider time)
    {
        _watch = watch;
        Hash = hash;
        Reference = new WeakReference<WatchedCredential>(this);

        // The timer holds the reference, not this, and nothing of the request either.
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(LookAt, Reference, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    ~WatchedCredential() => Dispose(disposing: false);

    public SecretHash Hash { get; }

    /// <summary>How the watch and the timer hold it.</summary>
    public WeakReference<WatchedCredential> Reference { get; }

    /// <summary>Has it looked at again when it expires; null: it does not.</summary>
    public void LookAgain(TimeSpan? untilExpiry)
    {
        if (untilExpiry is { } wait)
        {
            _timer.Change(wait < s_longestWait ? wait : s_longestWait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Cancels the token. It is cancelled when this returns, and the task ends when everybody was told.</summary>
    public Task EndAsync()
    {
        _timer.Dispose();
        return CancelAsync();
    }

    protected override void Dispose(bool disposing)
    {
        _watch.Forget(this);

        // There is none yet where the constructor threw: the finalizer comes all the same.
        _timer?.Dispose();
        base.Dispose(disposing);
    }

    private static void LookAt(object? state)
    {
        if (((WeakReference<WatchedCredential>)state!).TryGetTarget(out var watched))
        {
            _ = watched._watch.LookAtAsync(watched);
        }
    }
}
