using System.Text;
using System.Text.Json;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Text;

namespace AgentAuth.Assertions;

/// <summary>
/// A signed JWT in compact form that passed the gate: its form is right and unambiguous, and nothing else about it is known. The
/// signature is not checked here, and no claim is to be believed.
/// </summary>
internal sealed class StrictJwt
{
    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The <c>typ</c> of an ID-JAG.</summary>
    public const string IdJagType = "oauth-id-jag+jwt";

    /// <summary>The <c>typ</c> of a logout token.</summary>
    public const string LogoutType = "logout+jwt";

    /// <summary>The <c>typ</c> of a client's assertion, where it has one.</summary>
    private const string ClientType = "client-authentication+jwt";

    /// <summary>
    /// Header members that change what the rest means. None is supported, so none may be there: <c>crit</c> because no extension is
    /// understood (RFC 7515 §4.1.11), <c>b64</c> (RFC 7797), <c>zip</c> and <c>enc</c> because this is no JWE.
    /// </summary>
    private static readonly string[] s_refusedHeaders = ["crit", "b64", "zip", "enc"];

    /// <summary>Header members that are strings wherever they are (RFC 7515 §4.1). Most are of no use to us; wrong ones are still no header.</summary>
    private static readonly string[] s_textHeaders = ["kid", "cty", "jku", "x5u", "x5t", "x5t#S256"];

    private StrictJwt(string algorithm, string? keyId, JsonElement claims, byte[] signingInput, byte[] signature)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        Claims = claims;
        SigningInput = signingInput;
        Signature = signature;
    }

    /// <summary><c>alg</c>: a wish of the token, to be compared with what its issuer may use.</summary>
    public string Algorithm { get; }

    /// <summary><c>kid</c>; null when the header has none. An untrusted text.</summary>
    public string? KeyId { get; }

    /// <summary>The payload: a JSON object.</summary>
    public JsonElement Claims { get; }

    /// <summary>What the signature is over.</summary>
    public byte[] SigningInput { get; }

    /// <summary>The signature; may be empty.</summary>
    public byte[] Signature { get; }

    /// <summary>Reads a token.</summary>
    /// <param name="token">The token as it came.</param>
    /// <param name="type">The media type that <c>typ</c> must name, without <c>application/</c>.</param>
    public static Outcome<StrictJwt> Read(string token, string type) => Read(token, typ => IsType(typ, type), type);

    /// <summary>Reads a client's assertion, whose <c>typ</c> nobody has fixed: any but those of the tokens that mean something else here.</summary>
    /// <param name="token">The token as it came.</param>
    public static Outcome<StrictJwt> ReadClientAssertion(string token) =>
        Read(token, typ => typ is null || IsType(typ, "JWT") || IsType(typ, ClientType), ClientType);

    private static Outcome<StrictJwt> Read(string token, Func<string?, bool> isType, string type)
    {
        if (token.Length > MaxLength)
        {
            return Malformed($"The token is longer than {MaxLength} characters. Send a smaller one.");
        }

        Span<Range> segments = stackalloc Range[4];
        var text = token.AsSpan();
        if (text.Split(segments, '.') != 3)
        {
            return Malformed("The token does not consist of three segments. Send a signed JWT in compact form; encrypted ones are not accepted.");
        }

        if (!Base64UrlText.TryDecode(text[segments[0]], out var headerJson)
            || !Base64UrlText.TryDecode(text[segments[1]], out var claimsJson)
            || !Base64UrlText.TryDecode(text[segments[2]], out var signature))
        {
            return Malformed("A segment of the token is not base64url without padding or white space (RFC 7515 §2).");
        }

        if (!StrictJson.TryParseObject(headerJson, out var header) || !StrictJson.TryParseObject(claimsJson, out var claims))
        {
            return Malformed("The token's header or payload is not one JSON object in UTF-8 with each member once, nested at most 16 deep.");
        }

        foreach (var name in s_refusedHeaders)
        {
            if (header.Has(name))
            {
                return Malformed($"The token's header has `{name}`, which is not supported. Sign the token without it.");
            }
        }

        if (!isType(header.TextOf("typ")) || header.Member("typ").ValueKind is not (JsonValueKind.String or JsonValueKind.Undefined))
        {
            return Malformed($"The token's `typ` is not `{type}`. Send the kind of token that this endpoint takes.");
        }

        if (header.TextOf("alg") is not { } algorithm)
        {
            return Malformed("The token's header has no `alg` (RFC 7515 §4.1.1).");
        }

        foreach (var name in s_textHeaders)
        {
            if (header.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.String)
            {
                return Malformed($"The token's `{name}` is not a string (RFC 7515 §4.1).");
            }
        }

        var signed = token.AsSpan(0, segments[1].End.GetOffset(token.Length));
        return new StrictJwt(algorithm, header.TextOf("kid"), claims, Encoding.ASCII.GetBytes(signed.ToArray()), signature);
    }

    /// <summary>Compares media types: case does not matter, and <c>application/</c> may be left out (RFC 7515 §4.1.9).</summary>
    private static bool IsType(ReadOnlySpan<char> typ, string expected)
    {
        const string Prefix = "application/";
        var bare = typ.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? typ[Prefix.Length..] : typ;
        return bare.Equals(expected, StringComparison.OrdinalIgnoreCase);
    }

    private static Refusal Malformed(string message) => new(RefusalReason.MalformedAssertion, message);
}
