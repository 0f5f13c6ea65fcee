using AgentAuth.Manifest;

namespace AgentAuth.Limits;

/// <summary>One of the limits that an operation is subject to.</summary>
/// <param name="Key">What is counted together, such as one remote address.</param>
/// <param name="Limit">How many in which time.</param>
internal readonly record struct LimitedKey(string Key, RateLimit Limit);

/// <summary>
/// Counts exactly, over a sliding window, in this process. Only permitted operations count, and they count against all their limits or
/// none: a caller who is refused for one limit does not use up another.
/// </summary>
internal sealed class SlidingWindowLimiter(TimeProvider time)
{
    // Keys come from remote addresses, which an attacker has plenty of.
    private const int KeyCapacity = 50_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>Takes a permit of each limit. Null: permitted. Otherwise: when to try again, and nothing was taken.</summary>
    public TimeSpan? TryAcquire(IReadOnlyList<LimitedKey> limits)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            TimeSpan? wait = null;
            foreach (var (key, limit) in limits)
            {
                var delay = limit.Permits == 0 ? limit.Window
                    : _windows.TryGetValue(key, out var window) ? window.WaitAt(now, limit)
                    : null;
                if (delay is not null && !(delay < wait))
                {
                    wait = delay;
                }
            }

            if (wait is null)
            {
                foreach (var (key, limit) in limits)
                {
                    WindowOf(key, now).Permits.Enqueue((now, limit.Window));
                }
            }

            return wait;
        }
    }

    private Window WindowOf(string key, DateTimeOffset now)
    {
        if (!_windows.TryGetValue(key, out var window))
        {
            if (_windows.Count >= KeyCapacity)
            {
                MakeRoom(now);
            }

            _windows.Add(key, window = new Window());
        }

        return window;
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (key, window) in _windows)
        {
            window.Forget(now);
            if (window.Permits.Count == 0)
            {
                _windows.Remove(key);
            }
        }

        // All of them live: memory is bounded first. The next permits are counted afresh.
        if (_windows.Count >= KeyCapacity)
        {
            _windows.Clear();
        }
    }

    private sealed class Window
    {
        public Queue<(DateTimeOffset At, TimeSpan For)> Permits { get; } = new();

        public TimeSpan? WaitAt(DateTimeOffset now, RateLimit limit)
        {
            Forget(now);
            return Permits.Count < limit.Permits ? null : Permits.Peek().At + limit.Window - now;
        }

        public void Forget(DateTimeOffset now)
        {
            while (Permits.TryPeek(out var oldest) && oldest.At + oldest.For <= now)
            {
                Permits.Dequeue();
            }
        }
    }
}
