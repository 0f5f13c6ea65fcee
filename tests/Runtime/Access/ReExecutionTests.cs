using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Access;

/// <summary>Error pages that the framework makes by running a request again.</summary>
public sealed class ReExecutionTests
{
    private const string Dead = "agk_000000000000000000000000000000000000";

    /// <summary>With a scope of services for errors or without, and with authorization behind what makes the page or, as it is where the app does not call it, before.</summary>
    public static TheoryData<bool, bool> Ways => new() { { false, true }, { true, true }, { false, false } };

    [Finding("G10", "an endpoint that throws, behind `UseExceptionHandler(\"/err\")` whose page says nothing about agents, with and without a scope of services for errors", "500 and the page, as everybody gets it")]
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task G10_an_agent_gets_the_error_page_of_an_exception(bool scope, bool judgesAgain)
    {
        await using var service = await StartAsync(app => app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/err", CreateScopeForErrors = scope }), judgesAgain: judgesAgain);
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        foreach (var (path, credential) in new[] { ("/throws", key), ("/throws-openly", key), ("/throws-openly", Dead), ("/throws-openly", null) })
        {
            var answer = await service.GetAsync(path, credential);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
            Assert.Equal(judgesAgain || path == "/throws-openly" ? "error page for nobody" : "error page for an agent", answer.Body);
        }

        // Asked for by its name it is an endpoint like any other.
        (await service.GetAsync("/err", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await service.GetAsync("/err", Dead)).Is(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Finding("G10", "a path that is not there, or a bare 409 of an endpoint, behind `UseStatusCodePagesWithReExecute`", "the status that it was, and the page")]
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task G10_an_agent_gets_the_status_page_of_a_bare_status(bool scope, bool judgesAgain)
    {
        await using var service = await StartAsync(app => app.UseStatusCodePagesWithReExecute("/err", null, scope), judgesAgain: judgesAgain);
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        foreach (var (path, status) in new[] { ("/nowhere", HttpStatusCode.NotFound), ("/bare-409", HttpStatusCode.Conflict) })
        {
            var answer = await service.GetAsync(path, key);
            Assert.Equal(status, answer.Status);
            Assert.Equal(judgesAgain || path == "/nowhere" ? "error page for nobody" : "error page for an agent", answer.Body);
        }

        (await service.GetAsync("/unsaid", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await service.SendAsync(HttpMethod.Post, "/api/tickets", key, null)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await service.GetAsync("/err", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    [Finding("G10", "the same where the error page is one for signed-in users, for agents with a scope that this one lacks, or for no agents", "the status that it was, and nothing of the page")]
    [Theory]
    [InlineData("signed in")]
    [InlineData("scoped")]
    [InlineData("denied")]
    [InlineData("denied to agents only")]
    [InlineData("fallback")]
    public async Task G10_an_error_page_that_is_guarded_stays_so_and_the_status_stands(string guard)
    {
        await using var service = await StartAsync(
            app => app.UseExceptionHandler("/guarded-err"),
            services =>
            {
                if (guard == "fallback")
                {
                    services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
                }
            },
            app =>
            {
                var page = app.MapGet("/guarded-err", () => "secret");
                _ = guard switch
                {
                    "signed in" => page.RequireAuthorization(),
                    "scoped" => page.RequireAgentScope("tickets.write"),
                    "denied" => page.DenyAgents(),
                    "denied to agents only" => page.DenyAgents().AllowAnonymous(),
                    _ => page,
                };
            });
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var answer = await service.GetAsync("/throws", key);

        Assert.Equal((HttpStatusCode.InternalServerError, ""), (answer.Status, answer.Body));
    }

    [Finding("G10", "an error page for agents with a scope that this one holds", "500 and the page")]
    [Fact]
    public async Task G10_an_error_page_for_agents_is_for_agents()
    {
        await using var service = await StartAsync(
            app => app.UseExceptionHandler("/agents-err"),
            endpoints: app => app.MapGet("/agents-err", (HttpContext http) => http.User.GetAgent()!.RegistrationId).RequireAgentScope("tickets.read"));
        var registered = await service.RegisterAnonymouslyAsync();

        var answer = await service.GetAsync("/throws", registered.Text("credential"));

        Assert.Equal((HttpStatusCode.InternalServerError, registered.Text("registration_id")), (answer.Status, answer.Body));
    }

    [Finding("G10", "`UseStatusCodePagesWithRedirects`", "the agent is sent to the page, and is judged there as at any endpoint: it is a request of its own")]
    [Fact]
    public async Task G10_a_redirect_to_an_error_page_is_a_request_of_its_own()
    {
        await using var service = await StartAsync(app => app.UseStatusCodePagesWithRedirects("/err"));
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var answer = await service.GetAsync("/nowhere", key);

        Assert.Equal((HttpStatusCode.Redirect, "/err"), (answer.Status, answer.Headers["Location"]));
        (await service.GetAsync("/err", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    private static Task<TestService> StartAsync(Action<WebApplication> errors, Action<IServiceCollection>? services = null, Action<WebApplication>? endpoints = null, bool judgesAgain = true) => TestService.StartAsync(
        services: services,
        endpoints: app =>
        {
            errors(app);
            if (judgesAgain)
            {
                app.UseAuthorization();
            }

            app.MapGet("/err", (HttpContext http) => $"error page for {(http.User.GetAgent() is null ? "nobody" : "an agent")}");
            app.MapGet("/throws", string () => throw new InvalidOperationException("thrown")).RequireAgentScope("tickets.read");
            app.MapGet("/throws-openly", string () => throw new InvalidOperationException("thrown")).AllowAnonymous();
            app.MapGet("/bare-409", () => Results.StatusCode(409)).RequireAgentScope("tickets.read");
            app.MapGet("/unsaid", () => "unsaid");
            endpoints?.Invoke(app);
        });
}
