using AgentAuth.AuthMd;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Which scope an endpoint probably wants, by the words of its route and by its verb.</summary>
internal static class ScopeRanking
{
    private static readonly char[] s_separators = ['.', ':', '-', '_', '/', '{', '}', '*', '?', '~', '[', ']'];
    private static readonly string[] s_reading = ["read", "list", "get", "view", "search", "query"];
    private static readonly string[] s_writing = ["write", "create", "update", "edit", "manage", "delete", "admin", "send", "submit", "post", "publish"];

    /// <summary>The scopes, the likeliest first; equals in the order of the document.</summary>
    public static IEnumerable<(ScopeDeclaration Scope, string Member)> Rank(
        IReadOnlyList<(ScopeDeclaration Scope, string Member)> scopes, IReadOnlyCollection<string> verbs, string? route)
    {
        var words = WordsOf(route ?? "");
        return scopes.OrderByDescending(item => Score(item.Scope.Name.Value, verbs, words));
    }

    private static int Score(string scope, IReadOnlyCollection<string> verbs, HashSet<string> route)
    {
        var words = WordsOf(scope);
        var score = words.Count(word => route.Contains(word)) * 4;
        var reads = verbs.Count > 0 && verbs.All(verb => verb is "GET" or "HEAD");
        var writes = verbs.Any(verb => verb is "POST" or "PUT" or "PATCH" or "DELETE");
        score += (reads && words.Overlaps(s_reading)) || (writes && words.Overlaps(s_writing)) ? 2 : 0;
        score -= (reads && words.Overlaps(s_writing)) || (writes && words.Overlaps(s_reading)) ? 1 : 0;
        return score + (verbs.Contains("DELETE") && words.Contains("delete") ? 1 : 0);
    }

    // Without the plural's s, so that "ticket" is in "/tickets".
    private static HashSet<string> WordsOf(string text) => new(
        text.ToLowerInvariant().Split(s_separators, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Length > 3 ? word.TrimEnd('s') : word),
        StringComparer.Ordinal);
}
