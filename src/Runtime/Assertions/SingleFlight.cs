using System.Collections.Concurrent;

namespace AgentAuth.Assertions;

/// <summary>Lets one caller do a piece of work while all others who want the same wait for it.</summary>
/// <typeparam name="T">What the work brings.</typeparam>
internal sealed class SingleFlight<T>
{
    private readonly ConcurrentDictionary<string, Lazy<Task<T>>> _flights = new(StringComparer.Ordinal);

    /// <summary>
    /// Waits for the work under way for a key, or starts it. A caller can come just after the work ended, so <paramref name="work"/> must
    /// look again whether it is still needed.
    /// </summary>
    /// <param name="key">What is wanted.</param>
    /// <param name="work">Brings it. No caller can cancel it: the others may still wait.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<T> RunAsync(string key, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var flight = _flights.GetOrAdd(key, name => new Lazy<Task<T>>(() => FlyAsync(name, work)));
        return flight.Value.WaitAsync(cancellationToken);
    }

    private async Task<T> FlyAsync(string key, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _flights.TryRemove(key, out _);
        }
    }
}
