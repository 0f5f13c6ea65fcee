using AgentAuth.AuthMd;
using AgentAuth.Protocol.OAuth;

namespace AgentAuth.Analyzers;

/// <summary>The identifiers of an auth.md and the URLs that follow from them, each with what is to be said about it in code.</summary>
internal sealed class ServiceIdentifiers
{
    private readonly Dictionary<string, string> _messages = new(StringComparer.Ordinal);

    public ServiceIdentifiers(AuthDocument document)
    {
        var issuer = EndpointPaths.IssuerOf(document);
        if (document.Resource?.Value is not { } resource || !Uri.TryCreate(resource, UriKind.Absolute, out _) || !Uri.TryCreate(issuer, UriKind.Absolute, out _))
        {
            return;
        }

        Add(resource, "is the resource", "Read AgentAuthSettings.Resource");
        Add(issuer, "is the issuer", "Read AgentAuthSettings.Issuer");
        var urls = new WellKnownUrls(issuer, resource);
        Add(urls.ProtectedResourceMetadata, "follows from the resource", "Make it from AgentAuthSettings.Resource");
        foreach (var url in new[] { urls.AuthMd, urls.AuthorizationServerMetadata }.Concat(UnderIssuer(document).Select(path => urls.IssuerBase + path)))
        {
            Add(url, "follows from the issuer", "Make it from AgentAuthSettings.Issuer");
        }
    }

    /// <summary>What to say about a text; null when it is none of them.</summary>
    public string? Find(string text) => _messages.TryGetValue(text, out var message) ? message : null;

    private static IEnumerable<string> UnderIssuer(AuthDocument document)
    {
        var endpoints = EndpointPaths.Of(document);
        return [endpoints.Register, endpoints.Claim, endpoints.Revoke];
    }

    // The first that is said stands: an issuer may be the same as the resource.
    private void Add(string url, string what, string instead)
    {
        if (!_messages.ContainsKey(url))
        {
            _messages.Add(url, $"'{url}' {what} of auth.md, which a deployment may override. {instead}, from the services, instead");
        }
    }
}
