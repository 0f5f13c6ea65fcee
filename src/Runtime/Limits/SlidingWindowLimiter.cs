namespace AgentAuth.Limits;

/// <summary>One of the limits that an operation is subject to.</summary>
/// <param name="Table">Where it is counted.</param>
/// <param name="Key">Who is counted there; see <see cref="LimitKeys"/>.</param>
internal readonly record struct LimitedKey(LimitTable Table, UInt128 Key);

/// <summary>
/// Counts in this process. Only permitted operations count, and they count against all their limits or none: a caller who is refused for one
/// limit does not use up another. What it does under its lock grows neither with the number of callers nor with what they do.
/// </summary>
internal sealed class SlidingWindowLimiter(TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>Takes a permit of each limit. Null: permitted. Otherwise: when to try again, and nothing was taken.</summary>
    public TimeSpan? TryAcquire(params ReadOnlySpan<LimitedKey> limits)
    {
        lock (_lock)
        {
            // Within the turn, so that the instants of a table are in order.
            var now = time.GetTimestamp();
            TimeSpan? wait = null;
            foreach (var (table, key) in limits)
            {
                if (table.WaitAt(key, time, now) is { } delay && !(delay < wait))
                {
                    wait = delay;
                }
            }

            if (wait is null)
            {
                foreach (var (table, key) in limits)
                {
                    table.Take(key, time, now);
                }
            }

            return wait;
        }
    }
}
