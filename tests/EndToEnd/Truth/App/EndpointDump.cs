using System.Text.Json;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.StaticAssets;

namespace Truth.App;

/// <summary>Every endpoint of the running app, and whether it says something about agents: one JSON object a line.</summary>
internal static class EndpointDump
{
    public static async Task WriteAsync(IServiceProvider services, TextWriter output)
    {
        foreach (var endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints.Where(IsOfTheApp))
        {
            var final = await LoadAsync(endpoint, services);
            await output.WriteLineAsync(JsonSerializer.Serialize(new
            {
                name = final.DisplayName,
                route = (endpoint as RouteEndpoint)?.RoutePattern.RawText,
                methods = final.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [],
                says = SaysSomething(final) ? "said" : "unsaid",
            }));
        }
    }

    // Not those of the protocol, which are nobody's to annotate; not those that only make links and never answer.
    private static bool IsOfTheApp(Endpoint endpoint) =>
        endpoint.DisplayName?.StartsWith("auth.md ", StringComparison.Ordinal) != true
        && endpoint.Metadata.GetMetadata<ISuppressMatchingMetadata>()?.SuppressMatching != true;

    // A page is compiled, and its model's attributes are known, when it is first asked for.
    private static async Task<Endpoint> LoadAsync(Endpoint endpoint, IServiceProvider services) =>
        endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page and not CompiledPageActionDescriptor
            ? (await services.GetRequiredService<PageLoader>().LoadAsync(page, endpoint.Metadata)).Endpoint!
            : endpoint;

    // Public files are open to everybody, agents too, and need not say so.
    private static bool SaysSomething(Endpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null && endpoint.Metadata.GetMetadata<IAuthorizeData>() is null)
        || endpoint.Metadata.GetMetadata<DenyAgentsAttribute>() is not null
        || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
        || endpoint.Metadata.GetMetadata<AgentScopeAttribute>() is not null
        || endpoint.Metadata.GetMetadata<UserOrAgentScopeAttribute>() is not null;
}
