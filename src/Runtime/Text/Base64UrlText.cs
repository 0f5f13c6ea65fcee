using System.Buffers.Text;

namespace AgentAuth.Text;

/// <summary>base64url as RFC 7515 §2 defines it: no padding, no white space, no second spelling of the same bytes.</summary>
internal static class Base64UrlText
{
    /// <summary>Decodes canonical base64url. The empty text is the empty array.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">What it spells; empty when the answer is false.</param>
    /// <returns>False when the text is not exactly what encoding its bytes gives.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(text))
        {
            return false;
        }

        // The framework's decoder tolerates white space, padding and stray bits at the end. Spelling the bytes again shows all three.
        var decoded = Base64Url.DecodeFromChars(text);
        if (!Base64Url.EncodeToString(decoded).AsSpan().SequenceEqual(text))
        {
            return false;
        }

        bytes = decoded;
        return true;
    }
}
