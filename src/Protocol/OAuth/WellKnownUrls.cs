namespace AgentAuth.Protocol.OAuth;

/// <summary>The URLs that follow from a deployment's two identifiers.</summary>
/// <param name="issuer">The issuer (RFC 8414).</param>
/// <param name="resource">The resource (RFC 9728).</param>
internal sealed class WellKnownUrls(string issuer, string resource)
{
    /// <summary>Where auth.md is served, at the root of the issuer's host.</summary>
    public const string AuthMdPath = "/auth.md";

    /// <summary>What all paths of RFC 8615 begin with.</summary>
    public const string Prefix = "/.well-known/";

    /// <summary>RFC 9728 §3.</summary>
    public const string ProtectedResourcePath = Prefix + "oauth-protected-resource";

    /// <summary>RFC 8414 §3.</summary>
    public const string AuthorizationServerPath = Prefix + "oauth-authorization-server";

    /// <summary>Where a provider's keys are, under its issuer, when nobody says where: the usual place.</summary>
    public const string KeysPath = Prefix + "jwks.json";

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
