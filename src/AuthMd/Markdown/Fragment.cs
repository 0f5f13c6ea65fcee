namespace AgentAuth.AuthMd.Markdown;

/// <summary>A piece of the author's text that knows where it stands, so that whatever is read from it has an exact span.</summary>
internal readonly struct Fragment
{
    public Fragment(string text, int start, int end)
    {
        Text = text;
        Start = start;
        End = Math.Max(start, end);
    }

    /// <summary>The whole file.</summary>
    public string Text { get; }

    public int Start { get; }

    /// <summary>Index of the first code unit behind the fragment.</summary>
    public int End { get; }

    public int Length => End - Start;

    public bool IsEmpty => Length == 0;

    public SourceSpan Span => new(Start, Length);

    public char this[int index] => Text[Start + index];

    public Fragment From(int index) => new(Text, Start + index, End);

    public Fragment Slice(int index, int length) => new(Text, Start + index, Start + index + length);

    public int IndexOf(char c) => Text.IndexOf(c, Start, Length) is var index && index < 0 ? -1 : index - Start;

    public bool StartsWith(string value) => string.CompareOrdinal(Text, Start, value, 0, value.Length) == 0 && value.Length <= Length;

    public bool EndsWith(string value) => value.Length <= Length && string.CompareOrdinal(Text, End - value.Length, value, 0, value.Length) == 0;

    public Fragment Trim()
    {
        var start = Start;
        var end = End;
        while (start < end && char.IsWhiteSpace(Text[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(Text[end - 1]))
        {
            end--;
        }

        return new Fragment(Text, start, end);
    }

    public override string ToString() => Text.Substring(Start, Length);
}
