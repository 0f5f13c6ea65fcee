using System.Collections.Concurrent;

namespace Mcp.App;

/// <summary>What has run: whatever a client was answered, this says whether it was before or after.</summary>
public sealed class Runs
{
    private readonly ConcurrentQueue<string> _names = new();

    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names => [.. _names];

    /// <summary>Says that it runs.</summary>
    public string Add(string name)
    {
        _names.Enqueue(name);
        return "ran " + name;
    }
}
