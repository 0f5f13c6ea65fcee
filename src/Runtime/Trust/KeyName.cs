using System.Buffers;

namespace AgentAuth.Trust;

/// <summary>The <c>kid</c> of keys and tokens.</summary>
internal static class KeyName
{
    private const int MaxLength = 256;

    /// <summary>
    /// Visible ASCII and the space, without quotation marks, angle brackets and what else ends a text in a program: identifiers, thumbprints, base64, URNs,
    /// URLs and GUIDs in braces are made of the others.
    /// </summary>
    private static readonly SearchValues<char> s_characters =
        SearchValues.Create(" !#$%&()*+,-./0123456789:=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>
    /// True for what can be a key's name. It only ever gets compared; but what looks like a path or a program is no key's name, and not worth
    /// asking anybody.
    /// </summary>
    /// <param name="keyId">The <c>kid</c>.</param>
    public static bool IsUsable(string? keyId) =>
        keyId is { Length: > 0 and <= MaxLength }
        && !keyId.AsSpan().ContainsAnyExcept(s_characters)
        && !keyId.Split('/').Contains("..");
}
