namespace AgentAuth.AuthMd.Published;

/// <summary>The URLs that follow from a deployment's two identifiers. Compiled into the runtime too, so that both agree to the letter.</summary>
/// <param name="issuer">The issuer (RFC 8414).</param>
/// <param name="resource">The resource (RFC 9728).</param>
internal sealed class WellKnownUrls(string issuer, string resource)
{
    public const string AuthMdPath = "/auth.md";
    public const string ProtectedResourcePath = "/.well-known/oauth-protected-resource";
    public const string AuthorizationServerPath = "/.well-known/oauth-authorization-server";

    private readonly Uri _issuer = new(issuer);
    private readonly Uri _resource = new(resource);

    /// <summary>The issuer without a trailing slash.</summary>
    public string IssuerBase { get; } = issuer.TrimEnd('/');

    /// <summary>The issuer's path without a trailing slash; empty when it has none.</summary>
    public string IssuerPath => _issuer.AbsolutePath.TrimEnd('/');

    /// <summary>The resource's path; empty when it has none.</summary>
    public string ResourcePath => _resource.AbsolutePath == "/" ? "" : _resource.AbsolutePath;

    /// <summary>Where auth.md is served.</summary>
    public string AuthMd => Origin(_issuer) + AuthMdPath;

    /// <summary>RFC 9728 §3.1: the well-known part goes between host and path.</summary>
    public string ProtectedResourceMetadata => Origin(_resource) + ProtectedResourcePath + ResourcePath + _resource.Query;

    /// <summary>RFC 8414 §3.1: likewise.</summary>
    public string AuthorizationServerMetadata => Origin(_issuer) + AuthorizationServerPath + IssuerPath;

    /// <summary>
    /// For an identifier with a path: where the RFCs put a document (behind the well-known part), the plain form, and where v0.1 clients look
    /// (before it).
    /// </summary>
    public static IEnumerable<string> Places(string wellKnown, string path) =>
        path.Length == 0 ? [wellKnown] : new[] { wellKnown, wellKnown + path, path.TrimEnd('/') + wellKnown }.Distinct(StringComparer.OrdinalIgnoreCase);

    private static string Origin(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
