using System.Text.Json;

namespace AgentAuth.Trust;

/// <summary>
/// This service's identifiers where a token names them: in <c>aud</c> and <c>resource</c>. They are compared byte for byte, but for a lone
/// slash at the root: <c>https://h</c> and <c>https://h/</c> are one (RFC 3986 §6.2.3), and whoever makes an identifier a URL object sends the latter. Never
/// for <c>iss</c>, <c>client_id</c> or anything else.
/// </summary>
internal static class ServiceIdentifier
{
    private const string Authority = "://";

    /// <summary>True for a JSON string that is the identifier.</summary>
    /// <param name="value">What a token has.</param>
    /// <param name="identifier">The identifier as it is configured.</param>
    public static bool Names(JsonElement value, string identifier) =>
        value.ValueKind is JsonValueKind.String && AreSame(value.GetString()!, identifier);

    /// <summary>True for two that are the same, or differ in the slash at the root alone.</summary>
    /// <param name="one">One.</param>
    /// <param name="other">The other.</param>
    public static bool AreSame(string one, string other) => WithoutRootSlash(one).SequenceEqual(WithoutRootSlash(other));

    /// <summary>Takes the slash away that ends an identifier, where it is the first one behind the host: nothing else may be between them.</summary>
    private static ReadOnlySpan<char> WithoutRootSlash(string identifier)
    {
        var text = identifier.AsSpan();
        var host = text.IndexOf(Authority, StringComparison.Ordinal) + Authority.Length;
        return host > Authority.Length && text[host..].IndexOfAny('/', '?', '#') is > 0 and var slash && host + slash == text.Length - 1 && text[^1] == '/'
            ? text[..^1]
            : text;
    }
}
