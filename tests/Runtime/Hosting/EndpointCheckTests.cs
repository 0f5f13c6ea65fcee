using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AgentAuth.Hosting.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace AgentAuth.Hosting;

/// <summary>What is found at the endpoints before the service listens, and what becomes of the start then.</summary>
public sealed partial class EndpointCheckTests
{
    private const string SaysNothing =
        "says nothing about agents, so every agent gets 403 there. Say what you mean: RequireAgentScope, RequireUserOrAgentScope, DenyAgents or AllowAnonymous.";

    [Fact]
    public async Task Start_up_names_the_endpoints_that_say_nothing_and_no_others()
    {
        await using var service = await TestService.StartAsync(endpoints: app =>
        {
            app.MapGet("/silent", () => "");
            app.MapPost("/signed-in", () => "").RequireAuthorization();
            app.MapGet("/open", () => "").AllowAnonymous();
            app.MapGet("/denied", () => "").DenyAgents();
            app.MapGet("/both", () => "").RequireUserOrAgentScope("tickets.read");
        });

        Assert.Equal([$"The endpoint GET /silent {SaysNothing}", $"The endpoint POST /signed-in {SaysNothing}"], Warnings(service.Log));
    }

    [Fact]
    public async Task An_endpoint_is_named_by_methods_and_pattern_and_by_a_name_that_says_more()
    {
        await using var service = await TestService.StartAsync(
            services: services =>
            {
                services.AddSignalR();
                services.AddControllers().AddApplicationPart(typeof(SilentController).Assembly);
            },
            endpoints: app =>
            {
                app.MapMethods("both", ["GET", "PUT"], () => "");
                app.MapGroup("/group").MapGet("named", () => "").WithDisplayName("My name");
                app.MapHub<SilentHub>("/hub");
                app.MapControllers();
                app.MapFallback(() => "");
            });

        Assert.Equal(
            [
                "ANY /hub",
                "ANY /hub/negotiate",
                "ANY /{*path:nonfile} [Fallback {*path:nonfile}]",
                "DELETE /silent-controller/{id} [AgentAuth.Hosting.SilentController.Delete (AgentAuth.Runtime.Tests)]",
                "GET /group/named [My name]",
                "GET, PUT /both",
            ],
            Named(service.Log).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_scope_that_auth_md_does_not_declare_is_found_where_analyzers_do_not_see_it()
    {
        var scope = string.Concat("tickets", ".raed");
        await using var service = await TestService.StartAsync(endpoints: app =>
        {
            app.MapGet("/typo", () => "").RequireAgentScope("tickets.read", scope);
            app.MapGet("/users-too", () => "").RequireUserOrAgentScope(scope);
            app.MapGet("/never-asked", () => "").RequireAgentScope(scope).DenyAgents();
        });

        Assert.Equal(
            [
                "The endpoint GET /typo asks for the scope 'tickets.raed' that auth.md does not declare: no agent can ever hold it.",
                "The endpoint GET /users-too asks for the scope 'tickets.raed' that auth.md does not declare: no agent can ever hold it.",
            ],
            Warnings(service.Log));
    }

    [Fact]
    public async Task A_thousand_of_a_kind_are_fifty_lines_and_a_count()
    {
        await using var service = await TestService.StartAsync(endpoints: app =>
        {
            for (var i = 0; i < 1000; i++)
            {
                app.MapGet($"/silent/{i}", () => "");
                app.MapGet($"/typo/{i}", () => "").RequireAgentScope("tickets.raed");
            }
        });

        var lines = Warnings(service.Log);
        Assert.Equal(102, lines.Length);
        Assert.Contains("950 more endpoints say nothing about agents.", lines);
        Assert.Contains("950 more endpoints ask for a scope that auth.md does not declare.", lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_Fail_mode_one_exception_names_all_and_nothing_ever_listens(bool classicHost)
    {
        using var start = new FailingStart();

        var refusal = await start.ExpectAsync(classicHost, endpoints =>
        {
            endpoints.MapGet("/silent", () => "");
            endpoints.MapPost("/typo", () => "").RequireAgentScope("tickets.raed");
            endpoints.MapGet("/open", () => "").AllowAnonymous();
        });

        Assert.Equal(
            [
                $"The endpoint GET /silent {SaysNothing}",
                "The endpoint POST /typo asks for the scope 'tickets.raed' that auth.md does not declare: no agent can ever hold it.",
                "AgentAuth:RequireScopes is Fail, so each of these stops the start. Warn logs them and starts.",
            ],
            refusal.Problems);
        Assert.DoesNotContain("Now listening", start.Log.Text, StringComparison.Ordinal);
        Assert.Empty(Warnings(start.Log));
    }

    [Fact]
    public async Task In_Fail_mode_the_exception_names_a_thousand()
    {
        using var start = new FailingStart();

        var refusal = await start.ExpectAsync(classicHost: false, endpoints =>
        {
            for (var i = 0; i < 1000; i++)
            {
                endpoints.MapGet($"/silent/{i}", () => "");
            }
        });

        Assert.Equal(1001, refusal.Problems.Count);
    }

    [Fact]
    public async Task In_Fail_mode_a_host_that_shows_start_up_errors_shows_that_and_answers_nothing_else()
    {
        using var start = new FailingStart();
        using var host = start.ClassicHost(endpoints => endpoints.MapGet("/silent", () => "served"), web => web.CaptureStartupErrors(true));
        await host.StartAsync(TestContext.Current.CancellationToken);

        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(start.Url + "/silent"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("served", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_Fail_mode_a_service_that_says_everything_starts()
    {
        await using var service = await TestService.StartAsync(
            configure: options => options.RequireScopes = AgentScopesMode.Fail,
            endpoints: app => app.MapGet("/open", () => "open").AllowAnonymous());

        Assert.Equal("open", (await service.GetAsync("/open")).Body);
    }

    [Fact]
    public async Task In_Fail_mode_what_branches_and_other_start_up_filters_map_stops_the_start_too()
    {
        using var start = new FailingStart { Services = services => services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, MappingFilter>()) };

        var refusal = await start.ExpectAsync(classicHost: false, endpoints =>
            ((IApplicationBuilder)endpoints).Map("/branch", branch => branch.UseRouting().UseEndpoints(e => e.MapGet("in-branch", () => ""))));

        Assert.Equal([$"The endpoint GET /in-branch {SaysNothing}", $"The endpoint GET /from-filter {SaysNothing}"], refusal.Problems.SkipLast(1));
    }

    [Theory]
    [InlineData(AgentScopesMode.Warn, "Warning")]
    [InlineData(AgentScopesMode.Fail, "Critical")]
    public async Task Endpoints_that_come_later_are_told_once_each_and_refuse_agents(AgentScopesMode mode, string level)
    {
        var later = new LaterEndpoints();
        await using var service = await TestService.StartAsync(
            configure: options => options.RequireScopes = mode,
            endpoints: app => ((IEndpointRouteBuilder)app).DataSources.Add(later));
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        later.Add("/one");
        later.Add("/two");

        Assert.Equal([$"The endpoint ANY /one {SaysNothing}", $"The endpoint ANY /two {SaysNothing}"], Lines(service.Log, level));
        Assert.Equal("/two", (await service.GetAsync("/two")).Body);
        (await service.GetAsync("/two", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    [Fact]
    public async Task Razor_Pages_speak_by_their_attributes()
    {
        await using var service = await TestService.StartAsync(
            services: services => AddPages(services, lazily: false),
            endpoints: app => app.MapRazorPages());
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Equal(["ANY /silent/{id?} [/Silent]"], Named(service.Log));
        Assert.Equal("open", (await service.GetAsync("/Open", key)).Body.Trim());
        Assert.Equal("scoped", (await service.GetAsync("/Scoped", key)).Body.Trim());
        Assert.Equal("silent", (await service.GetAsync("/silent")).Body.Trim());
        Assert.Equal(HttpStatusCode.Forbidden, (await service.GetAsync("/silent", key)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.GetAsync("/Denied", key)).Status);
    }

    [Fact]
    public async Task Razor_Pages_that_are_compiled_on_the_first_request_are_not_told_before_they_could_speak()
    {
        await using var service = await TestService.StartAsync(
            services: services => AddPages(services, lazily: true),
            endpoints: app => app.MapRazorPages());

        Assert.Equal(["ANY /silent/{id?} [/Silent]"], Named(service.Log));
    }

    [Fact]
    public async Task What_is_said_where_pages_are_mapped_counts_for_pages_compiled_on_the_first_request()
    {
        await using var service = await TestService.StartAsync(
            services: services => AddPages(services, lazily: true),
            endpoints: app => app.MapGroup("/pages").DenyAgents().MapRazorPages());
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Empty(Warnings(service.Log));
        Assert.Equal(HttpStatusCode.Forbidden, (await service.GetAsync("/pages/Scoped", key)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_that_a_fallback_shows_is_told_once_and_the_fallback_not_at_all(bool lazily)
    {
        await using var service = await TestService.StartAsync(
            services: services => AddPages(services, lazily),
            endpoints: app =>
            {
                app.MapRazorPages();
                app.MapFallbackToPage("/Silent");
            });
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Equal(["ANY /silent/{id?} [/Silent]"], Named(service.Log));
        Assert.Equal("silent", (await service.GetAsync("/elsewhere")).Body.Trim());
        Assert.Equal(HttpStatusCode.Forbidden, (await service.GetAsync("/elsewhere", key)).Status);
    }

    [Fact]
    public async Task A_page_that_does_not_compile_does_not_keep_the_service_from_starting()
    {
        await using var service = await TestService.StartAsync(
            services: services =>
            {
                AddPages(services, lazily: true);
                services.AddSingleton<PageLoader, BrokenPageLoader>();
            },
            endpoints: app => app.MapRazorPages());

        Assert.Contains("ANY /Open [Page: /Open]", Named(service.Log));
    }

    [Fact]
    public async Task A_conventional_route_is_told_for_its_actions_and_not_for_the_links_it_makes()
    {
        await using var service = await TestService.StartAsync(
            services: services => services.AddControllers().AddApplicationPart(typeof(SilentController).Assembly),
            endpoints: app => app.MapControllerRoute("default", "{controller}/{action}"));

        Assert.Equal(
            ["DELETE /silent-controller/{id} [AgentAuth.Hosting.SilentController.Delete (AgentAuth.Runtime.Tests)]"],
            Named(service.Log));
    }

    private static void AddPages(IServiceCollection services, bool lazily)
    {
        if (lazily)
        {
            // As runtime compilation does it: with this one there, pages are not compiled at the start.
            services.AddSingleton<IActionDescriptorProvider, PageActionDescriptorProvider>();
        }

        services.AddRazorPages().WithRazorPagesRoot("/Hosting/Pages").AddApplicationPart(typeof(OpenModel).Assembly);
    }

    private static string[] Warnings(CapturedLog log) => Lines(log, "Warning");

    private static string[] Lines(CapturedLog log, string level) =>
        [.. log.Text.Split(Environment.NewLine)
            .Where(line => line.StartsWith(level + ": ", StringComparison.Ordinal) && line.Contains(" endpoint", StringComparison.Ordinal))
            .Select(line => line[(level.Length + 2)..])];

    private static string[] Named(CapturedLog log) => [.. Warnings(log).Select(line => Name().Match(line).Groups[1].Value)];

    [GeneratedRegex("^The endpoint (.*) says nothing")]
    private static partial Regex Name();

    /// <summary>A service in Fail mode at a port that was free a moment ago.</summary>
    private sealed class FailingStart : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-").FullName;
        private readonly int _port = FreePort();

        public CapturedLog Log { get; } = new();

        public Action<IServiceCollection> Services { get; init; } = _ => { };

        public string Url => $"http://127.0.0.1:{_port}";

        public async Task<AgentAuthConfigurationException> ExpectAsync(bool classicHost, Action<IEndpointRouteBuilder> endpoints)
        {
            using var host = classicHost ? ClassicHost(endpoints) : WebApplication(endpoints);
            var refusal = await Assert.ThrowsAsync<AgentAuthConfigurationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
            using var client = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken));
            return refusal;
        }

        public IHost ClassicHost(Action<IEndpointRouteBuilder> endpoints, Action<IWebHostBuilder>? configure = null) =>
            Host.CreateDefaultBuilder()
                .UseContentRoot(_folder)
                .ConfigureLogging(Logging)
                .ConfigureWebHostDefaults(web =>
                {
                    web.UseUrls(Url).ConfigureServices(AddServices).Configure(app => app.UseRouting().UseAuthorization().UseEndpoints(endpoints));
                    configure?.Invoke(web);
                })
                .Build();

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        private WebApplication WebApplication(Action<IEndpointRouteBuilder> endpoints)
        {
            var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = _folder });
            builder.WebHost.UseKestrel().UseUrls(Url);
            Logging(builder.Logging);
            AddServices(builder.Services);
            var app = builder.Build();
            endpoints(app);
            return app;
        }

        private void Logging(ILoggingBuilder logging) => logging.ClearProviders().AddProvider(Log);

        private void AddServices(IServiceCollection services)
        {
            AgentAuthServices.Add(services, TestService.Manifest, options => options.RequireScopes = AgentScopesMode.Fail);
            Services(services);
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }

    private sealed class MappingFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.UseRouting().UseEndpoints(endpoints => endpoints.MapGet("/from-filter", () => ""));
        };
    }

    private sealed class LaterEndpoints : EndpointDataSource
    {
        private readonly List<Endpoint> _endpoints = [];
        private ConfigurationReloadToken _change = new();

        public override IReadOnlyList<Endpoint> Endpoints => _endpoints;

        public override IChangeToken GetChangeToken() => _change;

        public void Add(string path)
        {
            _endpoints.Add(new RouteEndpointBuilder(http => http.Response.WriteAsync(path), RoutePatternFactory.Parse(path), 0).Build());
            Interlocked.Exchange(ref _change, new ConfigurationReloadToken()).OnReload();
        }
    }

    private sealed class BrokenPageLoader : PageLoader
    {
        [Obsolete("As in the base class.")]
        public override Task<CompiledPageActionDescriptor> LoadAsync(PageActionDescriptor actionDescriptor) =>
            throw new InvalidOperationException("Line 1: not C#.");
    }

    private sealed class SilentHub : Hub;
}

[ApiController]
[Route("silent-controller")]
public sealed class SilentController : ControllerBase
{
    [HttpDelete("{id}")]
    public IActionResult Delete(string id) => Ok(id);
}
