using AgentAuth.Protocol.V01;

namespace AgentAuth.AuthMd;

/// <summary>The paths of a service's endpoints under its issuer, each beginning with a slash.</summary>
/// <param name="Register">Registration.</param>
/// <param name="Claim">The claim ceremony; its further steps lie below it.</param>
/// <param name="Revoke">Revocation by providers.</param>
public sealed record ResolvedEndpoints(string Register, string Claim, string Revoke);

/// <summary>Checks the paths of endpoints, and finds what they are where the document does not say.</summary>
public static class EndpointPaths
{
    // RFC 3986 §3.3 pchar without percent signs: an encoded path has two spellings, and servers disagree about which is routed.
    private const string Marks = "-._~!$&'()*+,;=:@/";

    /// <summary>The endpoints of a document: what it declares, as paths under its issuer, and the protocol's defaults for the rest.</summary>
    /// <param name="document">The document.</param>
    public static ResolvedEndpoints Of(AuthDocument document)
    {
        if (document is null)
        {
            throw new ArgumentNullException(nameof(document));
        }

        var issuer = IssuerOf(document);
        return new ResolvedEndpoints(
            PathOf(document.Endpoints.Register, issuer, V01Paths.Register),
            PathOf(document.Endpoints.Claim, issuer, V01Paths.Claim),
            PathOf(document.Endpoints.Revoke, issuer, V01Paths.Revoke));
    }

    /// <summary>The authorization server's identifier: what the document declares, or the resource's origin; empty when neither is known.</summary>
    /// <param name="document">The document.</param>
    public static string IssuerOf(AuthDocument document)
    {
        if (document is null)
        {
            throw new ArgumentNullException(nameof(document));
        }

        return document.AuthorizationServer?.Value
            ?? (Uri.TryCreate(document.Resource?.Value, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : "");
    }

    /// <summary>True when an ID-JAG buys an access token at the token endpoint: where the document gives access tokens for ID-JAGs.</summary>
    /// <param name="document">The document.</param>
    public static bool HasTokenEndpoint(AuthDocument document)
    {
        if (document is null)
        {
            throw new ArgumentNullException(nameof(document));
        }

        return document.Methods.FirstOrDefault(method => method.Kind == MethodKind.IdentityAssertion) is { } method
            && (method.Credentials.IsEmpty || method.Credentials.Any(credential => credential.Value == CredentialKind.AccessToken));
    }

    // An author may write the whole URL.
    private static string PathOf(Located<string>? endpoint, string issuer, string byDefault)
    {
        if (endpoint is null)
        {
            return byDefault;
        }

        var path = endpoint.Value;
        var issuerBase = issuer.TrimEnd('/');
        if (issuerBase.Length > 0 && path.StartsWith(issuerBase + "/", StringComparison.Ordinal))
        {
            path = path.Substring(issuerBase.Length);
        }
        else if (!path.StartsWith("/", StringComparison.Ordinal) && Uri.TryCreate(path, UriKind.Absolute, out var uri))
        {
            path = uri.AbsolutePath;
        }

        return path.Length > 1 ? path.TrimEnd('/') : byDefault;
    }

    /// <summary>Why a path cannot be an endpoint's, as the end of a sentence; null when it can.</summary>
    internal static string? Fault(string path)
    {
        if (path.Length == 0 || path[0] != '/')
        {
            return "does not start with /";
        }

        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            return "starts with //, which names a host";
        }

        if (path.IndexOfAny(['?', '#']) >= 0)
        {
            return "has a query or a fragment";
        }

        if (path.FirstOrDefault(c => !IsAllowed(c)) is var bad and not '\0')
        {
            return $"contains \"{bad}\"";
        }

        if (path.Split('/').Any(segment => segment is "." or ".."))
        {
            return "contains a . or .. segment";
        }

        return null;
    }

    private static bool IsAllowed(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' || Marks.IndexOf(c) >= 0;
}
