namespace AgentAuth.Mutation;

/// <summary>
/// The survivors that are right, with the reason: <c>reviewed.tsv</c>, a line each of file, line of code, what is replaced, by what, kind and reason.
/// It names code and no line numbers, so it holds until that code is changed, and not an edit longer. What is on it is not tried.
/// </summary>
internal sealed class ReviewedList
{
    private readonly Dictionary<(string File, string Line, string Original, string Replacement), (string Kind, string Reason)> _entries = [];

    public static ReviewedList Read(string path)
    {
        var list = new ReviewedList();
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.Split('\t') is not [var file, var code, var original, var replacement, var kind, { Length: > 0 } reason])
            {
                throw new InvalidDataException($"{path} needs six columns, separated by tabs: {line}");
            }

            list._entries[(file, code, original, replacement)] = (kind, reason);
        }

        return list;
    }

    /// <summary>The kind of a survivor; null when it is not on the list.</summary>
    public string? KindOf(Mutant mutant) => _entries.TryGetValue(mutant.Key, out var entry) ? entry.Kind : null;

    /// <summary>Entries on the files of a run that are no mutant's: the code has changed.</summary>
    public IEnumerable<string> Stale(IReadOnlyCollection<string> files, IEnumerable<Mutant> mutants)
    {
        var known = mutants.Select(mutant => mutant.Key).ToHashSet();
        return _entries.Keys.Where(key => files.Contains(key.File) && !known.Contains(key)).Select(key => $"{key.File}: {key.Line} [{key.Original} -> {key.Replacement}]");
    }
}
