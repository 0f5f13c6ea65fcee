using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Checks;

/// <summary>A request in an http fence: <c>POST /agent/auth HTTP/1.1</c>, header lines, an empty line, the body.</summary>
/// <param name="Method">GET, POST …</param>
/// <param name="Target">A path, or a URL.</param>
/// <param name="Body">What follows the empty line, trimmed; empty when there is none.</param>
internal sealed record HttpExample(string Method, Fragment Target, Fragment Body)
{
    /// <summary>Reads a fence; null when it does not begin with a request line.</summary>
    public static HttpExample? Read(Fragment text)
    {
        var line = FirstLine(text);
        var space = line.IndexOf(' ');
        if (space <= 0 || !line.Slice(0, space).ToString().All(c => c is >= 'A' and <= 'Z'))
        {
            return null;
        }

        var target = line.From(space + 1).Trim();
        var end = target.IndexOf(' ');
        return new HttpExample(line.Slice(0, space).ToString(), end < 0 ? target : target.Slice(0, end), BodyOf(text));
    }

    /// <summary>What follows the first empty line.</summary>
    public static Fragment BodyOf(Fragment text)
    {
        var isEmpty = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                if (isEmpty)
                {
                    return text.From(i).Trim();
                }

                isEmpty = true;
            }
            else if (!char.IsWhiteSpace(text[i]))
            {
                isEmpty = false;
            }
        }

        return new Fragment(text.Text, text.End, text.End);
    }

    private static Fragment FirstLine(Fragment text)
    {
        var end = 0;
        while (end < text.Length && text[end] is not ('\r' or '\n'))
        {
            end++;
        }

        return text.Slice(0, end).Trim();
    }
}
