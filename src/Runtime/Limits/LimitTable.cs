using AgentAuth.Manifest;

namespace AgentAuth.Limits;

/// <summary>
/// Who did how much of one thing, counted exactly over a sliding window, and bounded: when there is no more room, whoever did nothing for the
/// longest is forgotten. Each kind of key has a table of its own, so that a flood of one kind forgets nothing of another. Time is the monotonic
/// one: a clock that was ahead for a moment must lock nobody out. Not safe for threads: the <see cref="SlidingWindowLimiter"/> takes turns.
/// </summary>
/// <param name="limit">How much each key may do.</param>
/// <param name="capacity">How many keys are remembered.</param>
internal sealed class LimitTable(RateLimit limit, int capacity)
{
    // What all keys together may weigh: 8 bytes each.
    private const int PermitCapacity = 1_000_000;

    private readonly Dictionary<UInt128, Window> _windows = [];

    private Window? _newest;
    private Window? _oldest;
    private long _permits;

    /// <summary>How many keys are remembered at the moment.</summary>
    public int Count => _windows.Count;

    /// <summary>How long a key has to wait for its next permit; null: not at all.</summary>
    public TimeSpan? WaitAt(UInt128 key, TimeProvider time, long now)
    {
        if (limit.Permits == 0)
        {
            return limit.Window;
        }

        if (!_windows.TryGetValue(key, out var window))
        {
            return null;
        }

        Forget(window, time, now);
        return window.Count < limit.Permits ? null : limit.Window - time.GetElapsedTime(window.First, now);
    }

    /// <summary>Takes a permit. Ask for the wait first.</summary>
    public void Take(UInt128 key, TimeProvider time, long now)
    {
        if (_windows.TryGetValue(key, out var window))
        {
            Unlink(window);
        }
        else
        {
            _windows.Add(key, window = new Window(key));
        }

        window.Add(now);
        _permits++;
        LinkAsNewest(window);
        MakeRoom(time, now);
    }

    // A little at each turn, so that no turn is long: each takes one window in and may put two out.
    private void MakeRoom(TimeProvider time, long now)
    {
        for (var i = 0; i < 2 && _oldest != _newest && time.GetElapsedTime(_oldest!.Last, now) >= limit.Window; i++)
        {
            Remove(_oldest);
        }

        while (_oldest != _newest && (_windows.Count > capacity || _permits > Math.Max(PermitCapacity, limit.Permits)))
        {
            Remove(_oldest!);
        }
    }

    private void Forget(Window window, TimeProvider time, long now)
    {
        while (window.Count > 0 && time.GetElapsedTime(window.First, now) >= limit.Window)
        {
            window.RemoveFirst();
            _permits--;
        }
    }

    private void Remove(Window window)
    {
        _permits -= window.Count;
        _windows.Remove(window.Key);
        Unlink(window);
    }

    private void LinkAsNewest(Window window)
    {
        window.Older = _newest;
        _newest?.Newer = window;
        _newest = window;
        _oldest ??= window;
    }

    private void Unlink(Window window)
    {
        if (window.Older is { } older)
        {
            older.Newer = window.Newer;
        }
        else
        {
            _oldest = window.Newer;
        }

        if (window.Newer is { } newer)
        {
            newer.Older = window.Older;
        }
        else
        {
            _newest = window.Older;
        }

        (window.Older, window.Newer) = (null, null);
    }

    /// <summary>When one key took its permits, oldest first: a ring that grows with them. Part of the list of all windows, by their last permit.</summary>
    private sealed class Window(UInt128 key)
    {
        private long[] _ring = new long[2];
        private int _start;

        public UInt128 Key { get; } = key;

        public int Count { get; private set; }

        public Window? Older { get; set; }

        public Window? Newer { get; set; }

        public long First => _ring[_start];

        public long Last => Count == 0 ? long.MinValue / 2 : _ring[(_start + Count - 1) % _ring.Length];

        public void Add(long at)
        {
            if (Count == _ring.Length)
            {
                var larger = new long[Count * 2];
                for (var i = 0; i < Count; i++)
                {
                    larger[i] = _ring[(_start + i) % Count];
                }

                (_ring, _start) = (larger, 0);
            }

            _ring[(_start + Count) % _ring.Length] = at;
            Count++;
        }

        public void RemoveFirst()
        {
            _start = (_start + 1) % _ring.Length;
            Count--;
        }
    }
}
