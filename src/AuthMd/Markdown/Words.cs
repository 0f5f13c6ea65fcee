using System.Text;

namespace AgentAuth.AuthMd.Markdown;

/// <summary>Brings headings, labels and cells into the form in which they are compared.</summary>
internal static class Words
{
    /// <summary>
    /// Lower case words with one space between: punctuation, emoji and <c>{#id}</c> dropped, <c>&amp;</c> read as "and", the plural's s
    /// dropped, a leading "Step 3" or "3." dropped.
    /// </summary>
    public static string Normalize(string text)
    {
        var words = Split(text);
        var first = 0;
        if (words.Count > 1 && words[0] == "step" && IsNumber(words[1]))
        {
            first = 2;
        }
        else
        {
            while (first < words.Count && IsNumber(words[first]))
            {
                first++;
            }
        }

        return string.Join(" ", words.Skip(first));
    }

    private static List<string> Split(string text)
    {
        var id = text.LastIndexOf("{#", StringComparison.Ordinal);
        var end = id >= 0 && text.TrimEnd().EndsWith("}", StringComparison.Ordinal) ? id : text.Length;
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i <= end; i++)
        {
            var c = i < end ? text[i] : ' ';
            if (char.IsLetterOrDigit(c))
            {
                word.Append(char.ToLowerInvariant(c));
                continue;
            }

            if (c is '\'' or '’')
            {
                continue;
            }

            Add(words, word);
            if (c == '&')
            {
                words.Add("and");
            }
        }

        return words;
    }

    private static void Add(List<string> words, StringBuilder word)
    {
        if (word.Length == 0)
        {
            return;
        }

        // "access" keeps its s, "scopes" loses it. Both sides of every comparison go through here, so odd results are harmless.
        var plural = word.Length > 3 && word[word.Length - 1] == 's' && word[word.Length - 2] != 's';
        words.Add(word.ToString(0, plural ? word.Length - 1 : word.Length));
        word.Clear();
    }

    private static bool IsNumber(string word) => word.All(char.IsDigit);
}
