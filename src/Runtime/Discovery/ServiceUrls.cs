using AgentAuth.Configuration;
using AgentAuth.Manifest;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Protocol.V01;

namespace AgentAuth.Discovery;

/// <summary>
/// Every URL that the service publishes. All are built from the configured issuer and resource, none from a request: a spoofed Host
/// header changes nothing.
/// </summary>
internal sealed class ServiceUrls
{
    public ServiceUrls(AgentAuthSettings settings)
    {
        var urls = new WellKnownUrls(settings.Issuer, settings.Resource);
        Issuer = settings.Issuer;
        Resource = settings.Resource;
        IssuerBase = urls.IssuerBase;
        IssuerPath = urls.IssuerPath;
        ResourcePath = urls.ResourcePath;
        AuthMd = urls.AuthMd;
        ProtectedResourceMetadata = urls.ProtectedResourceMetadata;
        AuthorizationServerMetadata = urls.AuthorizationServerMetadata;
        Register = IssuerBase + settings.Manifest.Endpoints.Register;
        Claim = IssuerBase + settings.Manifest.Endpoints.Claim;
        Token = IssuerBase + OAuthPaths.Token;
        RevokeToken = IssuerBase + OAuthPaths.Revoke;
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

    public string Token { get; }

    public string RevokeToken { get; }

    /// <summary>The path of <see cref="Claim"/>: what the claim page's forms post to, on whatever host the person reached it.</summary>
    public string ClaimPath { get; }

    /// <summary>The page that a mailed link opens.</summary>
    public string ClaimView(string attemptToken) => $"{Claim}{V01Paths.View}?{V01Paths.LinkParameter}={Uri.EscapeDataString(attemptToken)}";

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
}
