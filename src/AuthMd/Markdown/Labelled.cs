namespace AgentAuth.AuthMd.Markdown;

/// <summary>A label and its value: <c>**Label:** value</c>, <c>**Label**: value</c>, <c>`label`: value</c> or <c>Label: value</c>.</summary>
/// <param name="Label">Without mark-up and colon.</param>
/// <param name="Value">Behind the colon, trimmed.</param>
internal sealed record Labelled(Fragment Label, Fragment Value)
{
    // Longer than this it is a sentence with a colon in it.
    private const int LongestLabel = 60;

    /// <summary>The items of a list below the label.</summary>
    public IReadOnlyList<Fragment> Nested { get; init; } = [];

    /// <summary>The values behind the label, or, where nothing stands there, in the list below it.</summary>
    public IEnumerable<Fragment> Values => Value.IsEmpty && Nested.Count > 0 ? Nested.SelectMany(FirstValue) : Inlines.Values(Value);

    private static IEnumerable<Fragment> FirstValue(Fragment item) => Inlines.TryLeadingCode(item, out var code, out _) ? [code] : Inlines.Values(item);

    public static Labelled? Read(Fragment text)
    {
        text = text.Trim();
        foreach (var mark in (string[])["**", "__"])
        {
            if (text.StartsWith(mark))
            {
                return ReadMarked(text, mark);
            }
        }

        if (Inlines.TryLeadingCode(text, out var code, out var rest))
        {
            rest = rest.Trim();
            return rest.StartsWith(":") ? new Labelled(code, rest.From(1).Trim()) : null;
        }

        var colon = text.Slice(0, Math.Min(text.Length, LongestLabel)).IndexOf(':');
        return colon > 0 && !text.From(colon).StartsWith("://") ? new Labelled(text.Slice(0, colon).Trim(), text.From(colon + 1).Trim()) : null;
    }

    /// <summary>The lines of a paragraph of which each begins with a label of its own; what follows a label on further lines belongs to it.</summary>
    public static IEnumerable<Fragment> Lines(Fragment paragraph)
    {
        var start = 0;
        for (var i = 0; i < paragraph.Length; i++)
        {
            if (paragraph[i] is '\n' or '\r' && i + 1 < paragraph.Length && Read(FirstLine(paragraph.From(i + 1))) is not null)
            {
                yield return paragraph.Slice(start, i - start).Trim();
                start = i + 1;
            }
        }

        yield return paragraph.From(start).Trim();
    }

    private static Fragment FirstLine(Fragment text)
    {
        var end = 0;
        while (end < text.Length && text[end] is not ('\n' or '\r'))
        {
            end++;
        }

        return text.Slice(0, end);
    }

    private static Labelled? ReadMarked(Fragment text, string mark)
    {
        var head = text.Slice(0, Math.Min(text.Length, LongestLabel + (2 * mark.Length) + 2)).ToString();
        var close = head.IndexOf(mark, mark.Length, StringComparison.Ordinal);
        if (close < 0)
        {
            return null;
        }

        var label = text.Slice(mark.Length, close - mark.Length).Trim();
        var rest = text.From(close + mark.Length).Trim();
        if (label.EndsWith(":"))
        {
            return new Labelled(Inlines.Unwrap(label.Slice(0, label.Length - 1)), rest);
        }

        return rest.StartsWith(":") ? new Labelled(Inlines.Unwrap(label), rest.From(1).Trim()) : null;
    }
}
