namespace AgentAuth.AuthMd;

/// <summary>What the words of a scope allow. "Did you mean" must never offer a scope that allows something else: no read for a write, no write for a read.</summary>
public static class ScopeVerbs
{
    // One edit is forgiven for so many characters of a word that is no known verb.
    private const int CharactersPerEdit = 3;

    // Bold, for what is left of the candidates: after a rename one reading verb may stand for another.
    private const int CharactersPerEditOfName = 2;

    private static readonly char[] s_separators = ['.', ':', '-', '_', '/', '+', '~', ' '];

    // Words in one line allow the same; words of different lines do not.
    private static readonly string[][] s_verbs =
    [
        ["read", "reads", "view", "list", "get", "show", "see", "find", "search", "query", "browse", "readonly"],
        ["write", "writes", "edit", "update", "modify", "change"],
        ["create", "add", "new", "insert"],
        ["delete", "remove", "destroy", "purge"],
        ["admin", "manage", "full", "all", "owner", "super", "root", "any"],
        ["send", "submit", "post", "publish"],
        ["execute", "run", "invoke", "call"],
        ["approve", "grant", "assign", "invite"],
        ["pay", "refund", "charge", "transfer"],
        ["readwrite", "rw"],
    ];

    private static readonly Dictionary<string, int> s_lineOf = s_verbs.SelectMany((line, i) => line.Select(verb => (verb, i))).ToDictionary(item => item.verb, item => item.i, StringComparer.Ordinal);

    /// <summary>The declared name that a mistyped or renamed one was meant to be; null when none is near that allows the same.</summary>
    /// <param name="name">What was written: a scope, or the name of its constant.</param>
    /// <param name="declared">What there is, in the same form.</param>
    public static string? Nearest(string name, IEnumerable<string> declared)
    {
        var words = WordsOf(name);
        return NearestName.Find(name, declared.Where(candidate => MayMean(words, WordsOf(candidate))), CharactersPerEditOfName);
    }

    /// <summary>Whether a scope is for reading only, by its words.</summary>
    /// <param name="scope">The scope.</param>
    public static bool IsReading(string scope) => WordsOf(scope).Select(LineOf).Where(line => line >= 0).ToList() is { Count: > 0 } lines && lines.TrueForAll(line => line == 0);

    // Word by word where both have as many: each is the same, nearly the same, or another word for the same thing.
    private static bool MayMean(List<string> written, List<string> candidate)
    {
        if (written.Count == candidate.Count)
        {
            return written.Zip(candidate, MayMean).All(may => may);
        }

        // "ticketsread" for "tickets.read": as a whole, and only with the same verbs where any are seen.
        var (ours, theirs) = (VerbsOf(written), VerbsOf(candidate));
        return (ours.Count == 0 || ours.SetEquals(theirs)) && NearestName.Find(string.Concat(written), [string.Concat(candidate)], CharactersPerEdit) is not null;
    }

    private static bool MayMean(string written, string candidate)
    {
        var (ours, theirs) = (LineOf(written), LineOf(candidate));
        return string.Equals(written, candidate, StringComparison.Ordinal)
            || (ours >= 0 && theirs >= 0 ? ours == theirs : IsNear(written, candidate) && (theirs < 0 || !IsNearerToAnother(written, theirs)));
    }

    // "wrte" is near "write" and not far from others: it must be nearest to what is offered.
    private static bool IsNearerToAnother(string written, int line) =>
        NearestName.Find(written, s_lineOf.Keys, CharactersPerEdit) is { } nearest && s_lineOf[nearest] != line;

    private static bool IsNear(string written, string candidate) =>
        NearestName.Find(written, [candidate], CharactersPerEdit) is not null || NearestName.Find(candidate, [written], CharactersPerEdit) is not null;

    private static HashSet<int> VerbsOf(IEnumerable<string> words) => [.. words.Select(LineOf).Where(line => line >= 0)];

    private static int LineOf(string word) => s_lineOf.TryGetValue(word, out var line) ? line : -1;

    // "tickets.read-all", and "TicketsReadAll" of the constant.
    private static List<string> WordsOf(string name)
    {
        var words = new List<string>();
        foreach (var part in name.Split(s_separators, StringSplitOptions.RemoveEmptyEntries))
        {
            var start = 0;
            for (var i = 1; i <= part.Length; i++)
            {
                if (i == part.Length || (char.IsUpper(part[i]) && !char.IsUpper(part[i - 1])))
                {
                    words.Add(part.Substring(start, i - start).ToLowerInvariant());
                    start = i;
                }
            }
        }

        return words;
    }
}
