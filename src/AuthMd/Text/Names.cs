using System.Text;

namespace AgentAuth.AuthMd.Text;

/// <summary>Brings headings and labels into the form in which they are compared.</summary>
internal static class Names
{
    /// <summary>
    /// Lower case, words separated by one space; without mark-up, step numbers ("Step 3 —", "3."), emoji, an attribute block (<c>{#id}</c>) and
    /// what stands in brackets behind; <c>&amp;</c> is "and".
    /// </summary>
    public static string Normalize(string text)
    {
        var attributes = text.IndexOf("{#", StringComparison.Ordinal);
        if (attributes >= 0)
        {
            text = text.Substring(0, attributes);
        }

        var name = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c) || c is '_' or '+')
            {
                name.Append(char.ToLowerInvariant(c));
            }
            else if (c == '&')
            {
                name.Append(" and ");
            }
            else if (name.Length > 0 && name[name.Length - 1] != ' ')
            {
                name.Append(' ');
            }
        }

        var words = name.ToString().Split([' '], StringSplitOptions.RemoveEmptyEntries).ToList();
        if (words.Count > 1 && words[0] == "step" && IsNumber(words[1]))
        {
            words.RemoveRange(0, 2);
        }
        else if (words.Count > 1 && IsNumber(words[0]))
        {
            words.RemoveAt(0);
        }

        return string.Join(" ", words);
    }

    /// <summary>The same without the plural of each word.</summary>
    public static string Singular(string normalized) =>
        string.Join(" ", normalized.Split(' ').Select(word => word.Length > 3 && word.EndsWith("s", StringComparison.Ordinal) && !word.EndsWith("ss", StringComparison.Ordinal) ? word.Substring(0, word.Length - 1) : word));

    // "3", and "3a" as in "Step 3a".
    private static bool IsNumber(string word) =>
        char.IsDigit(word[0]) && word.Skip(1).All(c => char.IsDigit(c)) || (word.Length == 2 && char.IsDigit(word[0]) && char.IsLetter(word[1]));
}
