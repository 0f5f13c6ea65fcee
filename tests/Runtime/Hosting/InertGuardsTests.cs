using System.Net;
using System.Reflection;
using AgentAuth.Hosting.InertPages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Mvc.ViewComponents;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Hosting;

/// <summary>Attributes of ours that nothing reads stop the start, whatever <c>RequireScopes</c> says.</summary>
public sealed class InertGuardsTests
{
    [Finding("G2", "`[DenyAgents]`, `[AgentScope]`, `[UserOrAgentScope]` or `[AgentStepUp]` on handlers of Razor pages, inherited ones and those of pages that are compiled on their first request included", "the service does not start, and page and handler are named")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G2_attributes_on_page_handlers_stop_the_start(bool lazily)
    {
        var stopped = await StoppedAsync(
            services =>
            {
                if (lazily)
                {
                    // As runtime compilation does it: with this one there, pages are not compiled at the start.
                    services.AddSingleton<IActionDescriptorProvider, PageActionDescriptorProvider>();
                }

                services.AddRazorPages().WithRazorPagesRoot("/Hosting/InertPages").AddApplicationPart(typeof(HandlersModel).Assembly);
            },
            app => app.MapRazorPages());

        static string Handler(string page, string guard, string method) =>
            $"The page {page} has [{guard}] on {method}, where Razor Pages reads no attributes, so it guards nothing. Put it on the page model, and what it guards on a page or endpoint of its own.";

        Assert.Equal(
            [
                Handler("ANY /Handlers", "AgentScope", "HandlersModel.OnPostAsync"),
                Handler("ANY /Handlers", "AgentStepUp", "HandlersModel.OnPutEveryAsync"),
                Handler("ANY /Handlers", "DenyAgents", "HandlersModel.OnPostDelete"),
                Handler("ANY /Handlers", "UserOrAgentScope", "BaseModel.OnGet"),
                Handler("ANY /PlainModel", "DenyAgents", "Hosting_InertPages_PlainModel.OnPost"),
                "The page ANY /PlainModel has [DenyAgents] on PlainModel, where Razor Pages does not read it, so it guards nothing. Put it on the page with @attribute, or on a model that derives from PageModel.",
            ],
            stopped.Order(StringComparer.Ordinal).Select(sentence => sentence.Replace(" [/Handlers]", "", StringComparison.Ordinal).Replace(" [/PlainModel]", "", StringComparison.Ordinal)));
    }

    [Finding("G2", "`DenyAgents` or scopes on an endpoint, or its group, with `ShortCircuit()`", "the service does not start, and the endpoint is named; without a guard it may be short")]
    [Fact]
    public async Task G2_guards_that_ShortCircuit_skips_stop_the_start()
    {
        var stopped = await StoppedAsync(_ => { }, app =>
        {
            app.MapGet("/denied", () => "ok").DenyAgents().ShortCircuit();
            app.MapGroup("/group").DenyAgents().MapGet("/short", () => "ok").ShortCircuit(200);
            app.MapGet("/scoped", () => "ok").RequireAgentScope("tickets.read").ShortCircuit();
            app.MapGet("/open", () => "ok").AllowAnonymous().ShortCircuit();
        });

        static string Skipped(string endpoint, string guard) =>
            $"The endpoint {endpoint} has [{guard}] and ShortCircuit, which runs it before authorization, so it guards nothing. Take ShortCircuit away.";

        Assert.Equal(
            [Skipped("GET /denied", "DenyAgents"), Skipped("GET /group/short", "DenyAgents"), Skipped("GET /scoped", "AgentScope")],
            stopped.Order(StringComparer.Ordinal));
    }

    [Finding("G1", "the attributes on `OnConnectedAsync`, on methods of a hub that are not public, on its interfaces and on the interface of its clients", "the service does not start, and the method is named")]
    [Fact]
    public async Task G1_attributes_where_SignalR_calls_no_method_stop_the_start()
    {
        var stopped = await StoppedAsync(services => services.AddSignalR(), app =>
        {
            app.MapHub<MisreadHub>("/hub").DenyAgents();
            app.MapHub<WellReadHub>("/well").DenyAgents();
        });

        static string Method(string guard, string method) =>
            $"The hub MisreadHub has [{guard}] on {method}, which no client calls as the hub's method, so it guards nothing. Put it on a public method of the hub, or on the hub.";

        Assert.Equal(
            [
                Method("AgentScope", "IChat.Say"),
                Method("AgentScope", "MisreadHub.OnConnectedAsync"),
                Method("DenyAgents", "IChatClient.Heard"),
                Method("DenyAgents", "MisreadHub.Helper"),
                Method("DenyAgents", "MisreadHub.get_Property"),
                "The hub's method MisreadHub.Empty has [AgentStepUp] that asks for nothing. Give it MaxAge, Contexts or Methods, or remove it.",
            ],
            stopped.Order(StringComparer.Ordinal));
    }

    [Finding("G2", "the attributes on what is no action of a controller, on its interfaces, on the class of a minimal API's handlers, and on view components", "the service does not start, and the place is named")]
    [Fact]
    public async Task G2_attributes_on_other_things_that_nothing_reads_stop_the_start()
    {
        var stopped = await StoppedAsync(
            services =>
            {
                services.AddControllers().ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new OnlyControllers(typeof(MisreadController), typeof(WellReadController))));
                services.AddSingleton<IViewComponentDescriptorProvider, Components>();
            },
            app =>
            {
                app.MapControllers();
                app.MapGet("/method", MisreadHandlers.Method);
                app.MapGet("/said-twice", MisreadHandlers.Method).DenyAgents();
                MisreadHandlers.Map(app);
                app.MapGet("/promised", new Promises().Promised);
            });

        Assert.Equal(
            [
                "The controller MisreadController has [AgentScope] on MisreadController.NoAction, which is no action, so it guards nothing. Put it on the action, or on the controller.",
                "The controller MisreadController has [DenyAgents] on IMisread.Get, which is no action, so it guards nothing. Put it on the action, or on the controller.",
                "The controller MisreadController has [DenyAgents] on MisreadController.Private, which is no action, so it guards nothing. Put it on the action, or on the controller.",
                "The endpoint GET /lambda is handled by <>c.<Map>b__1_0. [DenyAgents] on the class MisreadHandlers is read by nothing, so it guards nothing. Put it on the method, on the endpoint or on its group.",
                "The endpoint GET /method [HTTP: GET /method => Method] is handled by MisreadHandlers.Method. [DenyAgents] on the class MisreadHandlers is read by nothing, so it guards nothing. Put it on the method, on the endpoint or on its group.",
                "The endpoint GET /promised [HTTP: GET /promised => Promised] is handled by Promises.Promised. [DenyAgents] on IPromises.Promised is read by nothing, so it guards nothing. Put it on the method that handles the endpoint.",
                "The view component MenuComponent has [AgentScope], which nothing reads, so it guards nothing. Put it on the pages and actions that show it.",
                "The view component MenuComponent has [DenyAgents], which nothing reads, so it guards nothing. Put it on the pages and actions that show it.",
            ],
            stopped.Order(StringComparer.Ordinal));
    }

    [Finding("G1", "a scope on a hub's method that auth.md does not declare", "named at the start, as at an endpoint")]
    [Fact]
    public async Task G1_an_undeclared_scope_of_a_hubs_method_is_found()
    {
        await using var service = await TestService.StartAsync(services: services => services.AddSignalR(), endpoints: app => app.MapHub<TypoHub>("/hub").DenyAgents());

        Assert.Contains(
            "The endpoint ANY /hub, at its method Send, asks for the scope 'tickets.raed' that auth.md does not declare: no agent can ever hold it.",
            service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("negotiate, at its method", service.Log.Text, StringComparison.Ordinal);
    }

    [Finding("G2", "the attributes as metadata, on lambdas, local functions and methods of minimal APIs", "count")]
    [Fact]
    public async Task G2_attributes_on_handlers_of_minimal_APIs_and_metadata_count()
    {
        [DenyAgents]
        static string Local() => "local";
        await using var service = await TestService.StartAsync(endpoints: app =>
        {
            app.MapGet("/lambda", [DenyAgents] () => "lambda");
            app.MapGet("/local", Local);
            app.MapGet("/raw", [DenyAgents] (HttpContext http) => http.Response.WriteAsync("raw"));
            app.MapGet("/metadata", () => "metadata").WithMetadata(new DenyAgentsAttribute());
            app.MapGet("/scope-metadata", () => "metadata").WithMetadata(new AgentScopeAttribute("tickets.write"));
            app.MapGet("/step-up-metadata", () => "metadata").WithMetadata(new UserOrAgentScopeAttribute("tickets.read"), new AgentStepUpAttribute { MaxAge = 600 });
            app.MapGroup("/group").WithMetadata(new DenyAgentsAttribute()).MapGet("", () => "group").RequireAgentScope("tickets.read");
        });
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        foreach (var path in (string[])["/lambda", "/local", "/raw", "/metadata", "/scope-metadata", "/group"])
        {
            (await service.GetAsync(path, key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        }

        (await service.GetAsync("/step-up-metadata", key)).Is(HttpStatusCode.Unauthorized, "insufficient_user_authentication");
    }

    private static async Task<IReadOnlyList<string>> StoppedAsync(Action<IServiceCollection> services, Action<WebApplication> endpoints) =>
        (await Assert.ThrowsAsync<AgentAuthConfigurationException>(() => TestService.StartAsync(services: services, endpoints: endpoints))).Problems;

    private interface IChat
    {
        [AgentScope("tickets.read")]
        Task Say();
    }

    private interface IChatClient
    {
        [DenyAgents]
        Task Heard();
    }

#pragma warning disable CA1822 // What is called here is no static method.
    private sealed class MisreadHub : Hub<IChatClient>, IChat
    {
        public static string Property
        {
            [DenyAgents]
            get => "";
        }

        public Task Say() => Helper();

        [AgentStepUp]
        public Task Empty() => Task.CompletedTask;

        [AgentScope("tickets.read")]
        public override Task OnConnectedAsync() => base.OnConnectedAsync();

        [DenyAgents]
        private static Task Helper() => Task.CompletedTask;
    }

    private abstract class WellReadBase : Hub
    {
        [DenyAgents]
        public virtual Task Say() => Task.CompletedTask;
    }

    private sealed class WellReadHub : WellReadBase
    {
        public override Task Say() => Task.CompletedTask;
    }

    private sealed class TypoHub : Hub
    {
        [AgentScope("tickets.raed")]
        public Task Send() => Task.CompletedTask;
    }

    private interface IMisread
    {
        [DenyAgents]
        string Get();

        [AgentScope("tickets.read")]
        string Put();
    }

    [DenyAgents]
    [Route("misread")]
    private sealed class MisreadController : ControllerBase, IMisread
    {
        [HttpGet]
        public string Get() => Private();

        [HttpPut]
        [AgentScope("tickets.read")]
        public string Put() => "put";

        [NonAction]
        [AgentScope("tickets.read")]
        public string NoAction() => "no";

        [DenyAgents]
        private static string Private() => "private";
    }

    [Route("well")]
    private sealed class WellReadController : ControllerBase
    {
        [HttpGet]
        [DenyAgents]
        public string Get() => "get";
    }

#pragma warning restore CA1822

    [DenyAgents]
    private static class MisreadHandlers
    {
        public static string Method() => "method";

        public static void Map(WebApplication app) => app.MapGet("/lambda", () => "lambda");
    }

    private interface IPromises
    {
        [DenyAgents]
        string Promised();
    }

    private sealed class Promises : IPromises
    {
        public string Promised() => ToString()!;
    }

    [AgentScope("tickets.read")]
    private sealed class MenuComponent
    {
        [DenyAgents]
        public string Invoke() => ToString()!;
    }

    private sealed class Components : IViewComponentDescriptorProvider
    {
        public IEnumerable<ViewComponentDescriptor> GetViewComponents() => [new ViewComponentDescriptor { TypeInfo = typeof(MenuComponent).GetTypeInfo() }];
    }
}
