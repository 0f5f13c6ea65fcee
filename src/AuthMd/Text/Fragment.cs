namespace AgentAuth.AuthMd.Text;

/// <summary>A piece of the source with its place in it. Every step that narrows it keeps the place right.</summary>
internal readonly struct Fragment(string source, int start, int end)
{
    public int Start { get; } = start;

    public int End { get; } = end;

    public string Value => source.Substring(Start, End - Start);

    public bool IsEmpty => End <= Start;

    public SourceSpan Span => new(Start, Math.Max(0, End - Start));

    public Located<string> Located => new(Value, Span);

    private string Source => source;

    public Fragment Trim()
    {
        var (first, last) = (Start, End);
        while (first < last && char.IsWhiteSpace(source[first]))
        {
            first++;
        }

        while (last > first && char.IsWhiteSpace(source[last - 1]))
        {
            last--;
        }

        return new Fragment(source, first, last);
    }

    /// <summary>Trims, and takes off what Markdown wraps values in: back-ticks, emphasis, angle brackets, and the text of a link.</summary>
    public Fragment Unwrap()
    {
        var inner = Trim();
        while (inner.End - inner.Start >= 2)
        {
            var (open, close) = (source[inner.Start], source[inner.End - 1]);
            if ((open == '`' && close == '`') || (open == '*' && close == '*') || (open == '<' && close == '>'))
            {
                inner = new Fragment(source, inner.Start + 1, inner.End - 1).Trim();
            }
            else if (open == '[' && close == ')' && inner.IndexOf("](") is var link && link >= 0)
            {
                inner = new Fragment(source, link + 2, inner.End - 1).Trim();
            }
            else
            {
                break;
            }
        }

        return inner;
    }

    /// <summary>Where a text begins in it, as an index into the source; -1 when it does not occur.</summary>
    public int IndexOf(string text)
    {
        var index = IsEmpty ? -1 : source.IndexOf(text, Start, End - Start, StringComparison.Ordinal);
        return index;
    }

    public Fragment From(int index) => new(source, Math.Min(index, End), End);

    public Fragment To(int index) => new(source, Start, Math.Max(Start, index));

    /// <summary>Splits at a separator, outside back-ticks.</summary>
    public IEnumerable<Fragment> Split(params char[] separators)
    {
        var (text, from, inCode) = (Source, Start, false);
        for (var i = Start; i < End; i++)
        {
            if (text[i] == '`')
            {
                inCode = !inCode;
            }
            else if (!inCode && Array.IndexOf(separators, text[i]) >= 0)
            {
                yield return new Fragment(text, from, i);
                from = i + 1;
            }
        }

        yield return new Fragment(text, from, End);
    }

    /// <summary>The contents of its code spans; its comma-separated parts when it has none.</summary>
    public List<Fragment> Items()
    {
        var items = new List<Fragment>();
        for (var open = IndexOf("`"); open >= 0 && open < End;)
        {
            var close = From(open + 1).IndexOf("`");
            if (close < 0)
            {
                break;
            }

            items.Add(new Fragment(Source, open + 1, close).Trim());
            open = From(close + 1).IndexOf("`");
        }

        if (items.Count == 0)
        {
            items.AddRange(Split(',', ';').Select(part => part.Unwrap()).Where(part => !part.IsEmpty));
        }

        return items;
    }
}
