using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MyService;
using Yarp.ReverseProxy.Configuration;

namespace AgentAuth.Hosting.Hosts;

/// <summary>The hosts of the matrix, by their names. docs/operating.md says what each needs.</summary>
internal static class HostSetups
{
    private const string UnusedHeader = "with an X-Forwarded-For header that the app does not use";

    public static IReadOnlyDictionary<string, HostSetup> All { get; } = new Dictionary<string, HostSetup>(StringComparer.Ordinal)
    {
        ["default"] = new(),
        ["path base"] = new()
        {
            Url = "https://tickets.example/svc",
            Pipeline = app =>
            {
                app.UsePathBase("/svc");
                app.UseRouting();
                UseAuth(app);
            },
        },
        ["route groups"] = new()
        {
            Url = "https://tickets.example/v1",
            MapsAgentAuthOn = app => app.MapGroup("").RequireAuthorization(),
            MapsApiOn = app => app.MapGroup("/v1").RequireHost("tickets.example"),
        },
        ["behind YARP, with forwarded headers"] = new()
        {
            Gateway = [Route("all", "{**rest}", ("RequestHeaderOriginalHost", "true"))],
            Services = builder =>
            {
                // Before the app's own middleware, and so before the forwarded headers: the proxy has to pass the host on as it came.
                builder.Configuration["AllowedHosts"] = "tickets.example";
                builder.Services
                    .Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto)
                    .Configure<HttpsRedirectionOptions>(https => https.HttpsPort = 443);
            },
            Pipeline = app =>
            {
                app.UseForwardedHeaders();
                app.UseHttpsRedirection();
                UseAuth(app);
            },
            Also = (host, _) =>
            {
                Assert.DoesNotContain("X-Forwarded-For header", host.Log.Text, StringComparison.Ordinal);
                return Task.CompletedTask;
            },
        },
        ["behind YARP, without forwarded headers"] = new()
        {
            Gateway = [Route("all", "{**rest}")],
            RemoteAddress = "127.0.0.1",
            Also = (host, _) =>
            {
                // All callers have one address, so all share one limit: it works, and the log says what to change.
                Assert.Single(host.Log.Text.Split('\n'), line => line.Contains(UnusedHeader, StringComparison.Ordinal));
                return Task.CompletedTask;
            },
        },
        ["behind YARP that takes a path away"] = new()
        {
            Url = "https://tickets.example/svc",
            Gateway =
            [
                Route("service", "/svc/{**rest}", ("PathRemovePrefix", "/svc")),
                Route("well-known", "/.well-known/{**rest}"),
                Route("auth-md", "/auth.md"),
            ],
            Services = builder => builder.Services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto),
            Pipeline = app =>
            {
                app.UseForwardedHeaders();
                UseAuth(app);
            },
        },
        ["HTTPS redirection"] = new()
        {
            ListensToHttp = true,
            Services = builder => builder.Services.Configure<HttpsRedirectionOptions>(https => https.HttpsPort = 443),
            Pipeline = app =>
            {
                app.UseHsts();
                app.UseHttpsRedirection();
            },
            Also = async (host, key) =>
            {
                foreach (var path in (string[])["/api/tickets", "/.well-known/oauth-protected-resource", "/agent/auth"])
                {
                    var redirect = await host.SendAsync(HttpMethod.Get, "http://tickets.example" + path, key);
                    Assert.Equal((HttpStatusCode.TemporaryRedirect, host.Url(path).AbsoluteUri), (redirect.Status, redirect.Headers["Location"]));
                }
            },
        },
        ["host filtering"] = new()
        {
            Services = builder => builder.Configuration["AllowedHosts"] = "tickets.example",
            Also = async (host, key) =>
            {
                Assert.Equal(HttpStatusCode.BadRequest, (await host.SendAsync(HttpMethod.Get, "/api/tickets", key, request => request.Headers.Host = "other.example")).Status);
                Assert.Equal(HttpStatusCode.BadRequest, (await host.SendAsync(HttpMethod.Get, "/auth.md", null, request => request.Headers.Host = "other.example")).Status);
            },
        },
        ["ASP.NET Core Identity with MapIdentityApi"] = Identity(),
        ["JwtBearer by default"] = Jwt(),
        ["cookies and a fallback policy"] = new()
        {
            Services = builder =>
            {
                builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
                builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
                builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            },
            Pipeline = app => app.MapPost("/sign-in", (HttpContext http) => http.SignInAsync(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "alice")], CookieAuthenticationDefaults.AuthenticationScheme)))).AllowAnonymous(),
            SignIn = async host =>
            {
                var cookie = (await host.SendAsync(HttpMethod.Post, "/sign-in")).Headers["Set-Cookie"].Split(';')[0];
                return request => request.Headers.Add("Cookie", cookie);
            },
            Also = async (host, _) =>
            {
                // A browser is sent to sign in; whoever else comes learns where agents begin.
                var browser = await host.SendAsync(HttpMethod.Get, "/both", null, request => request.Headers.Accept.ParseAdd("text/html"));
                Assert.Equal(HttpStatusCode.Redirect, browser.Status);
                (await host.SendAsync(HttpMethod.Get, "/both")).Is(HttpStatusCode.Unauthorized, "unauthorized");
            },
        },
        ["ProblemDetails and status-code pages"] = new()
        {
            Services = builder => builder.Services.AddProblemDetails(),
            Pipeline = app =>
            {
                app.UseExceptionHandler();
                app.UseStatusCodePages();
                app.MapGet("/throws", string () => throw new InvalidOperationException("On purpose.")).RequireAgentScope("tickets.read");
            },
            Also = async (host, key) =>
            {
                foreach (var (path, status) in new[] { ("/nowhere", HttpStatusCode.NotFound), ("/throws", HttpStatusCode.InternalServerError) })
                {
                    var problem = await host.SendAsync(HttpMethod.Get, path, key);
                    Assert.Equal((status, "application/problem+json"), (problem.Status, problem.Headers["Content-Type"]));
                }

                // What the protocol says stays as it is.
                (await host.SendAsync(HttpMethod.Get, "/agent/auth")).Is(HttpStatusCode.MethodNotAllowed, "invalid_request");
                (await host.SendAsync(HttpMethod.Get, "/people", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
            },
        },
        ["TestServer"] = new() { IsTestServer = true, RemoteAddress = null },
    };

    /// <summary>Where the app does not call them, <c>WebApplication</c> puts them before everything that the app adds.</summary>
    private static void UseAuth(WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>A route of the gateway.</summary>
    public static RouteConfig Route(string id, string path, params (string Name, string Value)[] transforms) => new()
    {
        RouteId = id,
        ClusterId = "service",
        Match = new RouteMatch { Path = path },
        Transforms = [.. transforms.Select(transform => new Dictionary<string, string> { [transform.Name] = transform.Value })],
    };

    private static HostSetup Identity()
    {
        // An in-memory database lives as long as a connection to it: here as long as the app's services.
        const string Password = "Correct-horse-7";
        return new HostSetup
        {
            Services = builder =>
            {
                var connection = new SqliteConnection("Data Source=:memory:");
                connection.Open();
                builder.Services.AddSingleton(_ => connection);
                builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
                builder.Services.AddDbContext<AppDb>((services, options) => options.UseSqlite(services.GetRequiredService<SqliteConnection>()));
                builder.Services.AddIdentityApiEndpoints<IdentityUser>().AddEntityFrameworkStores<AppDb>();
                new AgentAuthBuilder(builder.Services).AddAccounts<IdentityAccounts>();
            },
            Prepare = async services =>
            {
                using var scope = services.CreateScope();
                await scope.ServiceProvider.GetRequiredService<AppDb>().Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
            },
            Pipeline = app => app.MapIdentityApi<IdentityUser>(),
            SignIn = async host =>
            {
                (await PostAsync("/register")).Is(HttpStatusCode.OK);
                var token = (await PostAsync("/login")).Text("accessToken");
                return request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

                Task<Answer> PostAsync(string path) =>
                    host.SendAsync(HttpMethod.Post, path, content: JsonContent.Create(new { email = "person@example.com", password = Password }));
            },
        };
    }

    private static HostSetup Jwt()
    {
        var key = new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32));
        return new HostSetup
        {
            Services = builder => builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt => jwt.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = "https://login.example",
                ValidAudience = "tickets",
                IssuerSigningKey = key,
            }),
            SignIn = _ =>
            {
                var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
                {
                    Issuer = "https://login.example",
                    Audience = "tickets",
                    Subject = new ClaimsIdentity([new Claim("sub", "alice")]),
                    SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
                });
                return Task.FromResult<Action<HttpRequestMessage>>(request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token));
            },
            Also = async (host, _) =>
            {
                // What is no token of theirs and no key of ours is answered with both challenges, ours first.
                var refused = await host.SendAsync(HttpMethod.Get, "/people", "neither");
                Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
                Assert.StartsWith("Bearer resource_metadata=\"https://tickets.example/.well-known/oauth-protected-resource\"", refused.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            },
        };
    }
}
