using AgentAuth.Manifest;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Claims;

/// <summary>The token of the mailed link that was opened.</summary>
/// <param name="Value">The token.</param>
internal sealed record ClaimLinkToken(string Value)
{
    /// <summary>That of a request; empty when it has none.</summary>
    public static string Of(HttpContext context) => context.Features.Get<ClaimLinkToken>()?.Value ?? context.Request.Query["token"].ToString();

    // A record prints its members; this one must not.
    public override string ToString() => "(token)";
}

/// <summary>
/// Takes the token of a mailed link out of the request's address before ASP.NET Core, or any middleware, logs or traces that: whoever could
/// read it there would see the code that the link shows. This is the only place ahead of the server's own "Request starting".
/// </summary>
internal sealed class ClaimLinkContextFactory(IServiceProvider services, AgentAuthManifest manifest) : IHttpContextFactory
{
    private readonly DefaultHttpContextFactory _inner = new(services);
    private readonly string _page = manifest.Endpoints.Claim + "/view";

    /// <summary>Puts it in the place of ASP.NET Core's. An app that has a factory of its own keeps that.</summary>
    public static void AddTo(IServiceCollection services)
    {
        if (services.All(service => service.ServiceType != typeof(IHttpContextFactory) || service.ImplementationType == typeof(DefaultHttpContextFactory)))
        {
            services.AddSingleton<IHttpContextFactory, ClaimLinkContextFactory>();
        }
    }

    public HttpContext Create(IFeatureCollection featureCollection)
    {
        if (featureCollection.Get<IHttpRequestFeature>() is { QueryString.Length: > 0 } request
            && request.Path.AsSpan().TrimEnd('/').EndsWith(_page, StringComparison.OrdinalIgnoreCase))
        {
            featureCollection.Set(new ClaimLinkToken(
                QueryHelpers.ParseQuery(request.QueryString).TryGetValue("token", out var token) ? token.ToString() : ""));
            request.QueryString = "";
            request.RawTarget = request.PathBase + request.Path;
        }

        return _inner.Create(featureCollection);
    }

    public void Dispose(HttpContext httpContext) => _inner.Dispose(httpContext);
}
