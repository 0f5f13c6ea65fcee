using System.Globalization;
using System.Text;

namespace AgentAuth.Tool.Reports;

/// <summary>
/// Text of a stranger's file, made safe to look at: an escape sequence would move the cursor, and a change of writing direction would show
/// other text than the file has. What cannot be seen is shown as U+FFFD.
/// </summary>
internal static class Printable
{
    private const string Unseen = "\uFFFD";

    /// <summary>A text as one line.</summary>
    /// <param name="text">Any text.</param>
    public static string Line(string text) => Lines(text.ReplaceLineEndings(" ")).Replace('\n', ' ');

    /// <summary>A text whose lines stay lines.</summary>
    /// <param name="text">Any text.</param>
    public static string Lines(string text)
    {
        var shown = new StringBuilder(text.Length);
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var length = StringInfo.GetNextTextElementLength(rest);
            var element = rest[..length];
            shown.Append(element is "\n" or "\r\n" ? "\n" : element is "\t" ? " " : Element(element));
            rest = rest[length..];
        }

        return shown.ToString();
    }

    /// <summary>What is shown for a character as people count them.</summary>
    /// <param name="element">A text element.</param>
    public static string Element(ReadOnlySpan<char> element)
    {
        var isWhole = Rune.DecodeFromUtf16(element, out var first, out var length) == System.Buffers.OperationStatus.Done;
        var category = Rune.GetUnicodeCategory(first);
        var isUnseen = !isWhole
            || category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            // Formatting that stands alone: direction marks, zero-width spaces. In a longer element it belongs to an emoji or a script.
            || (category == UnicodeCategory.Format && length == element.Length);
        return isUnseen ? Unseen : element.ToString();
    }
}
