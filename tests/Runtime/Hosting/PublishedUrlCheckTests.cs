using System.Net;
using Microsoft.AspNetCore.Builder;

namespace AgentAuth.Hosting;

/// <summary>A service that publishes addresses which nobody serves does not start.</summary>
public sealed class PublishedUrlCheckTests
{
    [Finding("W6", "`app.MapGroup(\"/v1\").MapAgentAuth()`", "The start is refused, with each URL that is published and not served, and what to do")]
    [Fact]
    public async Task W6_endpoints_that_a_group_has_moved_stop_the_start()
    {
        var refused = await Assert.ThrowsAsync<AgentAuthConfigurationException>(() => StartInGroupAsync("/v1", _ => { }));

        Assert.Contains(
            "The registration is published as https://auth.tickets.example/agent/auth, and nothing is mapped there: MapAgentAuth mapped it at /v1/agent/auth.",
            refused.Message,
            StringComparison.Ordinal);
        Assert.Contains("https://api.tickets.example/.well-known/oauth-protected-resource", refused.Message, StringComparison.Ordinal);
        Assert.Contains("AgentAuth:Issuer", refused.Message, StringComparison.Ordinal);
    }

    [Finding("W6", "The same with an issuer that has that path", "The start is refused for the metadata, which the RFCs put at the root")]
    [Fact]
    public async Task W6_metadata_that_a_group_has_moved_stops_the_start()
    {
        var refused = await Assert.ThrowsAsync<AgentAuthConfigurationException>(
            () => StartInGroupAsync("/v1", options => options.Issuer = "https://auth.tickets.example/v1"));

        Assert.Contains("https://auth.tickets.example/.well-known/oauth-authorization-server/v1", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("The registration is", refused.Message, StringComparison.Ordinal);
    }

    [Finding("W6", "An issuer with a path, directly and behind a proxy or `UsePathBase` that takes the path away", "Both forms are served")]
    [Fact]
    public async Task W6_an_issuer_with_a_path_is_served_with_and_without_it()
    {
        await using var service = await TestService.StartAsync(
            configure: options => options.Issuer = "https://auth.tickets.example/tenant",
            endpoints: app => app.UsePathBase("/base"));

        foreach (var path in new[] { "/agent/auth", "/tenant/agent/auth", "/base/agent/auth", "/base/tenant/agent/auth" })
        {
            (await service.PostAsync(path, new { type = "anonymous" })).Is(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_group_without_a_prefix_changes_nothing()
    {
        await using var app = await StartInGroupAsync("", _ => { });

        Assert.NotEmpty(app.Urls);
    }

    private static async Task<WebApplication> StartInGroupAsync(string prefix, Action<AgentAuthOptions> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var folder = Directory.CreateTempSubdirectory("agentauth-").FullName;
        AgentAuthServices.Add(builder.Services, TestService.Manifest, options =>
        {
            options.Storage.Path = Path.Combine(folder, "agentauth.db");
            options.Mail.Folder = Path.Combine(folder, "mail");
            configure(options);
        });
        var app = builder.Build();
        var endpoints = AgentAuthEndpoints.For(app.MapGroup(prefix), TestService.Manifest);
        endpoints.MapDiscovery();
        endpoints.MapRegistration();
        endpoints.MapClaims();
        endpoints.MapRevocation();
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }
}
