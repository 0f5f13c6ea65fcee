using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentAuth.Hosting;

/// <summary>Holds the URLs that are published against the endpoints that are mapped: a group's prefix moves these and not those.</summary>
internal static class PublishedUrlCheck
{
    /// <summary>A sentence for each URL that nobody serves.</summary>
    public static IEnumerable<string> Problems(IEnumerable<Endpoint> endpoints)
    {
        foreach (var published in endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Metadata: endpoint.Metadata.GetMetadata<PublishedEndpoint>(), Path: PathOf(endpoint)))
            .Where(endpoint => endpoint.Metadata is not null)
            .GroupBy(endpoint => (endpoint.Metadata!.Name, endpoint.Metadata.Url)))
        {
            var expected = published.First().Metadata!.Paths;
            if (!published.Any(endpoint => expected.Contains(endpoint.Path, StringComparer.OrdinalIgnoreCase)))
            {
                yield return
                    $"The {published.Key.Name} is published as {published.Key.Url}, and nothing is mapped there: MapAgentAuth mapped it at {string.Join(", ", published.Select(endpoint => endpoint.Path))}. "
                    + "Call MapAgentAuth on the app itself and not on a group with a prefix. Where the service lives under a path, give it to AgentAuth:Issuer and AgentAuth:Resource instead.";
            }
        }
    }

    private static string PathOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText?.TrimStart('/');
}
