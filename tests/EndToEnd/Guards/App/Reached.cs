using System.Collections.Concurrent;

namespace Guarded;

/// <summary>Counts what ran, whatever the caller was told.</summary>
internal sealed class Reached
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    public IReadOnlyDictionary<string, int> Counts => _counts;

    public string At(string place)
    {
        _counts.AddOrUpdate(place, 1, (_, count) => count + 1);
        return $"ran {place}";
    }
}
