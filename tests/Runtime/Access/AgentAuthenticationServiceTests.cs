using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentAuth.Access;

/// <summary>Whoever presents an agent credential is that agent alone, whatever else the request brings and the app adds.</summary>
public sealed class AgentAuthenticationServiceTests
{
    [Finding("G6", "an admin's cookie and an anonymous key in one request, at `RequireUserOrAgentScope` and at policies of the app that name both schemes", "the agent alone: no name, no role, one identity")]
    [Theory]
    [InlineData("/both")]
    [InlineData("/both-by-policy")]
    [InlineData("/scoped")]
    [InlineData("/smart")]
    public async Task G6_a_cookie_beside_a_credential_does_not_count(string path)
    {
        await using var service = await StartAsync();
        var registered = await service.RegisterAnonymouslyAsync();
        var cookie = await SignInAsync(service);

        Assert.Equal($"1 {registered.Text("registration_id")}  False", (await SendAsync(service, path, registered.Text("credential"), cookie)).Body);
        Assert.Equal($"1 {registered.Text("registration_id")}  False", (await service.GetAsync(path, registered.Text("credential"))).Body);
    }

    [Finding("G6", "the same where the app asks for its admins", "403 to the agent; the admin alone gets in")]
    [Theory]
    [InlineData("/admins")]
    [InlineData("/both-for-admins")]
    public async Task G6_an_admins_cookie_does_not_open_the_admins_doors_to_an_agent(string path)
    {
        await using var service = await StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        var cookie = await SignInAsync(service);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(service, path, null, cookie)).Status);
        (await SendAsync(service, path, key, cookie)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    [Finding("G6", "the same at an endpoint that is open to everybody, and in middleware", "nobody, with a good credential and with a bad one")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G6_where_everybody_may_come_a_credential_makes_nobody_of_the_cookies_owner(bool isGood)
    {
        await using var service = await StartAsync();
        var registered = await service.RegisterAnonymouslyAsync();
        var key = isGood ? registered.Text("credential") : "agk_000000000000000000000000000000000000";
        var cookie = await SignInAsync(service);

        Assert.Equal("1  root True", (await SendAsync(service, "/open", null, cookie)).Body);
        Assert.Equal("1   False", (await SendAsync(service, "/open", key, cookie)).Body);
        Assert.Equal("1  root True", (await SendAsync(service, "/branch", null, cookie)).Body);
        Assert.Equal("1   False", (await SendAsync(service, "/branch", key, cookie)).Body);
        Assert.Equal("1   False", (await service.GetAsync("/open", registered.Text("credential"))).Body);

        // Who wants to know asks for it.
        Assert.Equal(isGood ? registered.Text("registration_id") : "", (await SendAsync(service, "/open-and-asking", key, cookie)).Body);
        Assert.Equal("no result", (await SendAsync(service, "/open-and-asking-for-cookies", key, cookie)).Body);
    }

    [Finding("G6", "a claims transformation that adds identities and roles, to the agent's identity too, or makes a new principal of its claims", "is not asked about agents, so an agent is one still, and its scopes count")]
    [Theory]
    [InlineData("identity")]
    [InlineData("claim")]
    [InlineData("principal")]
    public async Task G6_what_the_app_adds_to_its_people_is_not_added_to_agents(string how)
    {
        await using var service = await StartAsync(services => services.AddSingleton<IClaimsTransformation>(new Transformation(how)));
        var registered = await service.RegisterAnonymouslyAsync();

        Assert.Equal($"1 {registered.Text("registration_id")}  False", (await service.GetAsync("/both", registered.Text("credential"))).Body);
        (await service.GetAsync("/both-write", registered.Text("credential"))).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.EndsWith("True", (await SendAsync(service, "/both", null, await SignInAsync(service))).Body, StringComparison.Ordinal);
    }

    [Finding("G6", "an `IAuthenticationService` or `IPolicyEvaluator` of the app's that is registered behind AddAgentAuth, and would take the place of ours", "stops the start")]
    [Fact]
    public async Task G6_services_that_would_take_the_place_of_ours_stop_the_start()
    {
        var stopped = await Assert.ThrowsAsync<AgentAuthConfigurationException>(() => TestService.StartAsync(services: services =>
        {
            services.AddSingleton<IAuthenticationService, OwnAuthentication>();
            services.AddSingleton<IPolicyEvaluator, PolicyEvaluator>();
        }));

        Assert.Equal(
            [
                "IAuthenticationService is registered behind AddAgentAuth, whose own, which keeps agents and people apart, would never be asked. Register it before AddAgentAuth, which then asks it.",
                "IPolicyEvaluator is registered behind AddAgentAuth, whose own, which keeps agents and people apart, would never be asked. Register it before AddAgentAuth, which then asks it.",
            ],
            stopped.Problems);
    }

    private static Task<Answer> SendAsync(TestService service, string path, string? credential, string cookie) =>
        service.SendAsync(HttpMethod.Get, path, credential, null, request => request.Headers.TryAddWithoutValidation("Cookie", cookie));

    private static async Task<string> SignInAsync(TestService service) => (await service.GetAsync("/sign-in")).Headers["Set-Cookie"].Split(';')[0];

    private static Task<TestService> StartAsync(Action<IServiceCollection>? more = null) => TestService.StartAsync(
        services: services =>
        {
            services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie()
                .AddPolicyScheme("Smart", null, options => options.ForwardDefaultSelector = context =>
                    context.Request.Headers.Authorization.Count > 0 ? AgentAuthDefaults.AuthenticationScheme : CookieAuthenticationDefaults.AuthenticationScheme);
            more?.Invoke(services);
        },
        endpoints: app =>
        {
            app.MapGet("/both", Who).RequireUserOrAgentScope("tickets.read");
            app.MapGet("/both-write", Who).RequireUserOrAgentScope("tickets.write");
            app.MapGet("/scoped", Who).RequireAgentScope("tickets.read").RequireAuthorization(policy => policy.RequireAuthenticatedUser());
            app.MapGet("/both-by-policy", Who).RequireUserOrAgentScope("tickets.read").RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme, AgentAuthDefaults.AuthenticationScheme).RequireAuthenticatedUser());
            app.MapGet("/smart", Who).RequireUserOrAgentScope("tickets.read").RequireAuthorization(policy => policy
                .AddAuthenticationSchemes("Smart", CookieAuthenticationDefaults.AuthenticationScheme).RequireAuthenticatedUser());
            app.MapGet("/admins", Who).RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme, AgentAuthDefaults.AuthenticationScheme).RequireRole("admin"));
            app.MapGet("/both-for-admins", Who).RequireUserOrAgentScope("tickets.read").RequireAuthorization(policy => policy.RequireRole("admin"));
            app.MapGet("/open", Who).AllowAnonymous();
            app.MapGet("/open-and-asking", async (HttpContext http) =>
                (await http.AuthenticateAsync(AgentAuthDefaults.AuthenticationScheme)).Principal?.GetAgent()?.RegistrationId ?? "").AllowAnonymous();
            app.MapGet("/open-and-asking-for-cookies", async (HttpContext http) =>
                (await http.AuthenticateAsync()).None ? "no result" : "somebody").AllowAnonymous();
            app.Map("/branch", branch => branch.Run(http => http.Response.WriteAsync(Who(http))));
            app.MapGet("/sign-in", (HttpContext http) => http.SignInAsync(
                CookieAuthenticationDefaults.AuthenticationScheme,
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "root"), new Claim(ClaimTypes.Role, "admin")], "password")))).AllowAnonymous();
        });

    private static string Who(HttpContext http) =>
        $"{http.User.Identities.Count()} {http.User.GetAgent()?.RegistrationId} {http.User.FindFirstValue(ClaimTypes.NameIdentifier)} {http.User.IsInRole("admin")}";

    private sealed class Transformation(string how) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var claim = new Claim(ClaimTypes.Role, "admin");
            switch (how)
            {
                case "identity":
                    principal.AddIdentity(new ClaimsIdentity([claim]));
                    return Task.FromResult(principal);
                case "claim":
                    ((ClaimsIdentity)principal.Identity!).AddClaim(claim);
                    return Task.FromResult(principal);
                default:
                    return Task.FromResult(new ClaimsPrincipal(new ClaimsIdentity([.. principal.Claims, claim], "own")));
            }
        }
    }

    private sealed class OwnAuthentication(
        IAuthenticationSchemeProvider schemes, IAuthenticationHandlerProvider handlers, IClaimsTransformation transformation, IOptions<AuthenticationOptions> options)
        : AuthenticationService(schemes, handlers, transformation, options);
}
