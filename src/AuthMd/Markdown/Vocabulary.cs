using System.Collections;

namespace AgentAuth.AuthMd.Markdown;

/// <summary>Names that authors may write, and what each stands for. Case, plural, numbering and punctuation do not matter.</summary>
internal sealed class Vocabulary<T> : IEnumerable<string>
{
    private readonly Dictionary<string, T> _meanings = new(StringComparer.Ordinal);
    private readonly List<string> _spellings = [];

    /// <summary>Adds a meaning; the first name is the one suggested to authors.</summary>
    public void Add(T meaning, params string[] names)
    {
        foreach (var name in names)
        {
            _meanings[Words.Normalize(name)] = meaning;
            _spellings.Add(name);
        }
    }

    public bool TryGet(Fragment text, out T meaning) => TryGet(Inlines.Plain(text), out meaning);

    public bool TryGet(string text, out T meaning) => _meanings.TryGetValue(Words.Normalize(text), out meaning!);

    /// <summary>The name the author probably meant; null when none is near.</summary>
    public string? Nearest(string text, int charactersPerEdit = 3, int mostEdits = 3)
    {
        var normal = Words.Normalize(text);
        return NearestName.Find(normal, _meanings.Keys, charactersPerEdit, mostEdits) is { } near ? _spellings.First(s => Words.Normalize(s) == near) : null;
    }

    public IEnumerator<string> GetEnumerator() => _spellings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
