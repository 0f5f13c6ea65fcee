using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Access;

/// <summary>An agent is nobody where nothing says that it may come.</summary>
public sealed class AgentPolicyEvaluatorTests
{
    public static TheoryData<string> Schemes => ["none", "ours by name", "smart", "cookies"];

    [Finding("G7", "a key where no endpoint is: in an `app.Map` branch and in middleware that asks whether the user is authenticated, whatever scheme is the app's default", "nobody")]
    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task G7_an_agent_is_nobody_where_no_endpoint_is(string schemes)
    {
        await using var service = await StartAsync(schemes, endpoints: app =>
        {
            app.UseAuthentication();
            app.Use((context, next) =>
            {
                context.Response.Headers["X-Seen"] = Who(context);
                return next();
            });
            app.Map("/early", branch => branch.Run(context => context.Response.WriteAsync(Who(context))));
            app.UseAuthorization();
            app.Map("/branch", branch => branch.Run(context => context.Response.WriteAsync(Who(context))));
            app.MapGet("/open", Who).AllowAnonymous();
            app.Map("/terminal", terminal => terminal.UseAuthorization().Run(context => context.Response.WriteAsync(Who(context))));
        });
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        foreach (var path in (string[])["/early", "/branch", "/terminal", "/open"])
        {
            Assert.Equal("False False", (await service.GetAsync(path, key)).Body);
        }

        var scoped = await service.GetAsync("/api/tickets", key);
        scoped.Is(HttpStatusCode.OK);
        Assert.Equal("False False", scoped.Headers["X-Seen"]);
        Assert.Equal("False False", (await service.GetAsync("/nowhere", key)).Headers["X-Seen"]);
    }

    [Finding("G7", "the same with a fallback policy that wants a signed-in user, also one that names the scheme of agents", "403 to the key as to no endpoint, 401 to nobody")]
    [Theory]
    [InlineData("none", false)]
    [InlineData("none", true)]
    [InlineData("smart", false)]
    [InlineData("cookies", true)]
    public async Task G7_a_fallback_policy_for_signed_in_users_refuses_agents_where_no_endpoint_is(string schemes, bool namesOurs)
    {
        await using var service = await StartAsync(
            schemes,
            services => services.AddAuthorizationBuilder().SetFallbackPolicy(Named(new AuthorizationPolicyBuilder().RequireAuthenticatedUser(), namesOurs).Build()),
            app =>
            {
                app.UseAuthorization();
                app.Map("/branch", branch => branch.Run(context => context.Response.WriteAsync("served")));
                app.MapGet("/unsaid", () => "served");
            });
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        foreach (var path in (string[])["/branch", "/unsaid", "/nowhere"])
        {
            (await service.GetAsync(path, key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
            Assert.NotEqual(HttpStatusCode.OK, (await service.GetAsync(path)).Status);
        }
    }

    [Finding("G7", "`UseAuthorization` before `UseRouting`, or for some requests only", "an agent is what nobody is, endpoints with a policy throw, and the log says so once")]
    [Theory]
    [InlineData("before")]
    [InlineData("if")]
    public async Task G7_where_authorization_does_not_look_at_the_endpoint_an_agent_is_nobody(string order)
    {
        await using var service = await StartAsync("none", endpoints: app =>
        {
            if (order == "before")
            {
                app.UseAuthorization();
            }

            app.UseRouting();
            app.UseWhen(context => context.Request.Path.StartsWithSegments("/elsewhere"), branch => branch.UseAuthorization());
            app.MapGet("/unsaid", Who);
            app.MapGet("/denied", Who).DenyAgents();
        });
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Equal("False False", (await service.GetAsync("/unsaid", key)).Body);
        Assert.Equal("False False", (await service.GetAsync("/denied", key)).Body);
        Assert.Single(service.Log.Text.Split('\n'), line => line.StartsWith("Critical: Authorization did not look at the endpoint GET /unsaid", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.InternalServerError, (await service.GetAsync("/api/tickets", key)).Status);
    }

    [Finding("G7", "`DenyAgents` beside `AllowAnonymous`, where ASP.NET Core asks nobody", "agents get 403, everybody else is let in")]
    [Fact]
    public async Task G7_an_endpoint_that_is_open_to_all_but_agents_refuses_agents()
    {
        await using var service = await StartAsync("cookies", endpoints: app => app.MapGet("/people", () => "people").AllowAnonymous().DenyAgents());
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Equal("people", (await service.GetAsync("/people")).Body);
        (await service.GetAsync("/people", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await service.GetAsync("/people", "agk_000000000000000000000000000000000000")).Is(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.DoesNotContain("Authorization did not look", service.Log.Text, StringComparison.Ordinal);
    }

    [Finding("G7", "whoever was refused, to middleware that sees the request on its way back", "nobody")]
    [Fact]
    public async Task G7_a_refused_agent_is_nobody_on_the_way_back()
    {
        var seen = new List<string>();
        await using var service = await StartAsync("none", endpoints: app => app.Use(async (context, next) =>
        {
            await next();
            seen.Add(Who(context));
        }).UseAuthorization());
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        seen.Clear();

        await service.SendAsync(HttpMethod.Post, "/api/tickets", key, null);
        await service.GetAsync("/api/tickets", key);

        Assert.Equal(["False False", "True True"], seen);
    }

    [Fact]
    public async Task A_request_that_is_refused_keeps_its_endpoint_for_logs_and_metrics()
    {
        var seen = new List<string?>();
        await using var service = await StartAsync("none", endpoints: app =>
        {
            app.Use(async (context, next) =>
            {
                await next();
                seen.Add(context.GetEndpoint()?.DisplayName);
            }).UseAuthorization();
            app.MapGet("/denied", () => "people").DenyAgents();
        });
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        seen.Clear();

        (await service.GetAsync("/denied", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");

        Assert.Contains("/denied", Assert.Single(seen), StringComparison.Ordinal);
    }

    [Finding("G7", "the policy of `[AgentScope]` or `[UserOrAgentScope]` where its scopes are not read: by name, in Blazor's pages", "no agent is let in")]
    [Fact]
    public async Task G7_the_policies_behind_the_attributes_let_no_agent_in_without_their_scopes()
    {
        await using var service = await StartAsync("cookies", endpoints: app => app.MapGet("/asking", async (HttpContext http, IAuthorizationService authorization) =>
        {
            var alone = await authorization.AuthorizeAsync(http.User, null, AgentAuthDefaults.AgentPolicy);
            var both = await authorization.AuthorizeAsync(http.User, null, AgentAuthDefaults.UserOrAgentPolicy);
            return $"{alone.Succeeded} {both.Succeeded}";
        }).RequireUserOrAgentScope("tickets.read"));
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        var cookie = (await service.GetAsync("/sign-in")).Headers["Set-Cookie"].Split(';')[0];

        Assert.Equal("False False", (await service.GetAsync("/asking", key)).Body);
        Assert.Equal("False True", (await service.SendAsync(HttpMethod.Get, "/asking", null, null, request => request.Headers.TryAddWithoutValidation("Cookie", cookie))).Body);
    }

    [Finding("G7", "the same policies in MVC's own `AuthorizeFilter`, which makes a policy of an action's attributes and leaves their scopes to the middleware", "agents with the scope are let in, and no others")]
    [Fact]
    public async Task G7_a_filter_of_MVC_for_all_actions_leaves_the_scopes_to_the_middleware()
    {
        await using var service = await StartAsync(
            "cookies",
            services => services.AddControllers(options => options.Filters.Add(new AuthorizeFilter()))
                .ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new OnlyControllers(typeof(FilteredController)))),
            app => app.MapControllers());
        var registered = await service.RegisterAnonymouslyAsync();

        Assert.Equal(registered.Text("registration_id"), (await service.GetAsync("/filtered", registered.Text("credential"))).Body);
        (await service.GetAsync("/filtered/write", registered.Text("credential"))).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await service.GetAsync("/filtered/unsaid", registered.Text("credential"))).Is(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    [Finding("G7", "the same filter where ASP.NET Core was told not to ask for `UseAuthorization`, and there is none that looks at the action", "no agent is let in, whatever scopes it holds; one without them was")]
    [Fact]
    public async Task G7_a_filter_of_MVC_lets_no_agent_in_where_the_middleware_did_not_look()
    {
        await using var service = await StartAsync(
            "cookies",
            services =>
            {
                services.Configure<RouteOptions>(options => options.SuppressCheckForUnhandledSecurityMetadata = true);
                services.AddControllers(options => options.Filters.Add(new AuthorizeFilter()))
                    .ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new OnlyControllers(typeof(FilteredController))));
            },
            app =>
            {
                app.UseRouting();
                app.UseWhen(context => context.Request.Path.StartsWithSegments("/elsewhere"), branch => branch.UseAuthorization());
                app.MapControllers();
            });
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        foreach (var path in (string[])["/filtered/write", "/filtered"])
        {
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await service.GetAsync(path, key)).Status));
        }

        Assert.Equal(HttpStatusCode.Found, (await service.GetAsync("/filtered/unsaid", key)).Status);
    }

    private static AuthorizationPolicyBuilder Named(AuthorizationPolicyBuilder policy, bool namesOurs) =>
        namesOurs ? policy.AddAuthenticationSchemes(AgentAuthDefaults.AuthenticationScheme) : policy;

    private static string Who(HttpContext http) => $"{http.User.Identities.Any(i => i.IsAuthenticated)} {http.User.GetAgent() is not null}";

    private static Task<TestService> StartAsync(string schemes, Action<IServiceCollection>? services = null, Action<WebApplication>? endpoints = null) => TestService.StartAsync(
        services: collection =>
        {
            switch (schemes)
            {
                case "ours by name":
                    collection.AddAuthentication(AgentAuthDefaults.AuthenticationScheme);
                    break;
                case "smart":
                    collection.AddAuthentication("Smart").AddPolicyScheme("Smart", null, options => options.ForwardDefault = AgentAuthDefaults.AuthenticationScheme);
                    break;
                case "cookies":
                    collection.AddAuthentication().AddCookie();
                    break;
            }

            services?.Invoke(collection);
        },
        endpoints: app =>
        {
            endpoints?.Invoke(app);
            if (schemes == "cookies")
            {
                app.MapGet("/sign-in", (HttpContext http) => http.SignInAsync(
                    CookieAuthenticationDefaults.AuthenticationScheme,
                    new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "alice")], "password")))).AllowAnonymous();
            }
        });

    [Route("filtered")]
    private sealed class FilteredController : ControllerBase
    {
        [HttpGet]
        [UserOrAgentScope("tickets.read")]
        public string? Read() => User.GetAgent()?.RegistrationId;

        [HttpGet("write")]
        [AgentScope("tickets.write")]
        public string? Write() => User.GetAgent()?.RegistrationId;

        [HttpGet("unsaid")]
        public string? Unsaid() => User.GetAgent()?.RegistrationId;
    }
}
