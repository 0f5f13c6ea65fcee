using System.Buffers;

namespace AgentAuth.Assertions;

/// <summary>The <c>kid</c> of keys and tokens.</summary>
internal static class KeyName
{
    private const int MaxLength = 256;

    /// <summary>What names of keys are made of in the wild: identifiers, thumbprints, base64, URNs, URLs.</summary>
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:@+/=#");

    /// <summary>
    /// True for what can be a key's name. It only ever gets compared; but what looks like a path or a program is no key's name, and not worth
    /// asking anybody.
    /// </summary>
    /// <param name="keyId">The <c>kid</c>.</param>
    public static bool IsUsable(string? keyId) =>
        keyId is { Length: > 0 and <= MaxLength }
        && !keyId.AsSpan().ContainsAnyExcept(Characters)
        && !keyId.Contains("..", StringComparison.Ordinal);
}
