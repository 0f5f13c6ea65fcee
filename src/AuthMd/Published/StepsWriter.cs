using System.Text;

namespace AgentAuth.AuthMd.Published;

/// <summary>Collects generated Markdown: text, and the places that the deployment fills.</summary>
/// <param name="newLine">How the author ends lines.</param>
internal sealed class StepsWriter(string newLine)
{
    private readonly List<PublishedPart> _parts = [];
    private readonly StringBuilder _text = new();

    /// <summary>Ends the text with its last line, without the empty one behind it, and hands it over.</summary>
    public IReadOnlyList<PublishedPart> Finish()
    {
        if (_text.Length >= 2 * newLine.Length)
        {
            _text.Length -= newLine.Length;
        }

        Flush();
        return _parts;
    }

    /// <summary>A line of texts and slots.</summary>
    public void Line(params object[] pieces)
    {
        foreach (var piece in pieces)
        {
            if (piece is PublishedSlot slot)
            {
                Flush();
                _parts.Add(new PublishedPart("", slot));
            }
            else
            {
                _text.Append((string)piece);
            }
        }

        _text.Append(newLine);
    }

    /// <summary>A paragraph of its own.</summary>
    public void Paragraph(params object[] pieces)
    {
        Line(pieces);
        Line();
    }

    /// <summary>A POST with its body.</summary>
    public void Post(string path, string contentType, params string[] body)
    {
        Line("```http");
        Line("POST ", PublishedSlot.IssuerBase, path, " HTTP/1.1");
        Line("Content-Type: ", contentType);
        Line();
        Lines(body);
        Line("```");
        Line();
    }

    /// <summary>A GET of a URL.</summary>
    public void Get(PublishedSlot url)
    {
        Line("```http");
        Line("GET ", url, " HTTP/1.1");
        Line("```");
        Line();
    }

    /// <summary>The shape of an answer.</summary>
    public void Answer(params object[][] lines)
    {
        Line("```json");
        foreach (var line in lines)
        {
            Line(line);
        }

        Line("```");
        Line();
    }

    /// <summary>The end of a sentence that says when something is over, as far as that is published.</summary>
    public static string After(string? lifetime) => lifetime is null ? "" : " after " + lifetime;

    /// <summary>Plain text as Markdown: nothing of it is a mark, and nothing ends a cell.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '\\' or '`' or '*' or '_' or '<' or '[' or ']' or '|' or '#' or '~' or '&')
            {
                escaped.Append('\\');
            }

            escaped.Append(c is '\r' or '\n' ? ' ' : c);
        }

        return escaped.ToString();
    }

    /// <summary>A word as code in a cell. A scope may hold back-ticks and pipes.</summary>
    public static string Code(string word)
    {
        var fence = new string('`', LongestRun(word) + 1);
        var padding = fence.Length > 1 ? " " : "";
        return fence + padding + word.Replace("|", "\\|") + padding + fence;
    }

    private static int LongestRun(string word)
    {
        var (longest, run) = (0, 0);
        foreach (var c in word)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private void Lines(string[] lines)
    {
        foreach (var line in lines)
        {
            Line(line);
        }
    }

    private void Flush()
    {
        if (_text.Length > 0)
        {
            _parts.Add(new PublishedPart(_text.ToString(), PublishedSlot.None));
            _text.Clear();
        }
    }
}
