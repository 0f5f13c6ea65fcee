using System.Globalization;
using System.Net;
using AgentAuth.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Wire.Http;

/// <summary>What concerns one caller is kept by nobody, in the app or on the way, and served to nobody else.</summary>
public sealed class PrivateAnswersTests
{
    [Finding("G4", "An app that caches whatever it can (`AddOutputCache` with a base policy, also one that leaves the query out of the key, and `UseResponseCaching`), before routing and behind it; a mail scanner opens a link once", "Nobody else gets the page: neither a stranger nor another user; discovery may be cached")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G4_a_link_that_a_scanner_opened_is_served_to_nobody_else(bool beforeRouting)
    {
        await using var service = await TestService.StartAsync(services: CacheWhateverItCan, endpoints: app => UseCaches(app, beforeRouting));
        await service.RegisterByEmailAsync("victim@example.com");
        var victims = await service.NextLinkTokenAsync();
        await service.RegisterByEmailAsync("other@example.com");
        var others = await service.NextLinkTokenAsync();

        Assert.Contains(victims, (await service.GetAsync($"/agent/auth/claim/view?token={victims}")).Body, StringComparison.Ordinal);
        var stranger = await service.GetAsync("/agent/auth/claim/view?token=x");
        var other = await service.GetAsync($"/agent/auth/claim/view?token={others}");

        Assert.Equal(HttpStatusCode.Gone, stranger.Status);
        Assert.DoesNotContain(victims, stranger.Body, StringComparison.Ordinal);
        Assert.Contains("other@example.com", other.Body, StringComparison.Ordinal);
        Assert.Contains(others, other.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Age", other.Headers.Keys);

        // The cache is there: what is the same for everybody comes out of it.
        Assert.Equal((await service.GetAsync("/count")).Body, (await service.GetAsync("/count?token=x")).Body);
        await service.GetAsync("/auth.md");
        Assert.Contains("Age", (await service.GetAsync("/auth.md")).Headers.Keys);
    }

    [Finding("G4", "The same app, with the output cache before its authorization; an operator lists registrations", "Who comes next, without a right to, is refused")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G4_what_operators_list_is_not_served_to_whoever_comes_next(bool beforeRouting)
    {
        await using var service = await TestService.StartAsync(
            services: services =>
            {
                CacheWhateverItCan(services);
                services.AddAuthorizationBuilder().AddPolicy("operator", policy => policy.RequireAssertion(context => ((HttpContext)context.Resource!).Request.Headers.ContainsKey("X-Operator")));
            },
            endpoints: app =>
            {
                UseCaches(app, beforeRouting);
                app.MapAgentAccess("/admin/agents").RequireAuthorization("operator");
            });
        await service.RegisterAnonymouslyAsync();

        (await service.SendAsync(HttpMethod.Get, "/admin/agents", null, null, request => request.Headers.Add("X-Operator", "1"))).Is(HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("/admin/agents")).Status);
    }

    [Finding("G4", "An app that caches even endpoints that say otherwise, by `CacheOutput` or `[OutputCache]` on `MapAgentAuth`", "The page of a link is made afresh each time")]
    [Fact]
    public async Task G4_not_even_the_app_can_have_them_cached()
    {
        await using var service = await TestService.StartAsync(services: CacheWhateverItCan, endpoints: app =>
        {
            UseCaches(app, beforeRouting: false);
            var again = AgentAuthEndpoints.For(app.MapGroup("/again"), TestService.Manifest);
            again.MapClaims();
            again.CacheOutput(policy => policy.SetVaryByQuery("page"));
            again.WithMetadata(new OutputCacheAttribute { VaryByQueryKeys = ["page"] });
        });
        await service.RegisterByEmailAsync("victim@example.com");

        (await service.GetAsync($"/again/agent/auth/claim/view?token={await service.NextLinkTokenAsync()}")).Is(HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.Gone, (await service.GetAsync("/again/agent/auth/claim/view?token=x")).Status);
    }

    [Finding("G4", "An app that says `Cache-Control: public` on everything", "Answers that concern a caller leave with `no-store`: pages, also to `HEAD`, errors of the protocol, 401, 403, an exception, and whatever a URL with a secret is answered")]
    [Theory]
    [InlineData("GET", "/agent/auth/claim/view?token={link}", HttpStatusCode.OK)]
    [InlineData("HEAD", "/agent/auth/claim/view?token={link}", HttpStatusCode.OK)]
    [InlineData("GET", "/agent/auth/claim/view?token=x", HttpStatusCode.Gone)]
    [InlineData("POST", "/agent/auth", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("POST", "/agent/auth/claim/complete", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("GET", "/api/tickets", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/unsaid", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/nowhere?token={link}", HttpStatusCode.NotFound)]
    [InlineData("GET", "/throws?token={link}", HttpStatusCode.InternalServerError)]
    public async Task G4_answers_that_concern_a_caller_are_never_stored(string method, string path, HttpStatusCode status)
    {
        await using var service = await TestService.StartAsync(endpoints: app =>
        {
            app.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync("oops", context.RequestAborted)));
            app.Use((context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers.CacheControl = "public, max-age=600";
                    return Task.CompletedTask;
                });
                return next(context);
            });
            app.MapGet("/throws", string () => throw new InvalidOperationException("On purpose.")).AllowAnonymous();
            app.MapGet("/unsaid", () => "");
        });
        await service.RegisterByEmailAsync("user@example.com");
        var link = await service.NextLinkTokenAsync();
        var key = status == HttpStatusCode.Forbidden ? (await service.RegisterAnonymouslyAsync()).Text("credential") : null;

        var answer = await service.SendAsync(new HttpMethod(method), path.Replace("{link}", link, StringComparison.Ordinal), key, method == "POST" ? new StringContent("") : null);

        Assert.Equal(status, answer.Status);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Equal("public, max-age=600", (await service.GetAsync("/nowhere")).Headers["Cache-Control"].Replace("max-age=600, public", "public, max-age=600", StringComparison.Ordinal));
    }

    private static void CacheWhateverItCan(IServiceCollection services) => services
        .AddResponseCaching()
        .AddOutputCache(cache => cache.AddBasePolicy(policy => policy.Cache().SetVaryByQuery("page")));

    private static void UseCaches(WebApplication app, bool beforeRouting)
    {
        if (!beforeRouting)
        {
            app.UseRouting();
        }

        app.UseResponseCaching();
        app.UseOutputCache();
        if (beforeRouting)
        {
            app.UseRouting();
        }

        app.UseAuthentication();
        app.UseAuthorization();
        var count = 0;
        app.MapGet("/count", () => (++count).ToString(CultureInfo.InvariantCulture)).AllowAnonymous();
    }
}
