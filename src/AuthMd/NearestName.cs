namespace AgentAuth.AuthMd;

/// <summary>"Did you mean": finds the name that a mistyped one was meant to be.</summary>
public static class NearestName
{
    private const int LongestName = 100;

    /// <summary>The nearest candidate; null when none is near enough to be a guess worth making.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">What could have been meant.</param>
    /// <param name="charactersPerEdit">One edit is forgiven for so many characters: fewer guess bolder.</param>
    /// <param name="mostEdits">More edits are not forgiven, however long the name.</param>
    public static string? Find(string name, IEnumerable<string> candidates, int charactersPerEdit = 3, int mostEdits = int.MaxValue - 1)
    {
        // Nobody mistypes a name this long, and the comparison costs the product of both lengths.
        if (name.Length is 0 or > LongestName)
        {
            return null;
        }

        string? nearest = null;
        var best = 1 + Math.Min(mostEdits, name.Length / charactersPerEdit);
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) < best && Distance(name, candidate, best) is var distance && distance < best)
            {
                (nearest, best) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>Edits (insert, delete, replace, swap neighbours) between two names, capitals not counted; gives up at the limit.</summary>
    private static int Distance(string a, string b, int limit)
    {
        var (older, previous, current) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    current[j] = Math.Min(current[j], older[j - 2] + 1);
                }

                least = Math.Min(least, current[j]);
            }

            if (least >= limit)
            {
                return limit;
            }

            (older, previous, current) = (previous, current, older);
        }

        return previous[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
