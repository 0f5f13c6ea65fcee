using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Checks;

/// <summary>Placeholders of templates that nobody filled in. In code that is not the protocol's they are the author's business.</summary>
internal static class Placeholders
{
    private static readonly string[] Hosts = ["your-domain", "yourdomain", "your-service", "yourservice", "your-company", "yourcompany", "your-api", "your-app", "yourapp", "mydomain"];
    private static readonly string[] Words = ["TODO", "FIXME", "TBD", "XXX"];

    /// <summary>True of a label of a host name that is reported wherever it stands.</summary>
    public static bool IsHost(string label) => Hosts.Contains(label);

    public static void Check(Reading reading)
    {
        var code = reading.Sections.SelectMany(section => section.Fences).Where(fence => fence.Language is not ("http" or "json" or "yaml" or "yml")).ToList();
        var next = 0;
        var text = reading.Document.Text;
        for (var i = 0; i < text.Length; i++)
        {
            while (next < code.Count && code[next].Text.End <= i)
            {
                next++;
            }

            if (next < code.Count && code[next].Text.Start <= i)
            {
                i = code[next].Text.End - 1;
            }
            else if (LengthAt(text, i) is > 0 and var length)
            {
                reading.Problems.Report(
                    AuthMdRules.Placeholder,
                    new SourceSpan(i, length),
                    $"\"{Problems.Shorten(text.Substring(i, length))}\" is a placeholder, and would be published as it stands. Write what it stands for.");
                i += length - 1;
            }
        }
    }

    private static int LengthAt(string text, int i)
    {
        const int Longest = 60;
        switch (text[i])
        {
            case '$' when Next(text, i) == '{':
                return Enclosed(text, i, 2, "}", Longest);
            case '{' when Next(text, i) == '{':
                return Enclosed(text, i, 2, "}}", Longest);
            case '<' when IsInUrl(text, i):
                return Enclosed(text, i, 1, ">", Longest);
            default:
                return StartsWord(text, i) ? WordLength(text, i) : 0;
        }
    }

    private static char Next(string text, int i) => i + 1 < text.Length ? text[i + 1] : '\0';

    // "https://<your-domain>/": the value of a URL's part, not the angle brackets around a URL.
    private static bool IsInUrl(string text, int i) => i >= 3 && string.CompareOrdinal(text, i - 3, "://", 0, 3) == 0;

    private static int Enclosed(string text, int start, int open, string close, int longest)
    {
        var end = start + open;
        while (end < text.Length && end - start < longest && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.' or ' '))
        {
            end++;
        }

        return end > start + open && string.CompareOrdinal(text, end, close, 0, close.Length) == 0 ? end + close.Length - start : 0;
    }

    private static bool StartsWord(string text, int i) => char.IsLetter(text[i]) && (i == 0 || !char.IsLetterOrDigit(text[i - 1]));

    private static int WordLength(string text, int i)
    {
        foreach (var host in Hosts)
        {
            // As a whole label of a host name: "docs.your-domain.com", not "your-domain" in a sentence.
            var end = i + host.Length;
            if (end + 1 < text.Length && text[end] == '.' && char.IsLetter(text[end + 1]) && string.Compare(text, i, host, 0, host.Length, StringComparison.OrdinalIgnoreCase) == 0)
            {
                while (end < text.Length && (char.IsLetterOrDigit(text[end]) || (text[end] is '.' or '-' && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]))))
                {
                    end++;
                }

                return end - i;
            }
        }

        return Words.FirstOrDefault(word => string.CompareOrdinal(text, i, word, 0, word.Length) == 0
            && (i + word.Length == text.Length || !(char.IsLetterOrDigit(text[i + word.Length]) || text[i + word.Length] is '-' or '_')))?.Length ?? 0;
    }
}
