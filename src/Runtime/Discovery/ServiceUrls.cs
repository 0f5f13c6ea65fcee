using AgentAuth.Hosting;
using AgentAuth.Manifest;

namespace AgentAuth.Discovery;

/// <summary>
/// Every URL that the service publishes. All are built from the configured issuer and resource, none from a request: a spoofed Host
/// header changes nothing.
/// </summary>
internal sealed class ServiceUrls
{
    public const string AuthMdPath = "/auth.md";
    public const string ProtectedResourcePath = "/.well-known/oauth-protected-resource";
    public const string AuthorizationServerPath = "/.well-known/oauth-authorization-server";

    public ServiceUrls(AgentAuthSettings settings)
    {
        var resource = new Uri(settings.Resource);
        var issuer = new Uri(settings.Issuer);
        Issuer = settings.Issuer;
        Resource = settings.Resource;
        IssuerBase = settings.Issuer.TrimEnd('/');
        IssuerPath = issuer.AbsolutePath.TrimEnd('/');
        ResourcePath = resource.AbsolutePath == "/" ? "" : resource.AbsolutePath;
        AuthMd = Origin(issuer) + AuthMdPath;
        ProtectedResourceMetadata = Origin(resource) + ProtectedResourcePath + ResourcePath + resource.Query;
        AuthorizationServerMetadata = Origin(issuer) + AuthorizationServerPath + IssuerPath;
        Register = IssuerBase + settings.Manifest.Endpoints.Register;
        Claim = IssuerBase + settings.Manifest.Endpoints.Claim;
        ClaimPath = IssuerPath + settings.Manifest.Endpoints.Claim;
    }

    public string Issuer { get; }

    public string Resource { get; }

    /// <summary>The issuer without a trailing slash.</summary>
    public string IssuerBase { get; }

    /// <summary>The issuer's path without a trailing slash; empty when it has none.</summary>
    public string IssuerPath { get; }

    /// <summary>The resource's path; empty when it has none.</summary>
    public string ResourcePath { get; }

    public string AuthMd { get; }

    /// <summary>RFC 9728 §3.1: the well-known part goes between host and path.</summary>
    public string ProtectedResourceMetadata { get; }

    /// <summary>RFC 8414 §3.1: likewise.</summary>
    public string AuthorizationServerMetadata { get; }

    public string Register { get; }

    public string Claim { get; }

    /// <summary>The path of <see cref="Claim"/>: what the claim page's forms post to, on whatever host the person reached it.</summary>
    public string ClaimPath { get; }

    /// <summary>The page that a mailed link opens.</summary>
    public string ClaimView(string attemptToken) => $"{Claim}/view?token={Uri.EscapeDataString(attemptToken)}";

    public string ValueOf(DocumentSlot slot) => slot switch
    {
        DocumentSlot.Issuer => Issuer,
        DocumentSlot.Resource => Resource,
        DocumentSlot.IssuerBase => IssuerBase,
        DocumentSlot.AuthMdUrl => AuthMd,
        DocumentSlot.ProtectedResourceMetadataUrl => ProtectedResourceMetadata,
        DocumentSlot.AuthorizationServerMetadataUrl => AuthorizationServerMetadata,
        _ => throw new ArgumentOutOfRangeException(nameof(slot), slot, "Not a slot."),
    };

    private static string Origin(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
