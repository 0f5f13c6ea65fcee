namespace McpServer.Notes;

/// <summary>The notes, as long as the process lives.</summary>
internal sealed class Notebook
{
    private readonly Lock _lock = new();
    private readonly List<string> _notes = ["Buy milk."];

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _notes];
            }
        }
    }

    public void Add(string text)
    {
        lock (_lock)
        {
            _notes.Add(text);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _notes.Clear();
        }
    }
}
