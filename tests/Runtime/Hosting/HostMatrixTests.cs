using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using AgentAuth.Hosting.Hosts;
using AgentAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Hosting;

/// <summary>The same steps on every host: an agent that knows one URL of the API finds all the rest, and what it may do ends when it is revoked.</summary>
public sealed partial class HostMatrixTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Hosts => [.. HostSetups.All.Keys];

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Host_agents_discover_register_in_three_ways_are_claimed_and_revoked(string name)
    {
        var setup = HostSetups.All[name];
        await using var host = await HostedService.StartAsync(setup);
        var agent = await DiscoverAsync(host);

        var anonymous = await StartAnonymouslyAsync(host, agent);
        var byEmail = await RegisterByEmailAsync(host, agent);
        var byAssertion = await RegisterByAssertionAsync(host, agent);

        Assert.NotEqual(await AccountAsync(host, anonymous), await AccountAsync(host, byEmail));
        if (setup.SignIn is { } signIn)
        {
            await KeepsPeopleApartAsync(host, await signIn(host), anonymous);
        }

        await setup.Also(host, anonymous);
        await RevokeAsync(host, agent, byAssertion);
        await AccountAsync(host, anonymous);
        Assert.Equal([setup.RemoteAddress], (await host.Store.ReadAuditAsync(null, 100, Cancelled)).Select(row => row.RemoteAddress).Distinct());
    }

    [Fact]
    public async Task Host_a_group_with_a_prefix_stops_the_start_and_says_what_to_change()
    {
        var refused = await Assert.ThrowsAsync<AgentAuthConfigurationException>(
            () => HostedService.StartAsync(new HostSetup { MapsAgentAuthOn = app => app.MapGroup("/v1") }));

        Assert.Contains("published as https://tickets.example/agent/auth, and nothing is mapped there", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Call MapAgentAuth on the app itself and not on a group with a prefix.", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>As ASP.NET Core has it: <c>WebApplication</c> judges a request before <c>UsePathBase</c> has routed it anew.</summary>
    [Fact]
    public async Task Host_a_path_base_without_authorization_behind_it_lets_no_agent_in_and_says_what_to_change()
    {
        await using var host = await HostedService.StartAsync(new HostSetup { Url = "https://tickets.example/svc", Pipeline = app => app.UsePathBase("/svc") });
        var key = (await host.SendAsync(HttpMethod.Post, "/agent/auth", content: TestService.JsonContent("{\"type\":\"anonymous\"}"))).Text("credential");

        Assert.Equal(HttpStatusCode.InternalServerError, (await host.SendAsync(HttpMethod.Get, "/api/tickets", key)).Status);
        Assert.Equal("nobody", (await host.SendAsync(HttpMethod.Get, "/unsaid", key)).Body);

        Assert.Contains("contains authorization metadata, but a middleware was not found that supports authorization", host.Log.Text, StringComparison.Ordinal);
        Assert.Contains("Critical: Authorization did not look at the endpoint GET /unsaid", host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_forwarded_headers_behind_authentication_come_too_late_for_it_and_the_log_says_what_to_change()
    {
        await using var host = await HostedService.StartAsync(new HostSetup
        {
            Gateway = [HostSetups.Route("all", "{**rest}")],
            Services = builder => builder.Services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.XForwardedFor),
            Pipeline = app => app.UseForwardedHeaders(),
        });
        var key = (await host.SendAsync(HttpMethod.Post, "/agent/auth", content: TestService.JsonContent("{\"type\":\"anonymous\"}"))).Text("credential");
        Assert.DoesNotContain("X-Forwarded-For", host.Log.Text, StringComparison.Ordinal);

        await AccountAsync(host, key);
        await AccountAsync(host, key);

        Assert.Single(host.Log.Text.Split('\n'), line => line.Contains("X-Forwarded-For header that was not used before authentication", StringComparison.Ordinal));
        Assert.Equal(HostedService.CallersAddress, Assert.Single(await host.Store.ReadAuditAsync(null, 100, Cancelled)).RemoteAddress);
    }

    /// <summary>From the 401 to the endpoints, all under the name that the world knows; and the auth.md itself.</summary>
    private static async Task<AgentClient> DiscoverAsync(HostedService host)
    {
        var agent = await AgentClient.DiscoverAsync(host.Http, host.Url("/api/tickets"), Cancelled);
        Assert.Equal(host.Url(""), new Uri(agent.Service.Issuer));
        using var document = await host.Http.GetAsync(agent.Service.Skill, Cancelled);
        Assert.Equal("text/markdown", document.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("# TicketDesk", await document.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        return agent;
    }

    /// <summary>The key that an anonymous start gives reads at once, and writes once its user has claimed it.</summary>
    private static async Task<string> StartAnonymouslyAsync(HostedService host, AgentClient agent)
    {
        var registered = (await agent.RegisterAnonymouslyAsync(cancellationToken: Cancelled)).Required;
        var key = registered.Credential!;
        Assert.Equal("nobody", await AccountAsync(host, key));
        (await host.SendAsync(HttpMethod.Post, "/api/tickets", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");

        Assert.Equal("initiated", (await agent.ClaimAsync(registered.ClaimToken!, "gina@example.com", Cancelled)).Required.Status);
        var code = await CodeFromPageAsync(host);
        Assert.Equal("claimed", (await agent.CompleteAsync(registered.ClaimToken!, code, Cancelled)).Required.Status);

        Assert.NotEqual("nobody", await AccountAsync(host, key));
        (await host.SendAsync(HttpMethod.Post, "/api/tickets", key)).Is(HttpStatusCode.OK);
        return key;
    }

    private static async Task<string> RegisterByEmailAsync(HostedService host, AgentClient agent)
    {
        var registered = (await agent.RegisterByEmailAsync("henry@example.com", "api_key", Cancelled)).Required;
        Assert.Null(registered.Credential);
        var completed = (await agent.CompleteAsync(registered.ClaimToken!, await CodeFromPageAsync(host), Cancelled)).Required;
        (await host.SendAsync(HttpMethod.Post, "/api/tickets", completed.Credential)).Is(HttpStatusCode.OK);
        return completed.Credential!;
    }

    private static async Task<string> RegisterByAssertionAsync(HostedService host, AgentClient agent)
    {
        var assertion = host.Provider.MintIdJag(new IdJagRequest { Audience = agent.Service.Issuer });
        var token = (await agent.RegisterWithIdJagAsync(assertion, "access_token", Cancelled)).Required.Credential!;
        (await host.SendAsync(HttpMethod.Post, "/api/tickets", token)).Is(HttpStatusCode.OK);
        return token;
    }

    /// <summary>The provider ends it, and the next request is told where to begin again.</summary>
    private static async Task RevokeAsync(HostedService host, AgentClient agent, string token)
    {
        using var logout = new StringContent(host.Provider.MintLogoutToken(new LogoutTokenRequest { Audience = agent.Service.Issuer }));
        logout.Headers.ContentType = new MediaTypeHeaderValue("application/logout+jwt");
        using var revoked = await host.Http.PostAsync(agent.Service.RevocationUri, logout, Cancelled);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);

        var dead = await host.SendAsync(HttpMethod.Get, "/api/tickets", token);
        dead.Is(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Contains("resource_metadata=\"https://tickets.example/.well-known/oauth-protected-resource", dead.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    /// <summary>The page of the mailed link, with its style, and the code that it shows.</summary>
    private static async Task<string> CodeFromPageAsync(HostedService host)
    {
        var link = await host.NextLinkAsync();
        var person = new ClaimantBrowser(host.Http);
        var style = await host.SendAsync(HttpMethod.Get, new Uri(link, StyleSheet().Match(await person.OpenAsync(link, Cancelled)).Groups[1].Value).AbsoluteUri);
        style.Is(HttpStatusCode.OK);
        Assert.Equal("text/css; charset=utf-8", style.Headers["Content-Type"]);
        return await person.ShowCodeAsync(link, Cancelled);
    }

    private static async Task KeepsPeopleApartAsync(HostedService host, Action<HttpRequestMessage> person, string key)
    {
        Assert.Equal("a person", (await host.SendAsync(HttpMethod.Get, "/people", null, person)).Body);
        Assert.Equal("a person", (await host.SendAsync(HttpMethod.Get, "/both", null, person)).Body);
        Assert.Equal("an agent", (await host.SendAsync(HttpMethod.Get, "/both", key)).Body);
        Assert.Equal("nobody", (await host.SendAsync(HttpMethod.Get, "/open", key)).Body);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.SendAsync(HttpMethod.Get, "/api/tickets", null, person)).Status);
        (await host.SendAsync(HttpMethod.Get, "/people", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    private static async Task<string> AccountAsync(HostedService host, string key)
    {
        var answer = await host.SendAsync(HttpMethod.Get, "/api/tickets", key);
        answer.Is(HttpStatusCode.OK);
        return answer.Body;
    }

    [GeneratedRegex("<link rel=\"stylesheet\" href=\"([^\"]+)\">")]
    private static partial Regex StyleSheet();
}
