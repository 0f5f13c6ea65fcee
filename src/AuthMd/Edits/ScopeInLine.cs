using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Edits;

/// <summary>A scope in a labelled line: <c>**Scopes:** `a`, `b`</c>.</summary>
/// <param name="names">The scopes of the line.</param>
/// <param name="index">Which of them this is.</param>
internal sealed class ScopeInLine(IReadOnlyList<Fragment> names, int index) : ScopePlace(names[index])
{
    private const string Comma = ", ";

    public override (SourceSpan Span, string Text)? Add(string scope, bool isPreClaim) =>
        isPreClaim ? null : (new SourceSpan(EndOf(names.Count - 1), 0), (names.Count > 1 ? Between(names.Count - 2) ?? Comma : Comma) + "`" + scope + "`");

    public override SourceSpan? Remove()
    {
        if (names.Count < 2)
        {
            return null;
        }

        // With the separator before it, and the first with the one behind it.
        var (start, end) = index == 0 ? (StartOf(0), StartOf(1)) : (EndOf(index - 1), EndOf(index));
        return Between(Math.Max(index - 1, 0)) is null ? null : new SourceSpan(start, end - start);
    }

    // What stands between two scopes, when that is nothing but marks and spaces.
    private string? Between(int first)
    {
        var between = new Fragment(Text, EndOf(first), StartOf(first + 1)).ToString();
        return between.All(c => c is ',' or ';' or '/' or '·' or '|' or ' ') ? between : null;
    }

    private int StartOf(int at)
    {
        var start = names[at].Start;
        while (start > 0 && Text[start - 1] == ' ')
        {
            start--;
        }

        while (start > 0 && Text[start - 1] == '`')
        {
            start--;
        }

        return start;
    }

    private int EndOf(int at)
    {
        var end = names[at].End;
        while (end < Text.Length && Text[end] == ' ')
        {
            end++;
        }

        while (end < Text.Length && Text[end] == '`')
        {
            end++;
        }

        return end;
    }
}
