using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>AUTHMD2010: what cannot be seen from here is counted, once.</summary>
public sealed class LeftToTheStartTests
{
    // What Carter, FastEndpoints and a library of endpoints look like from outside.
    private const string Libraries =
        """
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Routing;
        namespace Libraries
        {
            public interface ICarterModule { void AddRoutes(IEndpointRouteBuilder app); }
            public static class Extensions
            {
                public static IEndpointRouteBuilder MapCarter(this IEndpointRouteBuilder builder) => builder;
                public static IApplicationBuilder UseFastEndpoints(this IApplicationBuilder app) => app;
                public static void MapDefaultEndpoints(this WebApplication app) { }
                public static RouteGroupBuilder MapThings(this IEndpointRouteBuilder app, string prefix) => app.MapGroup(prefix);
                public static IApplicationBuilder UseSomething(this IApplicationBuilder app) => app;
                public static void Log(this WebApplication app) { }
            }
            public static class Modules { public static void Register(IEndpointRouteBuilder app) { } }
        }
        """;

    private static readonly MetadataReference s_libraries = Library();

    [Finding("D8", "Carter, an endpoint library, Blazor, modules that reflection finds: an app whose endpoints are not in its own code", "One information (AUTHMD2010) counts the places that the check at start will judge; no warning")]
    [Fact]
    public async Task D8_Places_that_only_the_start_can_judge_are_counted_once()
    {
        var found = await RunAsync(
            """
            app.MapCarter();
            app.UseFastEndpoints();
            app.MapDefaultEndpoints();
            app.MapThings("/things");
            Modules.Register(app);
            app.MapRazorComponents<Root>();
            foreach (var module in typeof(IFound).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IFound)) && type.IsClass))
            {
                ((IFound)Activator.CreateInstance(module)!).AddRoutes(app);
            }
            app.Run();

            class Root : Microsoft.AspNetCore.Components.ComponentBase;
            class TicketModule : ICarterModule { public void AddRoutes(IEndpointRouteBuilder app) { app.MapGet("/tickets", () => ""); app.MapGet("/said", () => "").DenyAgents(); } }
            public interface IFound { void AddRoutes(IEndpointRouteBuilder app); }
            """);

        Assert.Equal(
            [
                "Program.cs(4,5): AUTHMD2010 Whether agents may come is judged only by the check at start at 7 places: "
                    + "5 calls by which another assembly maps endpoints (MapCarter, MapDefaultEndpoints, MapThings, Register, …); "
                    + "2 endpoints whose builder is not followed (AUTHMD2003 shows each). "
                    + "Set AgentAuth:RequireScopes to Fail, and the service does not start with an endpoint there that says nothing",
            ],
            found);
    }

    [Finding("D8", "Calls into libraries on a group that says what agents may do, or whose result is told so; calls that map nothing", "Nothing is counted")]
    [Theory]
    [InlineData("app.MapGroup(\"/a\").RequireAgentScope(AgentScopes.TicketsRead).MapCarter();")]
    [InlineData("var group = app.MapGroup(\"/a\").DenyAgents(); group.MapThings(\"/b\"); Modules.Register(group);")]
    [InlineData("app.MapThings(\"/b\").RequireAgentScope(AgentScopes.TicketsRead);")]
    [InlineData("app.MapThings(\"/b\").WithTags(\"b\").DenyAgents();")]
    [InlineData("app.UseSomething(); app.Log(); app.UseRouting(); app.MapGet(\"/\", () => \"\").DenyAgents();")]
    [InlineData("app.MapStaticAssets(); app.MapHealthChecks(\"/health\").AllowAnonymous();")]
    public async Task D8_What_says_it_above_is_not_counted(string statements) => Assert.Empty(await RunAsync(statements));

    [Finding("D8", "A library of endpoints, compiled with its host's auth.md", "What it says is checked as in the host; what it leaves to its callers is counted")]
    [Fact]
    public async Task D8_A_library_is_told_what_it_leaves_to_its_callers()
    {
        var found = await AnalyzerHarness.RunAsync(
            new EndpointAnalyzer(),
            """
            public static class Things
            {
                public static void MapThings(this IEndpointRouteBuilder app)
                {
                    app.MapGet("/open", () => "");
                    app.MapGet("/said", () => "").RequireAgentScope(AgentScopes.TicketsRead);
                }
            }
            """,
            compiles: true);

        Assert.Equal(["Program.cs(5,13): AUTHMD2003", "Program.cs(5,13): AUTHMD2010"], found.Select(line => line[..28]).Order(StringComparer.Ordinal));
    }

    private static async Task<IEnumerable<string>> RunAsync(string statements)
    {
        var found = await AnalyzerHarness.RunAsync(
            new EndpointAnalyzer(), "using Libraries;\n" + Marked.Start + "\n" + statements, kind: OutputKind.ConsoleApplication, references: [.. AnalyzerHarness.References, s_libraries], compiles: true);
        return found.Where(line => !line.Contains(": AUTHMD2003 ", StringComparison.Ordinal));
    }

    private static PortableExecutableReference Library()
    {
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create(
            "Libraries", [CSharpSyntaxTree.ParseText(Libraries)], AnalyzerHarness.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
