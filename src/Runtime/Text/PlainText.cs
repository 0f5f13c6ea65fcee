using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace AgentAuth.Text;

/// <summary>
/// Text that is kept and shown to people: nothing in it may pass for a line of its own, or for other text than it is, wherever it is shown.
/// </summary>
internal static class PlainText
{
    /// <summary>The longest identifier of an account, a registration, a provider or an agent that is looked for.</summary>
    public const int MaxIdentifierLength = 1024;

    /// <summary>What plain characters are, for sentences that say what was expected.</summary>
    public const string Rule = "without control characters, line breaks and marks that turn the direction of writing";

    /// <summary>True of a text that is not empty, not too long, and of plain characters.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The most UTF-16 code units.</param>
    public static bool Is(string text, int maxLength) => text.Length > 0 && text.Length <= maxLength && IsWellFormed(text) && text.All(IsPlain);

    /// <summary>
    /// False of control characters, of separators of lines and paragraphs, and of what turns the direction of writing. Joiners are plain: names need them.
    /// </summary>
    /// <param name="c">A code unit.</param>
    public static bool IsPlain(char c) =>
        char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && c is not ('\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));

    /// <summary>The text, when it is one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The most UTF-16 code units.</param>
    /// <param name="name">What it is, for the message.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Checked(string text, int maxLength, string name) =>
        Is(text, maxLength) ? text : throw new ArgumentException($"{name} must be a text of 1 to {maxLength} characters, {Rule}.");

    /// <summary>The identifier, when it is one that may be looked for.</summary>
    /// <param name="text">The identifier.</param>
    /// <param name="name">What requests call it, for the message: operators read it, who know no parameter of ours.</param>
    /// <param name="parameter">What the caller's code calls it.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Identifier(string text, string name, [CallerArgumentExpression(nameof(text))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        return Checked(text, MaxIdentifierLength, name);
    }

    /// <summary>Refuses an identifier that is given and may not be looked for.</summary>
    /// <param name="text">The identifier; null: not given.</param>
    /// <param name="name">What requests call it, for the message.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static void CheckOptional(string? text, string name)
    {
        if (text is not null)
        {
            Checked(text, MaxIdentifierLength, name);
        }
    }

    /// <summary>What is plain of a text, cut to fit. No pair is cut in two: names are written with characters that are one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The most UTF-16 code units.</param>
    public static string Cleaned(string text, int maxLength)
    {
        var cleaned = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Where(rune => !rune.IsBmp || IsPlain((char)rune.Value)))
        {
            if (cleaned.Length + rune.Utf16SequenceLength > maxLength)
            {
                break;
            }

            cleaned.Append(rune);
        }

        return cleaned.ToString();
    }

    // A half of a surrogate pair becomes another character wherever the text is written as UTF-8.
    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (!char.IsHighSurrogate(text[i]) || ++i == text.Length || !char.IsLowSurrogate(text[i])))
            {
                return false;
            }
        }

        return true;
    }
}
