namespace AgentAuth.AuthMd.Markdown;

/// <summary>Finds comments of the form <c>&lt;!-- auth.md:name --&gt;</c>.</summary>
internal static class Directives
{
    private const string Open = "<!--";
    private const string Close = "-->";
    private const string Prefix = "auth.md";

    public static List<Directive> Find(Fragment fragment, bool isPlaced)
    {
        var found = new List<Directive>();
        var text = fragment.Text;
        for (var start = IndexOf(text, Open, fragment.Start, fragment.End); start >= 0;)
        {
            var close = IndexOf(text, Close, start + Open.Length, fragment.End);
            if (close < 0)
            {
                break;
            }

            var end = close + Close.Length;
            if (NameOf(new Fragment(text, start + Open.Length, close).Trim().ToString()) is { } name)
            {
                found.Add(new Directive(name, new SourceSpan(start, end - start)) { IsPlaced = isPlaced });
            }

            start = IndexOf(text, Open, end, fragment.End);
        }

        return found;
    }

    private static string? NameOf(string comment)
    {
        if (!comment.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = comment.Substring(Prefix.Length).TrimStart();
        return rest.StartsWith(":", StringComparison.Ordinal) ? rest.Substring(1).Trim() : null;
    }

    private static int IndexOf(string text, string value, int start, int end) =>
        start >= end ? -1 : text.IndexOf(value, start, end - start, StringComparison.Ordinal);
}
