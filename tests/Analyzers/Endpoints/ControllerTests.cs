namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Controllers and their actions, by ASP.NET Core's own rules.</summary>
public sealed class ControllerTests
{
    private const string Map = "builder.Services.AddControllers(); app.MapControllers();\n";

    private const string Using = "using Microsoft.AspNetCore.Authorization; using Microsoft.AspNetCore.Mvc;\n";

    [Theory]
    [InlineData("[Route(\"a\")] public class AController : ControllerBase { [HttpGet] public string [|Get|]() => \"\"; }")]
    [InlineData("public class AController : ControllerBase { [HttpGet(\"a\")] public string [|Get|]() => \"\"; }")]
    [InlineData("[Route(\"a\")] public class AController { [HttpPost] public string [|Post|]() => \"\"; }")]
    [InlineData("[Route(\"a\"), Controller] public class Things { public string [|Get|]() => \"\"; }")]
    [InlineData("[Route(\"a\"), ApiController, Authorize] public class AController : ControllerBase { [HttpGet] public string [|Get|]() => \"\"; [HttpPost] public Task [|PostAsync|]() => Task.CompletedTask; }")]
    [InlineData("[Route(\"a\")] public partial class AController : ControllerBase { [HttpGet] public string [|Get|]() => \"\"; } public partial class AController { [HttpPost, DenyAgents] public string Post() => \"\"; }")]
    [InlineData("[Route(\"a\")] public class AController : Base { } public abstract class Base : ControllerBase { [HttpGet] public string [|Get|]() => \"\"; }")]
    [InlineData("[Route(\"a\")] public class AController : Base<int> { } public abstract class Base<T> : ControllerBase { [HttpGet] public T? [|Get|]() => default; }")]
    [InlineData("[Route(\"a\")] public class AController : Base { public override string [|Get|]() => \"\"; } public abstract class Base : ControllerBase { [HttpGet] public virtual string Get() => \"\"; }")]
    [InlineData("[Route(\"a\")] public class AController : ControllerBase, IDisposable { public string [|Get|]() => \"\"; public void Dispose() { } }")]
    [InlineData("[Route(\"a\")] public class AController : ControllerBase { [HttpGet(\"x\"), HttpGet(\"y\")] public string [|Get|]() => \"\"; }")]
    [InlineData("public class AController : ControllerBase { [AcceptVerbs(\"GET\", \"POST\", Route = \"a\")] public string [|Get|]() => \"\"; }")]
    public Task An_action_that_says_nothing_is_missing(string types) => Marked.CodeAsync(Using + Marked.Start + Map + types, isApplication: true);

    [Theory]
    [InlineData("[Route(\"a\")] public class AController : ControllerBase { [HttpGet, AgentScope(AgentScopes.TicketsRead)] public string Get() => \"\"; }")]
    [InlineData("[Route(\"a\"), AgentScope(AgentScopes.TicketsRead)] public class AController : ControllerBase { [HttpGet] public string Get() => \"\"; }")]
    [InlineData("[Route(\"a\"), UserOrAgentScope(AgentScopes.TicketsRead)] public class AController : ControllerBase { [HttpGet] public string Get() => \"\"; }")]
    [InlineData("[Route(\"a\")] public class AController : Base { [HttpGet] public string Get() => \"\"; } [DenyAgents] public abstract class Base : ControllerBase { }")]
    [InlineData("[Route(\"a\")] public class AController : Base { public override string Get() => \"\"; } public abstract class Base : ControllerBase { [HttpGet, AllowAnonymous] public virtual string Get() => \"\"; }")]
    [InlineData("[Route(\"a\")] public class AController : ControllerBase { [NonAction] public string Get() => \"\"; public string Name { get; set; } = \"\"; public static string Static() => \"\"; public T Generic<T>() => default!; protected string Hidden() => \"\"; }")]
    [InlineData("[Route(\"a\")] public abstract class AController : ControllerBase { [HttpGet] public string Get() => \"\"; }")]
    [InlineData("[Route(\"a\")] class AController : ControllerBase { [HttpGet] public string Get() => \"\"; }")]
    [InlineData("[Route(\"a\"), NonController] public class AController : ControllerBase { [HttpGet] public string Get() => \"\"; }")]
    [InlineData("public static class Outer { [Route(\"a\")] public class AController : ControllerBase { [HttpGet] public string Get() => \"\"; } }")]
    [InlineData("[Route(\"a\")] public class AController<T> : ControllerBase { [HttpGet] public string Get() => \"\"; }")]
    [InlineData("public class AController : ControllerBase { [HttpGet] public string NotRouted() => \"\"; }")]
    [InlineData("public class Things { public string Get() => \"\"; }")]
    public Task What_is_annotated_or_no_action_is_left_alone(string types) => Marked.CodeAsync(Using + Marked.Start + Map + types, isApplication: true);

    [Theory]
    [InlineData("app.MapControllers().DenyAgents();", "Get")]
    [InlineData("app.MapGroup(\"/api\").DenyAgents().MapControllers();", "Get")]
    [InlineData("app.MapGroup(\"/api\").MapControllers();", "[|Get|]")]
    [InlineData("var all = app.MapControllers(); all.RequireAgentScope(\"tickets.read\");", "Get")]
    [InlineData("var all = app.MapControllers(); if (args.Length > 0) { all.DenyAgents(); }", "[?Get?]")]
    [InlineData("app.MapDefaultControllerRoute().DenyAgents();", "[|Get|]")]
    [InlineData("app.UseRouting(); app.UseEndpoints(e => e.MapControllers());", "[|Get|]")]
    [InlineData("", "Get")]
    public Task What_is_said_where_controllers_are_mapped_counts(string map, string action) => Marked.CodeAsync(
        Using + Marked.Start + map + "\n[Route(\"a\")] public class AController : ControllerBase { [HttpGet] public string " + action + "() => \"\"; }", isApplication: true);

    [Theory]
    [InlineData("app.MapDefaultControllerRoute();", "[|Index|]")]
    [InlineData("app.MapDefaultControllerRoute().DenyAgents();", "Index")]
    [InlineData("app.MapControllerRoute(\"a\", \"{controller}/{action}\"); app.MapControllers().DenyAgents();", "[|Index|]")]
    [InlineData("app.MapControllers();", "Index")]
    public Task Conventional_routes_have_conventions_of_their_own(string map, string action) => Marked.CodeAsync(
        Using + Marked.Start + map + "\npublic class HomeController : Controller { public string " + action + "() => \"\"; }", isApplication: true);

    [Fact]
    public Task In_a_library_nobody_knows_how_controllers_are_mapped() => Marked.CodeAsync(
        Using + "[Route(\"a\")] public class AController : ControllerBase { [HttpGet] public string [?Get?]() => \"\"; [HttpPost, DenyAgents] public string Post() => \"\"; }");

    [Fact]
    public Task Application_models_that_add_metadata_leave_controllers_open() => Marked.CodeAsync(
        Using + "using Microsoft.AspNetCore.Mvc.ApplicationModels;\n" + Marked.Start + Map
            + "class Convention : IControllerModelConvention { public void Apply(ControllerModel c) { foreach (var s in c.Selectors) { s.EndpointMetadata.Add(new DenyAgentsAttribute()); } } }\n"
            + "[Route(\"a\")] public class AController : ControllerBase { [HttpGet] public string [?Get?]() => \"\"; }",
        isApplication: true);

    [Fact]
    public Task A_startup_class_maps_them_too() => Marked.CodeAsync(
        Using + "class Startup { public void Configure(IApplicationBuilder app) { app.UseRouting(); app.UseEndpoints(endpoints => { endpoints.MapControllers(); endpoints.[|MapGet|](\"/x\", () => \"\"); }); } }\n"
            + "[Route(\"a\")] public class AController : ControllerBase { [HttpGet] public string [|Get|]() => \"\"; }\n"
            + "class Program { static void Main() { } }",
        isApplication: true);
}
