using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Wire.Http;

/// <summary>Methods that an endpoint of the protocol does not take.</summary>
public sealed class ProtocolEndpointTests
{
    private static readonly string[] s_documents = ["/auth.md", "/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server"];

    [Finding("W2", "`OPTIONS` of the metadata from another origin, with `MCP-Protocol-Version`", "204: any page may read it, with any header, and without cookies")]
    [Fact]
    public async Task W2_a_preflight_of_the_metadata_is_answered()
    {
        await using var service = await TestService.StartAsync();

        foreach (var path in s_documents)
        {
            var answer = await PreflightAsync(service, path);

            Assert.Equal(HttpStatusCode.NoContent, answer.Status);
            Assert.Equal("*", answer.Headers["Access-Control-Allow-Origin"]);
            Assert.Equal("*", answer.Headers["Access-Control-Allow-Headers"]);
            Assert.Equal("GET, HEAD", answer.Headers["Access-Control-Allow-Methods"]);
            Assert.DoesNotContain("Access-Control-Allow-Credentials", answer.Headers.Keys);
        }
    }

    [Finding("W2", "`OPTIONS` of registration, claim or revocation from another origin", "204 with `Allow` and without permission: a page must not use up its visitors' limits")]
    [Theory]
    [InlineData("/agent/auth")]
    [InlineData("/agent/auth/claim")]
    [InlineData("/agent/auth/claim/complete")]
    [InlineData("/agent/auth/revoke")]
    public async Task W2_a_preflight_of_registration_gives_no_permission(string path)
    {
        await using var service = await TestService.StartAsync();

        var answer = await PreflightAsync(service, path);

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal("POST", answer.Headers["Allow"]);
        Assert.DoesNotContain(answer.Headers.Keys, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Finding("W12", "A wrong method in an app whose fallback policy sends people to sign in", "405 with `Allow`, and a sentence in JSON; not 302")]
    [Theory]
    [InlineData("GET", "/agent/auth", "POST")]
    [InlineData("PUT", "/agent/auth/claim", "POST")]
    [InlineData("POST", "/auth.md", "GET, HEAD")]
    [InlineData("DELETE", "/.well-known/oauth-authorization-server", "GET, HEAD")]
    public async Task W12_a_wrong_method_is_405_whatever_the_fallback_policy_says(string method, string path, string allowed)
    {
        await using var service = await TestService.StartAsync(services: services =>
        {
            services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
            services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        });

        var answer = await service.SendAsync(new HttpMethod(method), path, null, null);

        answer.Is(HttpStatusCode.MethodNotAllowed, "invalid_request");
        Assert.Equal(allowed, answer.Headers["Allow"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    private static Task<Answer> PreflightAsync(TestService service, string path) => service.SendAsync(HttpMethod.Options, path, null, null, request =>
    {
        request.Headers.Add("Origin", "https://page.example");
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "mcp-protocol-version");
    });
}
