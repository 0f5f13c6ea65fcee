using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Edits;

/// <summary>A line of the author's text, with the line end that the author gave it.</summary>
/// <param name="Content">The line without its end.</param>
/// <param name="Next">Where the next line starts, or the text ends.</param>
internal readonly record struct TextLine(Fragment Content, int Next)
{
    public int Start => Content.Start;

    public int End => Content.End;

    public bool IsBlank => Content.Trim().IsEmpty;

    private string Text => Content.Text;

    /// <summary>The line in which an index stands.</summary>
    public static TextLine At(string text, int index)
    {
        var start = index;
        while (start > 0 && !IsBreak(text[start - 1]))
        {
            start--;
        }

        var end = index;
        while (end < text.Length && !IsBreak(text[end]))
        {
            end++;
        }

        return new TextLine(new Fragment(text, start, end), end + LengthOfBreak(text, end));
    }

    /// <summary>The line above; null for the first.</summary>
    public TextLine? Previous => Start == 0 ? null : At(Text, Text[Start - 1] == '\n' && Start > 1 && Text[Start - 2] == '\r' ? Start - 2 : Start - 1);

    /// <summary>The line below; null when this is the last, or only an empty end follows.</summary>
    public TextLine? Following => Next < Text.Length ? At(Text, Next) : null;

    /// <summary>How the author ends lines: this one's end, or that of the line above where the text ends here.</summary>
    public string Break => Next > End ? Text.Substring(End, Next - End) : Previous is { } previous ? Text.Substring(previous.End, previous.Next - previous.End) : "\n";

    /// <summary>What to take away so that this line and those down to another one are gone: with a line end, but never two.</summary>
    public SourceSpan RemovalTo(TextLine last)
    {
        var start = last.Next > last.End || Previous is not { } previous ? Start : previous.End;
        return new SourceSpan(start, last.Next - start);
    }

    private static bool IsBreak(char c) => c is '\r' or '\n';

    private static int LengthOfBreak(string text, int end) =>
        end >= text.Length ? 0 : text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1;
}
