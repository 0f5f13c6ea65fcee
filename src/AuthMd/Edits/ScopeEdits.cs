using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd;

/// <summary>
/// Changes the scopes that an auth.md declares, in its author's own style. What an edit would do is read again before it is given away: the text
/// then declares exactly what it should and has no problem that it did not have. Where that cannot be had, there is no edit.
/// </summary>
public static class ScopeEdits
{
    /// <summary>Declares one more scope, as a row or bullet below the last or at the end of a labelled line. Its description is left to the author.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="parsed">What it says.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="isPreClaim">True when an anonymous registration is to hold it before anybody claimed it.</param>
    /// <returns>What to insert; null when it is not certain how.</returns>
    public static AuthMdFix? Add(string text, AuthMdParseResult parsed, string scope, bool isPreClaim = false)
    {
        if (scope.IndexOf('`') >= 0 || MarkdownReader.TryRead(text) is not { } markdown)
        {
            return null;
        }

        List<ScopeDeclaration> wanted = [.. parsed.Document.Scopes, new ScopeDeclaration(new Located<string>(scope, default), "", isPreClaim)];
        var places = Edits.ScopePlaces.Of(markdown, parsed.Document.Scopes).OfType<Edits.ScopePlace>();

        // Below the last scope of one form, or else of another: a table and a list may stand side by side.
        return places.GroupBy(place => place.GetType()).Select(form => form.Last()).Reverse()
            .Select(place => place.Add(scope, isPreClaim))
            .Select(edit => edit is var (span, written) ? new AuthMdFix($"Declare '{Problems.Shorten(scope)}' in auth.md", span, written) : null)
            .FirstOrDefault(fix => fix is not null && Makes(text, fix, parsed, wanted));
    }

    /// <summary>Takes a scope away, with its row, bullet or place in a labelled line.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="parsed">What it says.</param>
    /// <param name="scope">The scope.</param>
    /// <returns>What to remove; null when that is not certain, as for the last scope or one that is named elsewhere in the text.</returns>
    public static AuthMdFix? Remove(string text, AuthMdParseResult parsed, string scope)
    {
        var scopes = parsed.Document.Scopes;
        var declared = scopes.FirstOrDefault(item => item.Name.Value == scope);
        if (declared is null || scopes.Length < 2 || MarkdownReader.TryRead(text) is not { } markdown
            || Edits.ScopePlaces.Of(markdown, [declared]).First()?.Remove() is not { } span || IsNamedOutside(text, span, scope))
        {
            return null;
        }

        var fix = Problems.Remove($"'{Problems.Shorten(scope)}' from auth.md", span);
        return KeepsConstants(scopes, declared) && Makes(text, fix, parsed, scopes.Remove(declared)) ? fix : null;
    }

    // Of scopes that come out alike in C#, the later ones are numbered. No constant may begin to mean another scope.
    private static bool KeepsConstants(ImmutableArray<ScopeDeclaration> scopes, ScopeDeclaration removed)
    {
        var index = scopes.IndexOf(removed);
        return ScopeIdentifier.All(scopes.Select(scope => scope.Name.Value)).RemoveAt(index)
            .SequenceEqual(ScopeIdentifier.All(scopes.RemoveAt(index).Select(scope => scope.Name.Value)));
    }

    private static bool Makes(string text, AuthMdFix fix, AuthMdParseResult before, IEnumerable<ScopeDeclaration> wanted)
    {
        var after = AuthMdParser.Parse(text.Remove(fix.Span.Start, fix.Span.Length).Insert(fix.Span.Start, fix.Text));
        return after.Document.Scopes.Length == wanted.Count()
            && new HashSet<(string, string, bool)>(after.Document.Scopes.Select(Meaning)).SetEquals(wanted.Select(Meaning))
            && !HasMore(after.Problems, before.Problems);
    }

    private static (string Name, string Description, bool IsPreClaim) Meaning(ScopeDeclaration scope) => (scope.Name.Value, scope.Description, scope.IsPreClaim);

    private static bool HasMore(IEnumerable<AuthMdProblem> after, IEnumerable<AuthMdProblem> before)
    {
        var known = before.GroupBy(Sentence).ToDictionary(group => group.Key, group => group.Count());
        return after.GroupBy(Sentence).Any(group => !known.TryGetValue(group.Key, out var count) || count < group.Count());
    }

    private static (string Id, string Message) Sentence(AuthMdProblem problem) => (problem.Id, problem.Message);

    // As a word of its own: neither "tickets.read" in "tickets.read.all" nor "tickets" in "/tickets" speaks of the scope.
    private static bool IsNamedOutside(string text, SourceSpan span, string scope)
    {
        for (var at = text.IndexOf(scope, StringComparison.Ordinal); at >= 0; at = text.IndexOf(scope, at + 1, StringComparison.Ordinal))
        {
            var end = at + scope.Length;
            if ((at < span.Start || at >= span.End)
                && (at == 0 || !IsOfName(text[at - 1]))
                && (end == text.Length || !IsOfName(text[end]) || (IsPunctuation(text[end]) && (end + 1 == text.Length || !IsOfName(text[end + 1])))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '/' || IsPunctuation(c);

    private static bool IsPunctuation(char c) => c is '.' or ':';
}
