using AgentAuth.AuthMd;
using AgentAuth.Hosting;
using AgentAuth.Manifest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace AgentAuth.Analyzers;

/// <summary>What the rule takes for the protocol's paths is what the runtime maps.</summary>
public sealed class ProtocolPathsTests
{
    [Theory]
    [InlineData("https://api.example", "https://api.example", "/agent/auth")]
    [InlineData("https://auth.example/login", "https://api.example/v1", "/agent/auth")]
    [InlineData("https://api.example/", "https://api.example/v1/", "/join")]
    public async Task The_runtime_maps_them(string issuer, string resource, string register)
    {
        var authMd = AnalyzerHarness.AuthMd
            .Replace("https://api.ticketdesk.example", $"{resource}\n- **Authorization server:** {issuer}", StringComparison.Ordinal)
            + $"\n\n### identity_assertion + id-jag\n- **Credentials:** `api_key`\n\n## Endpoints\n- **Register:** `POST {register}`\n";

        var expected = await MapAsync(issuer, resource, register);

        Assert.Equal(expected, Rendered(ProtocolPaths.Of(AuthMdParser.Parse(authMd).Document).Select(path => (path.Path, (IEnumerable<string>)path.Methods))));
    }

    private static async Task<string[]> MapAsync(string issuer, string resource, string register)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["AgentAuth:Issuer"] = issuer, ["AgentAuth:Resource"] = resource });
        var manifest = new AgentAuthManifest
        {
            ServiceName = "TicketDesk",
            Issuer = issuer,
            Resource = resource,
            Scopes = [],
            Endpoints = new ManifestEndpoints { Register = register, Claim = "/agent/auth/claim", Revoke = "/agent/auth/revoke" },
            ProtectedResourceMetadata = _ => { },
            AuthorizationServerMetadata = _ => { },
            PublishedDocument = _ => { },
        };
        AgentAuthServices.Add(builder.Services, manifest, null);
        await using var app = builder.Build();
        var endpoints = AgentAuthEndpoints.For(app, manifest);
        endpoints.MapDiscovery();
        endpoints.MapRegistration();
        endpoints.MapClaims();
        endpoints.MapRevocation();
        // An endpoint for any method is there to answer 405, behind whatever the app maps at that path.
        return Rendered(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not null)
            .Select(endpoint => (endpoint.RoutePattern.RawText!, (IEnumerable<string>)endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods)));
    }

    private static string[] Rendered(IEnumerable<(string Path, IEnumerable<string> Methods)> paths) =>
        [.. paths.Select(path => path.Path + " " + string.Join(' ', path.Methods)).Distinct().Order(StringComparer.Ordinal)];
}
