using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.CodeFixes;

/// <summary>How the author ends lines.</summary>
internal static class LineBreaks
{
    /// <summary>The end of a line, or that of the first where the text ends with this one.</summary>
    public static string Of(SourceText text, int number)
    {
        var line = text.Lines[number];
        line = line.End < line.EndIncludingLineBreak ? line : text.Lines[0];
        return line.End < line.EndIncludingLineBreak ? text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak)) : "\n";
    }
}
