using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>What the messages say, and where the rules are silent or look further than one file.</summary>
public sealed class EndpointAnalyzerTests
{
    [Fact]
    public async Task The_message_names_the_endpoint_and_the_likeliest_scope()
    {
        var found = await RunAsync(
            """
            var api = app.MapGroup("/api");
            api.MapGet("/tickets/{id}", () => "");
            api.MapPost("/tickets", () => "");
            api.MapGet("/customers", () => "");
            app.MapGet(args[0], () => "");
            """);

        const string Rest = " does not say whether agents may use it, so every agent gets 403 there. Add RequireAgentScope(AgentScopes.{0}), RequireUserOrAgentScope(AgentScopes.{0}), DenyAgents() or AllowAnonymous()";
        Assert.Equal(
            [
                "Program.cs(3,5): AUTHMD2002 The endpoint GET /api/tickets/{id}" + Rest.Replace("{0}", "TicketsRead", StringComparison.Ordinal),
                "Program.cs(4,5): AUTHMD2002 The endpoint POST /api/tickets" + Rest.Replace("{0}", "TicketsWrite", StringComparison.Ordinal),
                "Program.cs(5,5): AUTHMD2002 The endpoint GET /api/customers" + Rest.Replace("{0}", "CustomersRead", StringComparison.Ordinal),
                "Program.cs(6,5): AUTHMD2002 The endpoint of MapGet" + Rest.Replace("{0}", "TicketsRead", StringComparison.Ordinal),
            ],
            found);
    }

    [Fact]
    public async Task Of_an_action_the_message_speaks_of_attributes()
    {
        var found = await RunAsync(
            """
            app.MapControllers();
            [Microsoft.AspNetCore.Mvc.Route("api/[controller]")]
            public class CustomersController : Microsoft.AspNetCore.Mvc.ControllerBase { [Microsoft.AspNetCore.Mvc.HttpGet] public string List() => ""; }
            """);

        Assert.Equal(
            [
                "Program.cs(4,127): AUTHMD2002 The action CustomersController.List does not say whether agents may use it, so every agent gets 403 there. "
                    + "Add [AgentScope(AgentScopes.CustomersRead)], [UserOrAgentScope(AgentScopes.CustomersRead)], [DenyAgents] or [AllowAnonymous]",
            ],
            found);
    }

    [Fact]
    public async Task What_cannot_be_proved_is_left_to_the_check_at_start()
    {
        var found = await RunAsync("""app.MapGet("/x", Choose()); static Delegate Choose() => () => "";""");

        Assert.Equal(
            [
                "Program.cs(2,5): AUTHMD2003 Whether the endpoint GET /x says what agents may do there cannot be proved: "
                    + "what it is mapped on, or what is done with it, is not followed here. The check at start decides (AgentAuth:RequireScopes)",
                "Program.cs(2,5): AUTHMD2010 Whether agents may come is judged only by the check at start at 1 place: 1 endpoint whose builder is not followed (AUTHMD2003 shows each). "
                    + "Set AgentAuth:RequireScopes to Fail, and the service does not start with an endpoint there that says nothing",
            ],
            found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("RouteGroupBuilder? g = app.MapGroup(\"/a\"); g!.DenyAgents(); g?.MapGet(\"/\", () => \"\");")]
    [InlineData("var g = (args.Length, app.MapGroup(\"/a\")).Item2; g.[?MapGet?](\"/\", () => \"\");")]
    [InlineData("Map<int>(app); static void Map<T>(IEndpointRouteBuilder routes) { routes.[|MapGet|](\"/\" + typeof(T).Name, () => default(T)); }")]
    [InlineData("new Api<string>().Map(app.MapGroup(\"/a\").DenyAgents()); class Api<T> { public void Map(RouteGroupBuilder g) => g.MapGet(\"/\", () => default(T)); }")]
    [InlineData("Api.One(app); static partial class Api { public static void One(WebApplication app) => Two(app.MapGroup(\"/a\").DenyAgents()); } static partial class Api { static void Two(RouteGroupBuilder g) => g.MapGet(\"/\", () => \"\"); }")]
    [InlineData("Api.Go(app); static partial class Api { public static partial void Go(IEndpointRouteBuilder r); } static partial class Api { public static partial void Go(IEndpointRouteBuilder r) => r.[|MapGet|](\"/\", () => \"\"); }")]
    public Task Nullable_generic_and_partial_code_is_followed(string code) => Marked.AppAsync(code);

    [Theory]
    [InlineData("using static Api;\n", "Closed(app.MapGet(\"/\", () => \"\")); Map(app); static class Api { public static void Closed(RouteHandlerBuilder b) => b.DenyAgents(); public static void Map(WebApplication r) => r.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("using Scope = AgentAuth.AgentScopeAttribute;\n", "app.MapGet(\"/\", [Scope(\"tickets.read\")] () => \"\");")]
    [InlineData("using Routes = Microsoft.AspNetCore.Routing.IEndpointRouteBuilder;\n", "Map(app); static void Map(Routes routes) => routes.[|MapGet|](\"/\", () => \"\");")]
    public Task Aliases_and_static_usings_change_nothing(string usings, string statements) =>
        Marked.CodeAsync(usings + Marked.Start + statements, isApplication: true);

    [Fact]
    public Task An_old_style_host_is_read() => Marked.CodeAsync(
        """
        using Microsoft.AspNetCore.Hosting;
        using Microsoft.Extensions.Hosting;

        Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.Configure(app =>
        {
            app.UseRouting();
            app.UseEndpoints(endpoints =>
            {
                endpoints.[|MapGet|]("/", () => "");
                endpoints.MapGroup("/a").DenyAgents().MapGet("/", () => "");
            });
        })).Build();
        """,
        isApplication: true);

    [Fact]
    public async Task Generated_code_is_read_and_not_reported()
    {
        const string Generated = "static class Api { public static void MapAll(this IEndpointRouteBuilder r) { r.MapGet(\"/g\", () => \"\"); } public static RouteGroupBuilder Closed(this WebApplication r) => r.MapGroup(\"/a\").DenyAgents(); }";

        Assert.Empty(await RunAsync("app.MapAll(); app.Closed().MapGet(\"/\", () => \"\");", ("Api.g.cs", Generated)));
        Assert.Single(await RunAsync("app.MapAll(); app.Closed();", ("Api.cs", Generated)));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Without_an_auth_md_or_the_runtime_nothing_is_said(bool marked, bool withRuntime) => Assert.Empty(await AnalyzerHarness.RunAsync(
        new EndpointAnalyzer(), Marked.Start + "app.MapGet(\"/\", () => \"\");", marked: marked, withRuntime: withRuntime, kind: OutputKind.ConsoleApplication));

    private static Task<string[]> RunAsync(string statements, params (string, string)[] more) =>
        AnalyzerHarness.RunAsync(new EndpointAnalyzer(), Marked.Start + statements, kind: OutputKind.ConsoleApplication, more: more, compiles: true);
}
