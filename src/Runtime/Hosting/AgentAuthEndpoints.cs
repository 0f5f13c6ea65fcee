using System.ComponentModel;
using AgentAuth.Discovery;
using AgentAuth.Manifest;
using AgentAuth.Pages;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Protocol.V01;
using AgentAuth.Wire.Http;
using AgentAuth.Wire.OAuth;
using AgentAuth.Wire.V01;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Hosting;

/// <summary>
/// Maps the endpoints. Called by the generated <c>MapAgentAuth</c>, which calls a method here for each part that auth.md enables; a part that
/// is never called is not even compiled into a trimmed app.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AgentAuthEndpoints : IEndpointConventionBuilder
{
    private static readonly string[] s_get = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] s_post = [HttpMethods.Post];
    private static readonly string[] s_getAndPost = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post];

    private readonly IEndpointRouteBuilder _endpoints;
    private readonly ManifestEndpoints _paths;
    private readonly ServiceUrls _urls;
    private readonly AgentAuthManifest _manifest;
    private readonly List<IEndpointConventionBuilder> _mapped = [];

    private AgentAuthEndpoints(IEndpointRouteBuilder endpoints, AgentAuthManifest manifest, ServiceUrls urls)
    {
        _endpoints = endpoints;
        _manifest = manifest;
        _paths = manifest.Endpoints;
        _urls = urls;
    }

    /// <summary>Begins to map.</summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="manifest">The manifest that <c>AddAgentAuth</c> was given.</param>
    /// <exception cref="InvalidOperationException"><c>AddAgentAuth</c> was not called.</exception>
    public static AgentAuthEndpoints For(IEndpointRouteBuilder endpoints, AgentAuthManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(manifest);
        return endpoints.ServiceProvider.GetService<AgentAuthManifest>() is null
            ? throw new InvalidOperationException("MapAgentAuth needs the services: call builder.Services.AddAgentAuth() before builder.Build().")
            : new AgentAuthEndpoints(endpoints, manifest, endpoints.ServiceProvider.GetRequiredService<ServiceUrls>());
    }

    /// <summary>Maps auth.md and the two metadata documents, at every place where a client may look for them.</summary>
    public void MapDiscovery()
    {
        var authMd = DiscoveryDocument.Markdown(_manifest.PublishedDocument, _urls);
        var resource = DiscoveryDocument.Json(_manifest.ProtectedResourceMetadata, _urls);
        var server = DiscoveryDocument.Json(_manifest.AuthorizationServerMetadata, _urls);
        MapDocument([WellKnownUrls.AuthMdPath], "document", _urls.AuthMd, authMd);
        MapDocument(WellKnownUrls.Places(WellKnownUrls.ProtectedResourcePath, _urls.ResourcePath), "protected-resource metadata", _urls.ProtectedResourceMetadata, resource);
        MapDocument(WellKnownUrls.Places(WellKnownUrls.AuthorizationServerPath, _urls.IssuerPath), "authorization-server metadata", _urls.AuthorizationServerMetadata, server);
    }

    /// <summary>Maps registration.</summary>
    public void MapRegistration() =>
        MapUnderIssuer(s_post, _paths.Register, "registration", context => Get<RegistrationEndpoint>(context).HandleAsync(context));

    /// <summary>Maps the claim ceremony and its page.</summary>
    public void MapClaims()
    {
        MapUnderIssuer(s_post, _paths.Claim, "claim", context => Get<ClaimEndpoints>(context).StartAsync(context));
        MapUnderIssuer(s_post, _paths.Claim + V01Paths.Complete, "claim completion", context => Get<ClaimEndpoints>(context).CompleteAsync(context));
        MapUnderIssuer(s_get, _paths.Claim + V01Paths.View, "claim page", context => Get<ClaimEndpoints>(context).ViewAsync(context));
        MapUnderIssuer(s_get, _paths.Claim + V01Paths.ViewStyle, "claim page style", PageShell.WriteStyleAsync, isPublic: true);
        MapUnderIssuer(s_getAndPost, _paths.Claim + V01Paths.Challenge, "claim challenge", context => IsPost(context)
            ? Get<ClaimEndpoints>(context).ChallengeAsync(context)
            : Get<ClaimEndpoints>(context).ViewAgainAsync(context));
        MapUnderIssuer(s_getAndPost, _paths.Claim + V01Paths.Decline, "claim refusal", context => IsPost(context)
            ? Get<ClaimEndpoints>(context).DeclineAsync(context)
            : Get<ClaimEndpoints>(context).ViewAgainAsync(context));
    }

    /// <summary>Maps revocation by providers.</summary>
    public void MapRevocation() =>
        MapUnderIssuer(s_post, _paths.Revoke, "revocation", context => Get<RevocationEndpoint>(context).HandleAsync(context));

    /// <summary>Maps the OAuth endpoints: token (RFC 6749), revocation (RFC 7009), and a page where there is no authorization endpoint.</summary>
    public void MapOAuth()
    {
        MapUnderIssuer(s_post, OAuthPaths.Token, "token", context => Get<TokenEndpoint>(context).HandleAsync(context), profile: OAuthProfile.Instance);
        MapUnderIssuer(s_post, OAuthPaths.Revoke, "token revocation", context => Get<TokenRevocationEndpoint>(context).HandleAsync(context), profile: OAuthProfile.Instance);
        MapUnderIssuer(s_get, OAuthPaths.Authorize, "authorize page", context => Get<AuthorizePage>(context).HandleAsync(context));
    }

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention) => _mapped.ForEach(builder => builder.Add(convention));

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention) => _mapped.ForEach(builder => builder.Finally(finallyConvention));

    private static bool IsPost(HttpContext context) => HttpMethods.IsPost(context.Request.Method);

    // On the first request and not before: tools build an app to look at its endpoints, and that must not open a store.
    private static T Get<T>(HttpContext context)
        where T : notnull =>
        context.RequestServices.GetRequiredService<T>();

    private void MapDocument(IEnumerable<string> paths, string name, string url, DiscoveryDocument document) =>
        Map(s_get, paths, new PublishedEndpoint(name, url, [new Uri(url).AbsolutePath], IsReadByPages: true), isPublic: true, document.WriteAsync);

    // Under the issuer's path, and without it for apps behind a proxy that takes the path away.
    private void MapUnderIssuer(string[] methods, string path, string name, Func<HttpContext, Task> handler, bool isPublic = false, WireProfile? profile = null)
    {
        string[] paths = [.. new[] { path, _urls.IssuerPath + path }.Distinct(StringComparer.OrdinalIgnoreCase)];
        Map(methods, paths, new PublishedEndpoint(name, _urls.IssuerBase + path, paths, IsReadByPages: profile == OAuthProfile.Instance), isPublic, handler, profile);
    }

    private void Map(
        string[] methods, IEnumerable<string> paths, PublishedEndpoint published, bool isPublic, Func<HttpContext, Task> handler, WireProfile? profile = null)
    {
        foreach (var path in paths)
        {
            _mapped.AddRange(ProtocolEndpoint.Map(profile ?? V01Profile.Instance, _endpoints, methods, path, published, isPublic, handler));
        }
    }
}
