using System.Net;
using System.Security.Claims;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Access;

/// <summary>What an agent gets from the files of <c>MapStaticAssets</c>: what anybody gets, as long as they are for anybody.</summary>
public sealed class PublicFileTests : IDisposable
{
    private const string Dead = "agk_000000000000000000000000000000000000";

    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_public_file_is_open_to_agents_as_to_anybody_and_start_up_does_not_name_it()
    {
        await using var service = await StartAsync(app =>
        {
            MapFiles(app);
            app.MapGet("/silent", () => "");
        });
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Equal("body{}", (await service.GetAsync("/site.css")).Body);
        Assert.Equal("body{}", (await service.GetAsync("/site.css", key)).Body);
        Assert.Equal("body{}", (await service.GetAsync("/site.css", Dead)).Body);
        Assert.DoesNotContain("site.css says nothing", service.Log.Text, StringComparison.Ordinal);
        (await service.GetAsync("/silent", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    [Fact]
    public async Task A_file_that_says_something_means_it()
    {
        await using var denied = await StartAsync(app => MapFiles(app).DenyAgents());
        var key = (await denied.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Equal("body{}", (await denied.GetAsync("/site.css")).Body);
        (await denied.GetAsync("/site.css", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    [Fact]
    public async Task A_file_for_agents_asks_for_its_scope()
    {
        await using var service = await StartAsync(app => MapFiles(app).RequireAgentScope("tickets.write"));
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        (await service.GetAsync("/site.css")).Is(HttpStatusCode.Unauthorized, "unauthorized");
        (await service.GetAsync("/site.css", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    public static TheoryData<string> Guards => ["attribute", "policy", "requirement", "fallback"];

    [Theory]
    [MemberData(nameof(Guards))]
    public async Task A_file_for_signed_in_people_refuses_agents_even_beside_a_persons_cookie(string guard)
    {
        var signedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        await using var service = await StartAsync(
            app =>
            {
                var files = MapFiles(app);
                _ = guard switch
                {
                    "attribute" => files.RequireAuthorization(),
                    "policy" => files.WithMetadata(signedIn),
                    "requirement" => files.WithMetadata(new SignedInData()),
                    _ => files,
                };
                app.MapGet("/sign-in", (HttpContext http) => http.SignInAsync(
                    CookieAuthenticationDefaults.AuthenticationScheme,
                    new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "alice")], "password")))).AllowAnonymous();
            },
            services =>
            {
                services.AddAuthentication().AddCookie();
                if (guard == "fallback")
                {
                    services.AddAuthorizationBuilder().SetFallbackPolicy(signedIn);
                }
            });
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        var cookie = (await service.GetAsync("/sign-in")).Headers["Set-Cookie"].Split(';')[0];

        Assert.Equal("body{}", (await WithCookieAsync(null)).Body);
        (await WithCookieAsync(key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await service.GetAsync("/site.css", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.Contains("The endpoint GET, HEAD /site.css says nothing about agents", service.Log.Text, StringComparison.Ordinal);

        Task<Answer> WithCookieAsync(string? credential) =>
            service.SendAsync(HttpMethod.Get, "/site.css", credential, null, request => request.Headers.TryAddWithoutValidation("Cookie", cookie));
    }

    [Fact]
    public async Task An_agent_does_not_pass_for_a_signed_in_user_where_credentials_are_the_only_way_to_sign_in()
    {
        await using var service = await StartAsync(
            app => MapFiles(app),
            services => services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()));
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        (await service.GetAsync("/site.css", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await service.GetAsync("/site.css")).Is(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Files_stay_public_where_the_app_passes_the_endpoint_to_its_policies_instead_of_the_request()
    {
        await using var service = await StartAsync(app => MapFiles(app));
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        var credential = await service.Store.FindCredentialAsync(SecretHash.Of(key), TestContext.Current.CancellationToken);
        var agent = new ClaimsPrincipal(new AgentClaimsIdentity(credential!));
        var file = service.Services.GetRequiredService<EndpointDataSource>().Endpoints.Single(e => EndpointAccess.Of(e) == AgentAccess.PublicFile);

        Assert.True(await IsLetInAsync(new AgentGateRequirement()));
        Assert.False(await IsLetInAsync(new AgentGateRequirement(), new DenyAnonymousAuthorizationRequirement()));

        async Task<bool> IsLetInAsync(params IAuthorizationRequirement[] requirements)
        {
            var context = new AuthorizationHandlerContext(requirements, agent, file);
            await new AgentAuthorizationHandler().HandleAsync(context);
            return !context.HasFailed;
        }
    }

    private Task<TestService> StartAsync(Action<WebApplication> endpoints, Action<IServiceCollection>? services = null)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "wwwroot"));
        File.WriteAllText(Path.Combine(_folder, "wwwroot", "site.css"), "body{}");
        File.WriteAllText(ManifestPath, """
            {
              "Version": 1,
              "ManifestType": "Publish",
              "Endpoints": [
                {
                  "Route": "site.css",
                  "AssetFile": "site.css",
                  "Selectors": [],
                  "EndpointProperties": [],
                  "ResponseHeaders": [
                    { "Name": "Content-Type", "Value": "text/css" },
                    { "Name": "Content-Length", "Value": "6" },
                    { "Name": "ETag", "Value": "\"1\"" },
                    { "Name": "Last-Modified", "Value": "Tue, 24 Nov 2026 12:00:00 GMT" }
                  ]
                }
              ]
            }
            """);
        return TestService.StartAsync(endpoints: endpoints, services: services, folder: _folder);
    }

    private string ManifestPath => Path.Combine(_folder, "files.staticwebassets.endpoints.json");

    private StaticAssetsEndpointConventionBuilder MapFiles(WebApplication app) => app.MapStaticAssets(ManifestPath);

    /// <summary>A guard that is neither an attribute of ASP.NET Core's nor a policy.</summary>
    private sealed class SignedInData : IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() =>
            new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build().Requirements;
    }
}
