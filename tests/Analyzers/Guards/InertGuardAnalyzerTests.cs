using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Guards;

/// <summary>AUTHMD2009. What is to be reported is drawn in: <c>[[|DenyAgents|]]</c>. Nothing else may be.</summary>
public sealed partial class InertGuardAnalyzerTests
{
    private const string Usings =
        """
        using Microsoft.AspNetCore.Components; using Microsoft.AspNetCore.Mvc; using Microsoft.AspNetCore.Mvc.RazorPages; using Microsoft.AspNetCore.SignalR;

        """;

    // What the packages have, as far as the rule looks at it.
    private const string Packages =
        """

        namespace ModelContextProtocol.Server
        {
            class McpServerToolTypeAttribute : Attribute; class McpServerToolAttribute : Attribute; class McpServerPromptAttribute : Attribute; class McpServerResourceAttribute : Attribute;
        }
        namespace Grpc.Core
        {
            class BindServiceMethodAttribute : Attribute; class ServerCallContext;
            [BindServiceMethod] abstract class ShelvesBase { public virtual Task<string> List(string request, ServerCallContext context) => null!; }
        }
        """;

    [Theory]
    [Finding("G2", "`[AgentScope]`, `[DenyAgents]` or `[AgentStepUp]` on the handler of a Razor page", "the build fails, and names the handler and the page model class")]
    [InlineData("class IndexModel : PageModel { [[|DenyAgents|]] public void OnPost() { } }")]
    [InlineData("class IndexModel : PageModel { [[|AgentScope(\"tickets.write\")|]] public Task OnPostDeleteAsync() => null!; }")]
    [InlineData("class IndexModel : PageModel { [[|UserOrAgentScope(AgentScopes.TicketsRead)|]] [[|AgentStepUp(MaxAge = 60)|]] public IActionResult OnGet() => Page(); }")]
    [InlineData("abstract class Base : PageModel { [[|DenyAgents|]] public abstract void OnGet(); } [DenyAgents] class IndexModel : Base { public override void OnGet() { } }")]
    [InlineData("class IndexModel : PageModel { [[|DenyAgents|]] void Save() { } [[|DenyAgents|]] public static void OnGet() { } }")]
    public Task G2_Handlers_of_pages_are_no_place_for_a_guard(string code) => CheckAsync(code);

    [Fact]
    public async Task G2_The_sentence_names_the_handler_and_says_where_to_put_the_guard()
    {
        var found = await AnalyzerHarness.RunAsync(new InertGuardAnalyzer(), Usings + "public class IndexModel : PageModel\n{\n    [DenyAgents]\n    public void OnPost() { }\n}", kind: OutputKind.DynamicallyLinkedLibrary);

        Assert.Equal(
            "Program.cs(4,6): AUTHMD2009 [DenyAgents] stands on the Razor page handler IndexModel.OnPost, and nothing enforces it there: a page is let in or not before its handler is chosen. "
            + "Put it on the page model class, or make the handler a page of its own",
            Assert.Single(found));
    }

    [Theory]
    [InlineData("public class OrdersController : ControllerBase { [DenyAgents] public void List() { } [AgentScope(\"tickets.read\"), HttpGet] public virtual string Get() => \"\"; }")]
    [InlineData("[AgentScope(\"tickets.read\")] public class Orders : ControllerBase { [AgentStepUp(MaxAge = 60)] public void List() { } }")]
    [InlineData("[DenyAgents] public class OrdersController { [DenyAgents] public void List() { } }")]
    [InlineData("[DenyAgents] public abstract class Base { [AgentScope(\"tickets.read\")] public void List() { } } public class OrdersController : Base;")]
    [InlineData("[DenyAgents] public class Base<T> { [DenyAgents] public T List() => default!; } public class OrdersController : Base<int>;")]
    [InlineData("[DenyAgents] class Hidden : ControllerBase { [DenyAgents] public void List() { } class InsideController { [DenyAgents] public void List() { } } }")]
    [InlineData("public class OrdersController : ControllerBase { [[|DenyAgents|]] void A() { } [[|DenyAgents|]] public static void B() { } [[|DenyAgents|]] protected internal void C() { } [[|DenyAgents|]] public void D<T>() { } [[|DenyAgents|], NonAction] public void E() { } [[|DenyAgents|]] public override string ToString() => \"\"; }")]
    [InlineData("public class OrdersController : ControllerBase { static void Map(WebApplication app) => app.MapGet(\"/\", A); [DenyAgents] static string A() => \"\"; }")]
    [InlineData("[NonController, [|DenyAgents|]] sealed class OrdersController { [[|DenyAgents|]] public void List() { } }")]
    [InlineData("public class OrdersController : ControllerBase { public string Name { [[|DenyAgents|]] get; set; } = \"\"; }")]
    public Task Actions_and_controllers_are_guarded_and_their_other_members_are_not(string code) => CheckAsync(code);

    [Theory]
    [InlineData("[DenyAgents] class Chat : Hub { [AgentScope(\"tickets.write\")] public void Say() { } [DenyAgents] public virtual Task Ask() => Task.CompletedTask; }")]
    [InlineData("[AgentScope(\"tickets.read\")] abstract class Base<T> : Hub<T> where T : class { [AgentStepUp(MaxAge = 60)] public void Say() { } }")]
    [InlineData("class Chat : Hub { [[|DenyAgents|]] public override Task OnConnectedAsync() => Task.CompletedTask; [[|DenyAgents|]] public override Task OnDisconnectedAsync(Exception? e) => Task.CompletedTask; }")]
    [InlineData("class Chat : Hub { [[|DenyAgents|]] void A() { } [[|DenyAgents|]] public static void B() { } [[|DenyAgents|]] protected void C() { } [[|DenyAgents|]] internal void D() { } [[|DenyAgents|]] public override string ToString() => \"\"; }")]
    [InlineData("interface IClient { [[|DenyAgents|]] Task Told(string what); } class Chat : Hub<IClient>;")]
    public Task Hubs_and_their_methods_are_guarded_and_what_no_client_calls_is_not(string code) => CheckAsync(code);

    [Theory]
    [InlineData("[AgentScope(\"tickets.read\")] class Shelves : Grpc.Core.ShelvesBase { [DenyAgents] public override Task<string> List(string request, Grpc.Core.ServerCallContext context) => null!; }")]
    [InlineData("class Shelves : Grpc.Core.ShelvesBase { [[|DenyAgents|]] string Find() => \"\"; }")]
    [InlineData("[System.ServiceModel.ServiceContract] interface IShelves { [DenyAgents] string List(); } [DenyAgents] class Shelves : IShelves { [DenyAgents] public string List() => \"\"; } namespace System.ServiceModel { class ServiceContractAttribute : Attribute; }")]
    [InlineData("[ModelContextProtocol.Server.McpServerToolType, DenyAgents] static class Tools { [ModelContextProtocol.Server.McpServerTool, DenyAgents] static string Count() => \"\"; [ModelContextProtocol.Server.McpServerPrompt, AgentScope(\"tickets.read\")] internal static string Ask() => \"\"; }")]
    [InlineData("[DenyAgents] class Tools { [ModelContextProtocol.Server.McpServerResource, DenyAgents] public string Read() => \"\"; [[|DenyAgents|]] public string Other() => \"\"; }")]
    public Task Services_of_gRPC_and_members_of_MCP_are_guarded(string code) => CheckAsync(code);

    [Theory]
    [InlineData("app.MapGet(\"/\", [DenyAgents] () => \"\");")]
    [InlineData("app.MapPost(\"/\", [AgentScope(\"tickets.read\")] (HttpContext context) => Task.CompletedTask);")]
    [InlineData("app.MapGet(\"/\", A); [DenyAgents] static string A() => \"\";")]
    [InlineData("app.MapGet(\"/\", (RequestDelegate)A); [DenyAgents] static Task A(HttpContext context) => Task.CompletedTask;")]
    [InlineData("app.MapGet(\"/\", Handlers.List); static class Handlers { [DenyAgents] public static string List() => \"\"; }")]
    [InlineData("app.MapGet(\"/\", new Handlers().List); class Handlers { [DenyAgents] public string List() => \"\"; }")]
    [InlineData("EndpointRouteBuilderExtensions.MapGet(app, \"/\", Handlers.List); static class Handlers { [DenyAgents] internal static string List() => \"\"; }")]
    [InlineData("app.MapFallback([DenyAgents] () => \"\"); app.Map(\"/x\", [DenyAgents] () => \"\"); app.MapGroup(\"/g\").MapMethods(\"/\", [\"GET\"], [DenyAgents] () => \"\");")]
    [InlineData("Func<string> a = [DenyAgents] () => \"\"; app.MapGet(\"/\", a);")]
    [InlineData("var a = args.Length > 0 ? A : (Func<string>)B; app.MapGet(\"/\", a); [DenyAgents] static string A() => \"\"; [DenyAgents] static string B() => \"\";")]
    [InlineData("Own(app, [DenyAgents] () => \"\"); static void Own(WebApplication app, Delegate handler) => app.MapGet(\"/\", handler);")]
    [InlineData("List<Delegate> all = []; all.Add(A); all.Add([DenyAgents] () => \"\"); foreach (var one in all) { app.MapGet(\"/\", one); } [DenyAgents] static string A() => \"\";")]
    [InlineData("Do(x => { }); void Do(Action<int> a) { } class Kept { public Func<string> Handler { get; } = [DenyAgents] () => \"\"; }")]
    [InlineData("app.MapGet(\"/\", ((IHandler)new Handler()).Handle); interface IHandler { string Handle(); } class Handler : IHandler { [DenyAgents] public string Handle() => \"\"; }")]
    [InlineData("app.MapGet(\"/\", new Handler().Handle); abstract class Base { [DenyAgents] public abstract string Handle(); } class Handler : Base { public override string Handle() => \"\"; }")]
    [InlineData("app.MapGet(\"/\", Parts.A); static partial class Parts { [DenyAgents] public static partial string A(); } static partial class Parts { public static partial string A() => \"\"; }")]
    [InlineData("app.MapConnectionHandler<Raw>(\"/\"); [DenyAgents] class Raw : Microsoft.AspNetCore.Connections.ConnectionHandler { [[|DenyAgents|]] public override Task OnConnectedAsync(Microsoft.AspNetCore.Connections.ConnectionContext c) => Task.CompletedTask; }")]
    public Task Handlers_are_guarded_wherever_they_are_written(string statements) => CheckAppAsync(statements);

    [Theory]
    [InlineData("A(); [[|DenyAgents|]] static string A() => \"\";")]
    [InlineData("[[|DenyAgents|]] static string A() => \"\";")]
    [InlineData("Task.Run([[|DenyAgents|]] () => 1); Task.Run(A); [[|DenyAgents|]] static int A() => 1;")]
    [InlineData("Func<string> a = [[|DenyAgents|]] () => \"\"; a();")]
    [InlineData("Func<string> a = [[|DenyAgents|]] () => \"\"; app.MapGet(\"/\", () => a());")]
    [InlineData("app.Use([[|DenyAgents|]] (HttpContext context, RequestDelegate next) => next(context)); app.Run([[|AgentScope(\"tickets.read\")|]] (context) => Task.CompletedTask);")]
    [InlineData("app.Map(\"/branch\", [[|DenyAgents|]] (IApplicationBuilder branch) => { });")]
    [InlineData("app.MapGet(\"/\", () => \"\").AddEndpointFilter([[|DenyAgents|]] (c, next) => next(c));")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += A; [[|DenyAgents|]] static void A(object? sender, EventArgs e) { }")]
    [InlineData("Handlers.List(); static class Handlers { [[|DenyAgents|]] public static string List() => \"\"; }")]
    [InlineData("app.MapGet(\"/\", Handlers.List); [[|DenyAgents|]] static class Handlers { public static string List() => \"\"; }")]
    [InlineData("app.MapGet(\"/\", new Handlers().List); [[|DenyAgents|]] class Handlers { public string List() => \"\"; }")]
    [InlineData("app.MapGet(\"/\", Handlers.List); static partial class Handlers { public static string List() => Other(); [[|DenyAgents|]] private static partial string Other(); } static partial class Handlers { private static partial string Other() => \"\"; }")]
    [InlineData("class Clock { [method: [|DenyAgents|]] public event Action? Tick; public static bool operator !(Clock c) => true; [[|DenyAgents|]] ~Clock() { } public void Call() => Tick?.Invoke(); }")]
    [InlineData("[[|DenyAgents|]] record Order(int Id); struct Point { [[|DenyAgents|]] public void Move() { } }")]
    [InlineData("[[|AgentScope(\"tickets.read\")|]] class OwnAttribute : Attribute;")]
    [InlineData("interface IOrders { [[|DenyAgents|]] void List(); } class Orders : IOrders { public void List() { } }")]
    public Task What_no_request_reaches_as_an_endpoint_is_no_place_for_a_guard(string statements) => CheckAppAsync(statements);

    [Theory]
    [InlineData("[[|DenyAgents|]] public class NewsViewComponent : ViewComponent { [[|DenyAgents|]] public string Invoke() => \"\"; }")]
    [InlineData("[[|DenyAgents|]] public class Gate(RequestDelegate next) { [[|AgentScope(\"tickets.read\")|]] public Task InvokeAsync(HttpContext context) => next(context); }")]
    [InlineData("[[|DenyAgents|]] public class Gate : IMiddleware { [[|DenyAgents|]] public Task InvokeAsync(HttpContext context, RequestDelegate next) => next(context); }")]
    [InlineData("[[|DenyAgents|]] public class Gate : IEndpointFilter { [[|DenyAgents|]] public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => next(context); }")]
    [InlineData("[[|DenyAgents|]] public class Gate : Microsoft.AspNetCore.Mvc.Filters.ActionFilterAttribute { [[|DenyAgents|]] public override void OnActionExecuting(Microsoft.AspNetCore.Mvc.Filters.ActionExecutingContext context) { } }")]
    [InlineData("[[|DenyAgents|]] public class Work : Microsoft.Extensions.Hosting.BackgroundService { [[|DenyAgents|]] protected override Task ExecuteAsync(System.Threading.CancellationToken stop) => Task.CompletedTask; }")]
    [InlineData("[[|DenyAgents|]] public class Gate : IHubFilter { [[|DenyAgents|]] public ValueTask<object?> InvokeMethodAsync(HubInvocationContext c, Func<HubInvocationContext, ValueTask<object?>> next) => next(c); }")]
    public Task What_the_framework_runs_beside_endpoints_is_no_place_for_a_guard_in_an_app_or_a_library(string code) => CheckAsync(code);

    [Theory]
    [InlineData("[Microsoft.AspNetCore.Components.Route(\"/x\"), DenyAgents] public class Page : ComponentBase;")]
    [InlineData("[DenyAgents] public abstract class Base : ComponentBase; [Microsoft.AspNetCore.Components.Route(\"/x\")] public class Page : Base;")]
    [InlineData("[[|DenyAgents|]] public class Part : ComponentBase;")]
    [InlineData("public class Part : ComponentBase { [[|DenyAgents|]] protected override void OnInitialized() { } [[|DenyAgents|]] void Save() { } EventCallback A => EventCallback.Factory.Create(this, Save); }")]
    public Task A_component_is_guarded_where_it_has_a_route(string types) => CheckAppAsync(types);

    [Theory]
    [InlineData("public static class Handlers { [DenyAgents] public static string List() => \"\"; [[|DenyAgents|]] static string Other() => \"\"; }")]
    [InlineData("public class Handlers { [DenyAgents] public string List() => \"\"; [DenyAgents] protected string Other() => \"\"; }")]
    [InlineData("[DenyAgents] public class Base; [DenyAgents] public sealed class Orders; [DenyAgents] public class Part : ComponentBase;")]
    [InlineData("[[|DenyAgents|]] public static class Handlers;")]
    [InlineData("[[|DenyAgents|]] sealed class Orders { [[|DenyAgents|]] public void List() { } }")]
    [InlineData("[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Tests\")] [DenyAgents] sealed class Orders { [DenyAgents] internal void List() { } }")]
    [InlineData("public interface IOrders { [DenyAgents] void List(); }")]
    public Task What_another_assembly_may_map_is_left_alone(string code) => CheckAsync(code, isApplication: false);

    [Theory]
    [InlineData("[DenyAgents] class Orders { [DenyAgents] public void List() { } } class Own { object[] A() => typeof(Orders).GetCustomAttributes(true); }")]
    [InlineData("[Own] class Orders { [Own, DenyAgents] public void List() { } } class OwnAttribute : Attribute;")]
    [InlineData("[Own, DenyAgents] class Orders { [DenyAgents] public void List() { } } class OwnAttribute : Attribute;")]
    [InlineData("[DenyAgents] static class Orders { [Own] public static void List() { } } class OwnAttribute : Attribute;")]
    [InlineData("class Orders { [HttpGet(\"/x\"), DenyAgents] public void List() { } }")]
    [InlineData("[DenyAgents] class Orders : Xunit.IAsyncLifetime { public ValueTask InitializeAsync() => default; public ValueTask DisposeAsync() => default; [DenyAgents] public void List() { } }")]
    public Task What_another_framework_or_the_app_itself_may_look_for_is_left_alone(string types) => CheckAppAsync(types);

    [Fact]
    public async Task An_alias_and_a_full_name_mean_the_same()
    {
        await CheckAsync("using Never = AgentAuth.DenyAgentsAttribute; static class A { [[|Never|]] static void B() { } [[|global::AgentAuth.DenyAgentsAttribute|]] static void C() { } }");
        await CheckAsync("namespace N { using Never = AgentAuth.DenyAgentsAttribute; static class A { [[|Never|]] static void B() { } } }");
        await CheckAsync("static class A { [DenyAgents] static void B() { } class DenyAgentsAttribute : Attribute; }");
    }

    [Theory]
    [InlineData("class Pages_Index : Page { public override Task ExecuteAsync() => null!;\n#line (3,6)-(3,16) \"Pages/Index.cshtml\"\n[DenyAgents]\n#line default\npublic void OnPost() { } }", 1)]
    [InlineData("\n#line (2,12)-(2,22) \"Pages/Index.cshtml\"\n[DenyAgents]\n#line default\nclass Pages_Index : Page { public override Task ExecuteAsync() => null!; }", 0)]
    [InlineData("\n#line (2,12)-(2,22) \"Views/Index.cshtml\"\n[DenyAgents]\n#line default\nabstract class Views_Index : Microsoft.AspNetCore.Mvc.Razor.RazorPage<int>;", 1)]
    [InlineData("\n#line (1,12)-(1,22) \"Part.razor\"\n[DenyAgents]\n#line default\nclass Part : ComponentBase;", 1)]
    [InlineData("\n#line (1,12)-(1,22) \"_Imports.razor\"\n[DenyAgents]\n#line default\nclass Part : ComponentBase;", 0)]
    [InlineData("[DenyAgents]\nclass Part : ComponentBase;", 0)]
    public async Task What_is_written_in_markup_is_reported_there(string generated, int count)
    {
        var found = await AnalyzerHarness.RunAsync(
            new InertGuardAnalyzer(), Usings + "WebApplication.CreateBuilder(args).Build().Run();", kind: OutputKind.ConsoleApplication,
            more: [("Index.cshtml.g.cs", "// <auto-generated/>\nusing AgentAuth; using Microsoft.AspNetCore.Components; using Microsoft.AspNetCore.Mvc.RazorPages;\n" + generated)]);

        Assert.Equal(count, found.Length);
        Assert.All(found, line => Assert.Contains("AUTHMD2009", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_runtime_and_without_auth_md()
    {
        Assert.Empty(await AnalyzerHarness.RunAsync(new InertGuardAnalyzer(), "class A;", withRuntime: false));
        Assert.Single(await AnalyzerHarness.RunAsync(new InertGuardAnalyzer(), "static class A { [DenyAgents] static void B() { } }", marked: false));
    }

    private static async Task CheckAsync(string code)
    {
        await CheckAsync(code, isApplication: false);
        await CheckAsync(code.StartsWith("using ", StringComparison.Ordinal) ? code + " class Start { static void Main() { } }" : "Console.WriteLine();\n" + code, isApplication: true);
    }

    private static Task CheckAppAsync(string statements) => CheckAsync("var app = WebApplication.CreateBuilder(args).Build();\n" + statements, isApplication: true);

    private static async Task CheckAsync(string marked, bool isApplication)
    {
        var code = Usings + Mark().Replace(marked, "${name}");

        var found = await AnalyzerHarness.RunAsync(
            new InertGuardAnalyzer(), code, kind: isApplication ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, compiles: true, more: [("Packages.cs", Packages)]);

        Assert.Equal(Expected(Usings + marked).Order(StringComparer.Ordinal), found.Select(line => line[..(line.IndexOf("AUTHMD", StringComparison.Ordinal) + 10)]).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Expected(string marked)
    {
        foreach (Match mark in Mark().Matches(marked))
        {
            var before = Mark().Replace(marked[..mark.Index], "${name}");
            yield return $"Program.cs({before.Count(c => c == '\n') + 1},{before.Length - before.LastIndexOf('\n')}): AUTHMD2009";
        }
    }

    [GeneratedRegex(@"\[\|(?<name>[^|]+)\|\]")]
    private static partial Regex Mark();
}
