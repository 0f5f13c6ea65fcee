using AgentAuth.AuthMd;

namespace AgentAuth.Tool.Files;

/// <summary>A place in a text.</summary>
/// <param name="Line">Its line, counted from one.</param>
/// <param name="Column">Its UTF-16 code unit in that line, counted from one.</param>
internal readonly record struct TextPosition(int Line, int Column);

/// <summary>The lines of a text. A line ends at \n, \r\n or \r.</summary>
internal sealed class SourceLines
{
    private readonly string _text;
    private readonly List<int> _starts = [0];

    /// <summary>Finds the lines.</summary>
    /// <param name="text">The text.</param>
    public SourceLines(string text)
    {
        _text = text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                i++;
            }

            if (text[i] is '\r' or '\n')
            {
                _starts.Add(i + 1);
            }
        }
    }

    /// <summary>Where a code unit is. One outside of the text counts as the nearest inside.</summary>
    /// <param name="offset">Its index in the text.</param>
    public TextPosition PositionOf(int offset)
    {
        offset = Math.Clamp(offset, 0, _text.Length);
        var found = _starts.BinarySearch(offset);
        var line = found >= 0 ? found : ~found - 1;
        return new TextPosition(line + 1, offset - _starts[line] + 1);
    }

    /// <summary>The first position of a range and the one behind it.</summary>
    /// <param name="span">The range.</param>
    public (TextPosition Start, TextPosition End) RangeOf(SourceSpan span) => (PositionOf(span.Start), PositionOf(span.End));

    /// <summary>A line without its end.</summary>
    /// <param name="line">Counted from one.</param>
    public ReadOnlySpan<char> TextOf(int line)
    {
        var end = line < _starts.Count ? _starts[line] : _text.Length;
        return _text.AsSpan(_starts[line - 1], end - _starts[line - 1]).TrimEnd("\r\n");
    }
}
