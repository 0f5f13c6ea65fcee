using AgentAuth.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;

namespace AgentAuth.Hosting;

/// <summary>What is to be mended at an endpoint.</summary>
/// <param name="Endpoint">Methods and pattern, and the name where it says more.</param>
/// <param name="UndeclaredScope">The scope that auth.md does not declare; null: the endpoint says nothing about agents.</param>
internal sealed record EndpointFinding(string Endpoint, string? UndeclaredScope)
{
    /// <summary>Goes on where "The endpoint X" ends.</summary>
    public string Problem => UndeclaredScope is null
        ? "says nothing about agents, so every agent gets 403 there. Say what you mean: RequireAgentScope, RequireUserOrAgentScope, DenyAgents or AllowAnonymous."
        : $"asks for the scope '{UndeclaredScope}' that auth.md does not declare: no agent can ever hold it.";

    public override string ToString() => $"The endpoint {Endpoint} {Problem}";
}

/// <summary>Holds the app's endpoints against auth.md.</summary>
/// <param name="declaredScopes">The scopes of auth.md.</param>
/// <param name="filesArePublic">False when a fallback policy of the app guards what says nothing, the files of <c>MapStaticAssets</c> among it.</param>
/// <param name="pages">Compiles Razor Pages; null where there are none.</param>
internal sealed class EndpointFindings(IReadOnlyCollection<string> declaredScopes, bool filesArePublic, PageLoader? pages)
{
    public IEnumerable<EndpointFinding> In(IEnumerable<Endpoint> endpoints)
    {
        var told = new HashSet<ActionDescriptor>();

        // Beside its routes an action may have an endpoint without one, which dynamic routes look for: told only when the routes had nothing to tell.
        foreach (var endpoint in endpoints.Where(Answers).OrderByDescending(e => e is RouteEndpoint).Select(Loaded))
        {
            var action = endpoint.Metadata.GetMetadata<ActionDescriptor>();
            var findings = Of(endpoint).ToArray();
            if (findings.Length > 0 && (action is null || told.Add(action) || endpoint is RouteEndpoint))
            {
                foreach (var finding in findings)
                {
                    yield return finding;
                }
            }
        }
    }

    private IEnumerable<EndpointFinding> Of(Endpoint endpoint)
    {
        var access = EndpointAccess.Of(endpoint);
        if (access == AgentAccess.Unsaid || (access == AgentAccess.PublicFile && !filesArePublic))
        {
            yield return new EndpointFinding(NameOf(endpoint), null);
        }

        foreach (var scope in EndpointAccess.ScopesOf(endpoint).Except(declaredScopes, StringComparer.Ordinal))
        {
            yield return new EndpointFinding(NameOf(endpoint), scope);
        }

        if (endpoint.Metadata.GetMetadata<HubMetadata>() is { } hub && endpoint.Metadata.GetMetadata<NegotiateMetadata>() is null)
        {
            foreach (var method in InertGuards.HubMethodsOf(hub.HubType))
            {
                foreach (var scope in HubMethodAccess.Of(method).Scopes.Except(declaredScopes, StringComparer.Ordinal))
                {
                    yield return new EndpointFinding($"{NameOf(endpoint)}, at its method {method.Name},", scope);
                }
            }
        }
    }

    // Not those that only make links, and not those in whose place routing puts another one.
    private static bool Answers(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ISuppressMatchingMetadata>() is not { SuppressMatching: true }
        && endpoint.Metadata.GetMetadata<IDynamicEndpointMetadata>() is not { IsDynamic: true };

    // With runtime compilation a page has none of its attributes before it is loaded, which the framework does on its first request.
    public Endpoint Loaded(Endpoint endpoint)
    {
        var page = endpoint.Metadata.GetMetadata<PageActionDescriptor>();
        if (pages is null || page is null or CompiledPageActionDescriptor)
        {
            return endpoint;
        }

        try
        {
            return pages.LoadAsync(page, endpoint.Metadata).GetAwaiter().GetResult().Endpoint ?? endpoint;
        }
        catch (Exception)
        {
            // Whatever is wrong with the page, its first request tells better. What it would say about agents, nobody knows: nothing, so far.
            return endpoint;
        }
    }

    /// <summary>Methods and pattern, and the name where it says more.</summary>
    public static string NameOf(Endpoint endpoint)
    {
        var name = endpoint.DisplayName;
        if (endpoint is not RouteEndpoint { RoutePattern.RawText: { } pattern })
        {
            return name ?? "(unnamed)";
        }

        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } some ? string.Join(", ", some) : "ANY";
        var place = $"{methods} /{pattern.TrimStart('/')}";

        // The framework's own names mostly repeat the pattern; a controller's, a handler's or the app's own helps to find the code.
        var repeats = name is null or "" || name == $"HTTP: {methods} {pattern}" || name.TrimStart('/') == pattern.TrimStart('/');
        return repeats ? place : $"{place} [{name}]";
    }
}
