using System.Net;
using System.Security.Claims;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Access;

/// <summary>What an agent, a person and nobody get from endpoints that say this or that about agents.</summary>
public sealed class EndpointAccessTests
{
    [Fact]
    public async Task Without_a_credential_the_challenge_points_to_the_metadata_and_names_no_error()
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.GetAsync("/api/tickets");

        answer.Is(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal("Bearer resource_metadata=\"https://api.tickets.example/.well-known/oauth-protected-resource\", scope=\"tickets.read\"", answer.Headers["WWW-Authenticate"]);
    }

    [Fact]
    public async Task A_bare_Unauthorized_of_the_app_carries_the_challenge_too()
    {
        await using var service = await TestService.StartAsync(endpoints: app =>
            app.MapGet("/bare", () => Results.Unauthorized()).AllowAnonymous());

        var answer = await service.GetAsync("/bare");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("Bearer resource_metadata=\"https://api.tickets.example/.well-known/oauth-protected-resource\"", answer.Headers["WWW-Authenticate"]);
    }

    [Theory]
    [InlineData("agk_000000000000000000000000000000000000")]
    [InlineData("agk_short")]
    [InlineData("some-other-token")]
    public async Task A_refused_credential_is_invalid_token(string credential)
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.GetAsync("/api/tickets", credential);

        answer.Is(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.EndsWith(", error=\"invalid_token\", scope=\"tickets.read\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Abuse(85, "a key that is mistyped, cut, longer or of another prefix", "`401 invalid_token`, and the store is not asked")]
    [Fact]
    public async Task Abuse_85_a_key_with_a_bad_checksum_is_401_and_the_store_is_not_asked()
    {
        await using var service = await TestService.StartAsync(services: RecordingStore.Use);
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        char Other(char c) => c == 'a' ? 'b' : 'a';

        foreach (var damaged in (string[])[key[..^1] + Other(key[^1]), key[..10] + Other(key[10]) + key[11..], key[..^1], key + "a", "agk_", "agt_" + key[4..]])
        {
            var (answer, asked) = await RecordingStore.AskedByAsync(service, () => service.GetAsync("/api/tickets", damaged));

            answer.Is(HttpStatusCode.Unauthorized, "invalid_token");
            Assert.Empty(asked);
        }

        // A whole one is looked up.
        var (good, looked) = await RecordingStore.AskedByAsync(service, () => service.GetAsync("/api/tickets", key));
        Assert.Equal(HttpStatusCode.OK, good.Status);
        Assert.Equal([nameof(IAgentAuthStore.FindCredentialAsync)], looked);
    }

    [Abuse(86, "a credential in the query string", "`401 unauthorized`")]
    [Abuse(86, "two `Authorization` headers, or a list in one", "`401 invalid_token`")]
    [Fact]
    public async Task Abuse_86_credentials_in_the_query_twice_or_in_a_list_are_401()
    {
        await using var service = await TestService.StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var query = await service.GetAsync($"/api/tickets?access_token={key}");
        var list = await service.SendAsync(HttpMethod.Get, "/api/tickets", null, null, request =>
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}, Bearer {key}"));

        query.Is(HttpStatusCode.Unauthorized, "unauthorized");
        list.Is(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal(HttpStatusCode.OK, (await service.GetRawAsync("/api/tickets", $"Authorization: Bearer {key}")).Status);
        foreach (var other in (string[])[$"Bearer {key}", "Bearer other", "Basic dTpw", ""])
        {
            (await service.GetRawAsync("/api/tickets", $"Authorization: Bearer {key}", $"Authorization: {other}")).Is(HttpStatusCode.Unauthorized, "invalid_token");
            (await service.GetRawAsync("/api/tickets", $"Authorization: {other}", $"Authorization: Bearer {key}")).Is(HttpStatusCode.Unauthorized, "invalid_token");
        }
    }

    [Fact]
    public async Task The_scheme_name_is_case_insensitive()
    {
        await using var service = await TestService.StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var answer = await service.SendAsync(HttpMethod.Get, "/api/tickets", null, null, request =>
            request.Headers.TryAddWithoutValidation("Authorization", $"bEARER {key}"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Abuse(87, "a live key without the scope", "`403 insufficient_scope`, and the scope is named")]
    [Fact]
    public async Task Abuse_87_a_missing_scope_is_insufficient_scope_and_names_the_scopes()
    {
        await using var service = await TestService.StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var answer = await service.SendAsync(HttpMethod.Post, "/api/tickets", key, null);

        answer.Is(HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.EndsWith(", error=\"insufficient_scope\", scope=\"tickets.write\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_refuses_an_agent_with_the_scope_does_not_send_it_for_the_scope()
    {
        await using var service = await TestService.StartAsync(endpoints: app =>
            app.MapGet("/refusing", () => Results.Forbid()).RequireAgentScope("tickets.read"));
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var answer = await service.GetAsync("/refusing", key);

        answer.Is(HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.EndsWith(", error=\"insufficient_scope\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.StartsWith("The credential holds every scope that is needed here", answer.Text("message"), StringComparison.Ordinal);
    }

    [Abuse(88, "a live key at an endpoint that names no scope, or refuses agents", "`403 insufficient_scope`")]
    [Theory]
    [InlineData("/unsaid")]
    [InlineData("/denied")]
    [InlineData("/signed-in")]
    [InlineData("/denied-with-scope")]
    public async Task Abuse_88_endpoints_that_do_not_name_a_scope_refuse_agents(string path)
    {
        await using var service = await TestService.StartAsync(endpoints: MapOthers);
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var answer = await service.GetAsync(path, key);

        answer.Is(HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.EndsWith(", error=\"insufficient_scope\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Equal("This endpoint is not open to agents, whatever scopes they hold.", answer.Text("message"));
    }

    [Fact]
    public async Task Who_holds_some_of_the_scopes_is_told_all_of_them()
    {
        await using var service = await TestService.StartAsync(endpoints: app =>
            app.MapGet("/all", () => "all").RequireAgentScope("tickets.read", "tickets.write").RequireAgentScope("tickets.read", "tickets.admin"));
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var answer = await service.GetAsync("/all", key);

        answer.Is(HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.EndsWith(", scope=\"tickets.read tickets.write tickets.admin\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.StartsWith("The credential lacks a scope: tickets.read, ", answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_whom_the_app_refuses_as_an_agent_is_told_what_agents_need()
    {
        await using var service = await StartWithCookiesAsync();
        var cookie = (await service.GetAsync("/sign-in")).Headers["Set-Cookie"].Split(';')[0];

        var answer = await service.SendAsync(HttpMethod.Get, "/refusing", null, null, request => request.Headers.TryAddWithoutValidation("Cookie", cookie));

        answer.Is(HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.EndsWith(", scope=\"tickets.read\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoints_that_say_nothing_stay_open_to_everybody_else_and_AllowAnonymous_to_agents_too()
    {
        await using var service = await TestService.StartAsync(endpoints: MapOthers);
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Equal("unsaid", (await service.GetAsync("/unsaid")).Body);
        Assert.Equal("denied", (await service.GetAsync("/denied")).Body);
        Assert.Equal("open", (await service.GetAsync("/open", key)).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync("/nowhere", key)).Status);
    }

    [Fact]
    public async Task A_refused_agent_credential_does_not_pass_for_nobody_on_an_endpoint_that_says_nothing()
    {
        await using var service = await TestService.StartAsync(endpoints: MapOthers);

        (await service.GetAsync("/unsaid", "agk_000000000000000000000000000000000000")).Is(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    public async Task With_the_apps_own_cookies_people_and_agents_are_told_apart()
    {
        await using var service = await StartWithCookiesAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        var cookie = (await service.GetAsync("/sign-in")).Headers["Set-Cookie"].Split(';')[0];

        Assert.Equal("alice", (await WithCookieAsync("/both", null)).Body);
        Assert.Equal("alice", (await WithCookieAsync("/signed-in", null)).Body);
        Assert.Equal("an agent", (await service.GetAsync("/both", key)).Body);
        (await service.GetAsync("/signed-in", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await service.GetAsync("/unsaid", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await WithCookieAsync("/api/tickets", null)).Is(HttpStatusCode.Unauthorized, "unauthorized");

        // An agent credential decides, whatever cookies come with it.
        (await WithCookieAsync("/both-write", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.Equal("alice", (await WithCookieAsync("/both-write", null)).Body);

        Task<Answer> WithCookieAsync(string path, string? credential) =>
            service.SendAsync(HttpMethod.Get, path, credential, null, request => request.Headers.TryAddWithoutValidation("Cookie", cookie));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task An_agent_is_one_agent_where_people_are_welcome_whatever_schemes_the_app_has(int schemes)
    {
        await using var service = await TestService.StartAsync(
            services: services =>
            {
                foreach (var scheme in Enumerable.Range(0, schemes))
                {
                    services.AddAuthentication().AddCookie($"Cookies{scheme}");
                }
            },
            endpoints: app => app.MapGet("/both", (HttpContext http) => $"{http.User.Identities.Count()} {http.User.GetAgent()?.RegistrationId}").RequireUserOrAgentScope("tickets.read"));
        var registered = await service.RegisterAnonymouslyAsync();

        Assert.Equal("1 " + registered.Text("registration_id"), (await service.GetAsync("/both", registered.Text("credential"))).Body);
        (await service.GetAsync("/both")).Is(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Where_people_are_welcome_a_browser_is_sent_to_sign_in_and_a_client_gets_the_challenge()
    {
        await using var service = await StartWithCookiesAsync();

        var browser = await service.SendAsync(HttpMethod.Get, "/both", null, null, request => request.Headers.Accept.ParseAdd("Text/HTML"));
        var client = await service.GetAsync("/both");

        Assert.Equal(HttpStatusCode.Redirect, browser.Status);
        client.Is(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Theory]
    [InlineData("/unsaid")]
    [InlineData("/signed-in")]
    [InlineData("/both")]
    [InlineData("/scoped-and-signed-in")]
    public async Task A_refused_key_is_answered_to_the_agent_and_never_by_the_apps_sign_in(string path)
    {
        await using var service = await StartWithCookiesAsync();

        (await service.GetAsync(path, "agk_000000000000000000000000000000000000")).Is(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    public async Task Where_only_agents_are_welcome_nobody_is_sent_to_sign_in()
    {
        await using var service = await TestService.StartAsync(
            services: services => services.AddAuthentication().AddCookie(options => options.Events.OnRedirectToLogin = context =>
            {
                context.Response.Headers["X-Sign-In"] = "here";
                return Task.CompletedTask;
            }),
            endpoints: app => app.MapGet("/scoped", () => "scoped")
                .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = CookieAuthenticationDefaults.AuthenticationScheme })
                .RequireAgentScope("tickets.read"));

        var answer = await service.GetAsync("/scoped");

        answer.Is(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.False(answer.Headers.ContainsKey("X-Sign-In"));
    }

    [Fact]
    public async Task A_person_whom_the_apps_own_policy_refuses_is_answered_by_the_app()
    {
        await using var service = await StartWithCookiesAsync();
        var cookie = (await service.GetAsync("/sign-in")).Headers["Set-Cookie"].Split(';')[0];

        var answer = await service.SendAsync(HttpMethod.Get, "/both-for-admins", null, null, request => request.Headers.TryAddWithoutValidation("Cookie", cookie));

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.Contains("/Account/AccessDenied", answer.Headers["Location"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fallback_policy_of_the_app_is_kept()
    {
        await using var service = await TestService.StartAsync(
            services: services => services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()),
            endpoints: MapOthers);

        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("/unsaid")).Status);
        Assert.Equal("open", (await service.GetAsync("/open")).Body);
    }

    [Theory]
    [InlineData()]
    [InlineData("")]
    [InlineData("tickets.read", "")]
    public void An_annotation_without_a_scope_is_refused(params string[] scopes)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new AgentScopeAttribute(scopes));
        Assert.Throws<ArgumentException>(() => new UserOrAgentScopeAttribute(scopes));
        Assert.Throws<ArgumentNullException>(() => new AgentScopeAttribute(null!));

        Assert.StartsWith("Name at least one scope that auth.md declares", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_scope_of_every_annotation_counts_once_and_none_where_agents_are_refused()
    {
        static Endpoint With(params object[] metadata) => new(null, new EndpointMetadataCollection(metadata), null);

        Assert.Equal(["a", "b", "c", "d"], EndpointAccess.ScopesOf(With(
            new UserOrAgentScopeAttribute("c", "a", "d"), new AgentScopeAttribute("a", "b"), new AgentScopeAttribute("b"))).Order());
        Assert.Equal(["a"], EndpointAccess.ScopesOf(With(new UserOrAgentScopeAttribute("a"))));
        Assert.Equal(["a", "A"], EndpointAccess.ScopesOf(With(new AgentScopeAttribute("a", "A"))));
        Assert.Empty(EndpointAccess.ScopesOf(With(new AgentScopeAttribute("a"), new DenyAgentsAttribute())));
        Assert.Empty(EndpointAccess.ScopesOf(With(new AgentScopeAttribute("a"), new AllowAnonymousAttribute())));
        Assert.Empty(EndpointAccess.ScopesOf(With()));
        Assert.Empty(EndpointAccess.ScopesOf(null));
    }

    private static void MapOthers(WebApplication app)
    {
        app.MapGet("/unsaid", () => "unsaid");
        app.MapGet("/open", () => "open").AllowAnonymous();
        app.MapGet("/denied", () => "denied").DenyAgents();
        app.MapGet("/signed-in", (HttpContext http) => http.User.Identity!.Name ?? "").RequireAuthorization();
        app.MapGet("/denied-with-scope", () => "denied").RequireAgentScope("tickets.read").DenyAgents();
    }

    private static Task<TestService> StartWithCookiesAsync() => TestService.StartAsync(
        services: services => services.AddAuthentication().AddCookie(),
        endpoints: app =>
        {
            MapOthers(app);
            app.MapGet("/both", (HttpContext http) => http.User.GetAgent() is null ? http.User.Identity!.Name! : "an agent").RequireUserOrAgentScope("tickets.read");
            app.MapGet("/both-write", (HttpContext http) => http.User.Identity!.Name!).RequireUserOrAgentScope("tickets.write");
            app.MapGet("/both-for-admins", () => "both").RequireUserOrAgentScope("tickets.read").RequireAuthorization(policy => policy.RequireRole("admin"));
            app.MapGet("/scoped-and-signed-in", () => "scoped").RequireAgentScope("tickets.read").RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme).RequireAuthenticatedUser());
            app.MapGet("/refusing", () => Results.Forbid(authenticationSchemes: [AgentAuthDefaults.AuthenticationScheme])).RequireUserOrAgentScope("tickets.read");
            app.MapGet("/sign-in", (HttpContext http) => http.SignInAsync(
                CookieAuthenticationDefaults.AuthenticationScheme,
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "alice")], "password")))).AllowAnonymous();
        });
}
