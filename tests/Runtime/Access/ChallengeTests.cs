using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace AgentAuth.Access;

/// <summary>What a 401 says, to agents and to clients that know nothing but OAuth.</summary>
public sealed class ChallengeTests
{
    private const string Metadata = "Bearer resource_metadata=\"https://api.tickets.example/.well-known/oauth-protected-resource\"";

    [Finding("W1", "A 401 at an endpoint with scopes", "The challenge names the scopes of that endpoint, and none where no scope would help")]
    [Fact]
    public async Task W1_the_challenge_names_the_scopes_of_the_endpoint()
    {
        await using var service = await TestService.StartAsync(endpoints: app =>
        {
            app.MapGet("/two", () => "").RequireAgentScope("tickets.read").RequireAgentScope("tickets.write");
            app.MapGet("/both", () => "").RequireUserOrAgentScope("tickets.write");
            app.MapGet("/open", () => Results.Unauthorized()).AllowAnonymous();
        });

        Assert.Equal(Metadata + ", scope=\"tickets.read tickets.write\"", await ChallengeOfAsync(service, "/two"));
        Assert.Equal(Metadata + ", scope=\"tickets.write\"", await ChallengeOfAsync(service, "/both"));
        Assert.Equal(Metadata, await ChallengeOfAsync(service, "/open"));
        Assert.Equal(Metadata + ", error=\"invalid_token\", scope=\"tickets.read tickets.write\"", await ChallengeOfAsync(service, "/two", "agk_000000000000000000000000000000000000"));
    }

    [Finding("W3", "An endpoint for people beside JwtBearer, which answers a bare `Bearer`", "One `Bearer` challenge, ours; what else the app says comes behind it, each in a header of its own")]
    [Fact]
    public async Task W3_ours_is_the_first_challenge_and_a_bare_one_is_gone()
    {
        await using var service = await TestService.StartAsync(endpoints: app => app.MapGet("/app", (HttpResponse response) =>
        {
            response.Headers.WWWAuthenticate = new StringValues(["Bearer", "Basic realm=\"people\"", "Bearer error=\"invalid_token\""]);
            return Results.Unauthorized();
        }).AllowAnonymous());

        using var answer = await service.Client.GetAsync("/app", TestContext.Current.CancellationToken);

        Assert.Equal([Metadata, "Basic realm=\"people\"", "Bearer error=\"invalid_token\""], answer.Headers.NonValidated["WWW-Authenticate"]);
    }

    [Finding("W2", "A page of another origin reads a 401, where the app has CORS", "It may read the challenge: `Access-Control-Expose-Headers: WWW-Authenticate`")]
    [Fact]
    public async Task W2_a_page_that_the_app_lets_in_may_read_the_challenge()
    {
        await using var service = await TestService.StartAsync(
            services: services => services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins("https://page.example").WithExposedHeaders("X-Own"))),
            endpoints: app => app.UseRouting().UseCors().UseAuthentication().UseAuthorization());

        var page = await service.SendAsync(HttpMethod.Get, "/api/tickets", null, null, request => request.Headers.Add("Origin", "https://page.example"));
        var other = await service.SendAsync(HttpMethod.Get, "/api/tickets", null, null, request => request.Headers.Add("Origin", "https://other.example"));

        page.Is(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal("https://page.example", page.Headers["Access-Control-Allow-Origin"]);
        Assert.Equal("X-Own, WWW-Authenticate", page.Headers["Access-Control-Expose-Headers"]);
        Assert.DoesNotContain("Access-Control-Expose-Headers", other.Headers.Keys);
    }

    private static async Task<string> ChallengeOfAsync(TestService service, string path, string? credential = null)
    {
        var answer = await service.GetAsync(path, credential);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        return answer.Headers["WWW-Authenticate"];
    }
}
