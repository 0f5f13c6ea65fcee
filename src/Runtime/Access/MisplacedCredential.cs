using System.Buffers;
using System.Text;
using AgentAuth.Credentials;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Access;

/// <summary>
/// Finds a credential of ours where none is read, by its form alone, so that its holder is told where it belongs instead of taking it for
/// refused and registering again. It is not looked up, logged or handed on: what it may do is decided where it belongs.
/// </summary>
internal static class MisplacedCredential
{
    private const string Basic = "Basic ";

    private static readonly SearchValues<string> s_prefixes = SearchValues.Create(CredentialFormat.Prefixes, StringComparison.Ordinal);

    /// <summary>Where it was found, as the middle of a sentence; null when there is none, or when one was read where it belongs.</summary>
    /// <param name="request">A request that is being answered 401.</param>
    public static string? PlaceIn(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        if (authorization.Count == 1
            && AgentAuthenticationHandler.TryReadBearer(authorization[0], out var read)
            && CredentialFormat.ShapeOf(read) == CredentialShape.WellFormed)
        {
            return null;
        }

        if (authorization.Any(header => Has(header) || (IsBasic(header, out var pair) && Has(pair))))
        {
            return "in the Authorization header, but not alone behind 'Bearer'";
        }

        if (request.Headers.Any(header => header.Value.Any(Has)))
        {
            return "in a header other than Authorization";
        }

        return request.Query.Any(parameter => Has(parameter.Key) || parameter.Value.Any(Has)) ? "in the query of the URL" : null;
    }

    private static bool IsBasic(string? header, out string pair)
    {
        pair = "";
        if (header is null || !header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64Chars(header.AsSpan(Basic.Length).Trim(' '), bytes, out var length))
        {
            return false;
        }

        pair = Encoding.Latin1.GetString(bytes.AsSpan(0, length));
        return true;
    }

    /// <summary>True when a text holds a whole credential, with nothing of its alphabet right behind it: a longer one was mistyped, not misplaced.</summary>
    private static bool Has(string? text)
    {
        var rest = text.AsSpan();
        for (int start; (start = rest.IndexOfAny(s_prefixes)) >= 0; rest = rest[1..])
        {
            rest = rest[start..];
            if (rest.Length >= CredentialFormat.Length
                && CredentialFormat.ShapeOf(rest[..CredentialFormat.Length]) == CredentialShape.WellFormed
                && (rest.Length == CredentialFormat.Length || !Base62.IsDigit(rest[CredentialFormat.Length])))
            {
                return true;
            }
        }

        return false;
    }
}
