using System.Net;
using System.Text;

namespace AgentAuth.AuthMd.Markdown;

/// <summary>
/// What the language needs of Markdown's inline syntax: code spans, links, emphasis, escapes. Every scan either moves on or stops at the
/// next mark of its own kind, so the time is linear in the text.
/// </summary>
internal static class Inlines
{
    // Bold, link, code: nobody wraps a value more often, and each layer costs a scan.
    private const int MostLayers = 4;

    /// <summary>The contents of all code spans.</summary>
    public static List<Fragment> CodeSpans(Fragment text)
    {
        var spans = new List<Fragment>();
        var runs = new BacktickRuns(text);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '\\')
            {
                i += 2;
            }
            else if (text[i] == '`')
            {
                i = runs.TryClose(i, out var content) ? AddAndSkip(spans, text, content, runs.Length(i)) : i + runs.Length(i);
            }
            else
            {
                i++;
            }
        }

        return spans;
    }

    /// <summary>The content of the code span that opens the text, emphasis around it aside, and what follows it.</summary>
    public static bool TryLeadingCode(Fragment text, out Fragment code, out Fragment rest)
    {
        text = text.Trim();
        var marks = 0;
        while (marks < text.Length && text[marks] is '*' or '_')
        {
            marks++;
        }

        var inner = text.From(marks);
        code = rest = default;
        if (inner.IsEmpty || inner[0] != '`' || !new BacktickRuns(inner).TryClose(0, out code))
        {
            return false;
        }

        var end = code.End + (code.Start - inner.Start);
        while (marks > 0 && end < text.End && text.Text[end] is '*' or '_')
        {
            end++;
            marks--;
        }

        rest = new Fragment(text.Text, end, text.End);
        code = code.Trim();
        return !code.IsEmpty;
    }

    /// <summary>The content of the bold span that opens the text, and what follows it.</summary>
    public static bool TryLeadingBold(Fragment text, out Fragment bold, out Fragment rest)
    {
        const int Longest = 200;
        text = text.Trim();
        bold = rest = default;
        foreach (var mark in (string[])["**", "__"])
        {
            var close = text.StartsWith(mark) ? text.Text.IndexOf(mark, text.Start + 2, Math.Min(text.Length - 2, Longest), StringComparison.Ordinal) : -1;
            if (close > text.Start + 2)
            {
                bold = new Fragment(text.Text, text.Start + 2, close).Trim();
                rest = new Fragment(text.Text, close + 2, text.End);
                return !bold.IsEmpty;
            }
        }

        return false;
    }

    /// <summary>The contents of all bold spans.</summary>
    public static IEnumerable<Fragment> BoldSpans(Fragment text)
    {
        const string Mark = "**";
        for (var open = text.Text.IndexOf(Mark, text.Start, text.Length, StringComparison.Ordinal); open >= 0;)
        {
            var start = open + Mark.Length;
            var close = start < text.End ? text.Text.IndexOf(Mark, start, text.End - start, StringComparison.Ordinal) : -1;
            if (close < 0)
            {
                yield break;
            }

            yield return new Fragment(text.Text, start, close).Trim();
            start = close + Mark.Length;
            open = start < text.End ? text.Text.IndexOf(Mark, start, text.End - start, StringComparison.Ordinal) : -1;
        }
    }

    /// <summary>The value itself, when all of it is wrapped in emphasis, a code span, angle brackets or a link.</summary>
    public static Fragment Unwrap(Fragment text)
    {
        text = text.Trim();
        for (var layers = 0; layers < MostLayers && TryUnwrap(text, out var inner); layers++)
        {
            text = inner.Trim();
        }

        return text;
    }

    /// <summary>The text without mark-up, runs of white space as one space.</summary>
    public static string Plain(Fragment text)
    {
        var plain = new StringBuilder(text.Length);
        var runs = new BacktickRuns(text);
        for (var i = 0; i < text.Length;)
        {
            i = AppendPlain(plain, text, i, runs);
        }

        return Collapse(plain.ToString());
    }

    /// <summary>The values of a list in a cell or behind a label: its code spans, or else what stands between commas.</summary>
    public static IEnumerable<Fragment> Values(Fragment text)
    {
        var code = CodeSpans(text);
        return code.Count > 0 ? code : Split(text, ',').Select(Unwrap).Where(value => !IsNothing(value));
    }

    /// <summary>The parts of a list: what stands between commas, semicolons and the word "and". What is in code is not cut.</summary>
    public static IEnumerable<Fragment> Parts(Fragment text) => Cut(text, "and", c => c is ',' or ';');

    /// <summary>The alternatives of a value: what stands between the word "or". What is in code is not cut.</summary>
    public static IEnumerable<Fragment> Alternatives(Fragment text) => Cut(text, "or", _ => false);

    /// <summary>True for an empty cell and for the marks that authors put into one: a dash, "none", "n/a".</summary>
    public static bool IsNothing(Fragment text) =>
        text.Trim().ToString() is "" or "-" or "–" or "—" or "none" or "None" or "n/a" or "N/A";

    public static IEnumerable<Fragment> Split(Fragment text, char separator)
    {
        for (var rest = text; ;)
        {
            var index = rest.IndexOf(separator);
            if (index < 0)
            {
                yield return rest;
                yield break;
            }

            yield return rest.Slice(0, index);
            rest = rest.From(index + 1);
        }
    }

    private static IEnumerable<Fragment> Cut(Fragment text, string word, Func<char, bool> isSeparator)
    {
        var runs = new BacktickRuns(text);
        var start = 0;
        for (var i = 0; i < text.Length;)
        {
            var length = isSeparator(text[i]) ? 1 : IsWordAt(text, i, word) ? word.Length : 0;
            if (length > 0)
            {
                yield return text.Slice(start, i - start).Trim();
                start = i + length;
            }

            i = text[i] == '`' ? AfterCode(text, i, runs) : i + Math.Max(1, length);
        }

        yield return text.From(start).Trim();
    }

    private static int AfterCode(Fragment text, int i, BacktickRuns runs) =>
        runs.TryClose(i, out var code) ? code.End + runs.Length(i) - text.Start : i + runs.Length(i);

    private static bool IsWordAt(Fragment text, int i, string word) =>
        i > 0 && char.IsWhiteSpace(text[i - 1])
        && i + word.Length < text.Length && char.IsWhiteSpace(text[i + word.Length])
        && string.Compare(text.Text, text.Start + i, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;

    private static int AddAndSkip(List<Fragment> spans, Fragment text, Fragment content, int fence)
    {
        if (content.Trim() is { IsEmpty: false } trimmed)
        {
            spans.Add(trimmed);
        }

        return content.End + fence - text.Start;
    }

    private static bool TryUnwrap(Fragment text, out Fragment inner)
    {
        inner = default;
        if (text.Length < 3)
        {
            return false;
        }

        foreach (var mark in (string[])["**", "__", "*", "_"])
        {
            if (text.Length > 2 * mark.Length && text.StartsWith(mark) && text.EndsWith(mark))
            {
                inner = text.Slice(mark.Length, text.Length - (2 * mark.Length));
                return true;
            }
        }

        if (text[0] == '`' && new BacktickRuns(text) is var runs && runs.TryClose(0, out var code) && code.End + runs.Length(0) == text.End)
        {
            inner = code;
            return true;
        }

        if (text[0] == '<' && text[text.Length - 1] == '>' && !text.StartsWith("<!--"))
        {
            inner = text.Slice(1, text.Length - 2);
            return true;
        }

        var target = text[0] == '[' && text[text.Length - 1] == ')' ? text.ToString().IndexOf("](", StringComparison.Ordinal) : -1;
        inner = target < 0 ? default : text.Slice(target + 2, text.Length - target - 3);
        return target >= 0;
    }

    private static int AppendPlain(StringBuilder plain, Fragment text, int i, BacktickRuns runs)
    {
        var c = text[i];
        switch (c)
        {
            case '\\' when i + 1 < text.Length && IsPunctuation(text[i + 1]):
                plain.Append(text[i + 1]);
                return i + 2;
            case '`' when runs.TryClose(i, out var code):
                plain.Append(code.ToString());
                return code.End + runs.Length(i) - text.Start;
            case '<':
                return SkipTag(plain, text, i);
            case '&':
                return AppendEntity(plain, text, i);
            case '[':
                return i + 1;
            case ']' when i + 1 < text.Length && text[i + 1] == '(':
                return SkipTarget(text, i);
            case ']':
                return i + 1;
            case '*' or '_' or '~' when IsEmphasis(text, i):
                return i + 1;
            default:
                plain.Append(c);
                return i + 1;
        }
    }

    // Comments and tags say nothing; <https://…> says its address. A tag ends on its line, so an open "<" costs no second scan.
    private static int SkipTag(StringBuilder plain, Fragment text, int i)
    {
        for (var end = i + 1; end < text.Length && text[end] is not ('<' or '\n'); end++)
        {
            if (text[end] == '>')
            {
                var inner = text.Slice(i + 1, end - i - 1);
                if (inner.IndexOf(':') > 0 && inner[0] is not ('!' or '/'))
                {
                    plain.Append(inner.ToString());
                    return end + 1;
                }

                if (!inner.IsEmpty && (inner[0] is '!' or '/' || char.IsLetter(inner[0])))
                {
                    plain.Append(' ');
                    return end + 1;
                }

                break;
            }
        }

        plain.Append('<');
        return i + 1;
    }

    private static int AppendEntity(StringBuilder plain, Fragment text, int i)
    {
        for (var end = i + 1; end < text.Length && end - i < 12; end++)
        {
            if (text[end] == ';')
            {
                plain.Append(WebUtility.HtmlDecode(text.Slice(i, end - i + 1).ToString()));
                return end + 1;
            }
        }

        plain.Append('&');
        return i + 1;
    }

    private static int SkipTarget(Fragment text, int i)
    {
        for (var end = i + 2; end < text.Length && text[end] is not ('[' or ']' or '\n'); end++)
        {
            if (text[end] == ')')
            {
                return end + 1;
            }
        }

        return i + 1;
    }

    // An underscore between letters belongs to a name such as verified_email; a mark between spaces is a mark.
    private static bool IsEmphasis(Fragment text, int i)
    {
        var before = i > 0 ? text[i - 1] : ' ';
        var after = i + 1 < text.Length ? text[i + 1] : ' ';
        return text[i] == '_'
            ? !(char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after)) && (char.IsLetterOrDigit(before) || char.IsLetterOrDigit(after))
            : !(char.IsWhiteSpace(before) && char.IsWhiteSpace(after));
    }

    private static bool IsPunctuation(char c) => c < 128 && (char.IsPunctuation(c) || char.IsSymbol(c));

    private static string Collapse(string text) =>
        string.Join(" ", text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
