using System.Buffers;
using System.Text;
using AgentAuth.Credentials;

namespace AgentAuth.Hosting;

/// <summary>
/// Finds secrets of ours in a URL: credentials, claim tokens, tokens of mailed links, and signed tokens. In a query, in a path, and however often
/// they were escaped: whoever reads a log can unescape. Only logs and traces go by it, so it hides too much rather than too little.
/// </summary>
internal static class UrlSecrets
{
    private const string TakenOut = "taken-out";
    private const string SignedTokenBeginning = "eyJ";

    // What is shorter has lost half of its characters, and nobody guesses the other half. A mistyped or cut secret is one all the same.
    private const int ShortestRun = 16;
    private const int ShortestSegment = 10;

    private static readonly string[] s_prefixes = [.. CredentialFormat.Prefixes, Identifiers.ClaimTokenPrefix, Identifiers.ClaimAttemptTokenPrefix];
    private static readonly SearchValues<string> s_beginnings = SearchValues.Create(s_prefixes, StringComparison.OrdinalIgnoreCase);

    /// <summary>The text with every secret taken out; null when it has none.</summary>
    /// <param name="text">A path, a query or a whole URL, escaped or not.</param>
    public static string? Hide(string? text)
    {
        if (text is null || text.Length < SignedTokenBeginning.Length + ShortestRun)
        {
            return null;
        }

        string? hidden = null;
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            // Nearly every URL goes this way, and costs nothing but the look.
            if (!text.AsSpan().ContainsAny(s_beginnings) && !text.Contains(SignedTokenBeginning, StringComparison.Ordinal))
            {
                return null;
            }
        }
        else
        {
            var characters = new char[text.Length];
            var places = new int[text.Length];
            var length = Unescape(text, characters, places);
            hidden = Rewrite(text, Find(characters.AsSpan(0, length)), places, length);
        }

        // As it reads and as it stands: what looks like an escape may end where a prefix begins.
        var rest = hidden ?? text;
        return Rewrite(rest, Find(rest), [], rest.Length) ?? hidden;
    }

    /// <summary>Undoes all escapes, also of escapes, in one go: what an unescaped character completes is unescaped with it.</summary>
    /// <param name="text">The escaped text.</param>
    /// <param name="characters">Gets the characters that it stands for.</param>
    /// <param name="places">Gets where in the text each of them begins.</param>
    /// <returns>How many they are.</returns>
    private static int Unescape(string text, char[] characters, int[] places)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            characters[length] = text[i];
            places[length++] = i;
            while (length >= 3 && characters[length - 3] == '%'
                && char.IsAsciiHexDigit(characters[length - 2]) && char.IsAsciiHexDigit(characters[length - 1]))
            {
                characters[length - 3] = (char)((Digit(characters[length - 2]) << 4) | Digit(characters[length - 1]));
                length -= 2;
            }
        }

        return length;
    }

    private static int Digit(char hex) => char.IsAsciiDigit(hex) ? hex - '0' : (hex | 0x20) - 'a' + 10;

    private static List<(int Start, int End)> Find(ReadOnlySpan<char> text)
    {
        List<(int Start, int End)> found = [];
        for (var (at, next) = (0, 0); (next = text[at..].IndexOfAny(s_beginnings)) >= 0;)
        {
            var start = at + next;
            at = start + CredentialFormat.PrefixLength;
            if (LengthOf(text[at..], char.IsAsciiLetterOrDigit) >= ShortestRun)
            {
                // With what is joined to it, which may be another one.
                at += LengthOf(text[at..], IsBase64Url);
                found.Add((start, at));
            }
        }

        FindSignedTokens(text, found);
        return found;
    }

    private static void FindSignedTokens(ReadOnlySpan<char> text, List<(int Start, int End)> found)
    {
        for (var (at, next) = (0, 0); (next = text[at..].IndexOf(SignedTokenBeginning, StringComparison.Ordinal)) >= 0;)
        {
            var start = at + next;
            var first = LengthOf(text[start..], IsBase64Url);
            at = start + first;
            if (first < ShortestSegment || LengthOfSegment(text, at) < ShortestSegment)
            {
                continue;
            }

            for (int length; (length = LengthOfSegment(text, at)) >= 0;)
            {
                at += length + 1;
            }

            found.Add((start, at));
        }
    }

    /// <summary>How long the segment behind a full stop is; -1 where none stands.</summary>
    private static int LengthOfSegment(ReadOnlySpan<char> text, int at) =>
        at < text.Length && text[at] == '.' ? LengthOf(text[(at + 1)..], IsBase64Url) : -1;

    private static bool IsBase64Url(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    private static int LengthOf(ReadOnlySpan<char> text, Func<char, bool> belongs)
    {
        var length = 0;
        while (length < text.Length && belongs(text[length]))
        {
            length++;
        }

        return length;
    }

    private static string? Rewrite(string text, List<(int Start, int End)> found, int[] places, int length)
    {
        if (found.Count == 0)
        {
            return null;
        }

        int PlaceOf(int index) => index == length ? text.Length : places.Length == 0 ? index : places[index];

        var rewritten = new StringBuilder(text.Length);
        var kept = 0;
        foreach (var (start, end) in found.OrderBy(secret => secret.Start))
        {
            if (PlaceOf(start) >= kept)
            {
                rewritten.Append(text, kept, PlaceOf(start) - kept).Append(TakenOut);
            }

            kept = Math.Max(kept, PlaceOf(end));
        }

        return rewritten.Append(text, kept, text.Length - kept).ToString();
    }
}
