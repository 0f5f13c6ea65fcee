using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

public sealed class UnannotatedEndpointCodeFixTests
{
    private const string Rule = AuthMdRules.UnannotatedEndpoint;
    private const string Read = "Require AgentScopes.TicketsRead";
    private const string UserOrRead = "Require a signed-in user or AgentScopes.TicketsRead";
    private const string Anonymous = "Allow everybody: AllowAnonymous";
    private const string Deny = "Never agents: DenyAgents";

    private readonly UnannotatedEndpointCodeFix _fix = new();
    private readonly EndpointAccessCodeFix _access = new();

    /// <summary>Statements, and the same with a mark where the call is put.</summary>
    public static TheoryData<string> Chains =>
    [
        "app.MapGet(\"/tickets\", () => \"\")#; // list",
        "app.MapGet(\"/tickets\", () =>\n{\n    return \"\";\n})#;",
        "app.MapGet(\"/tickets\", () => \"\").WithName(\"a\")#;",
        "app.MapGet(\"/tickets\", () => \"\")\n    .WithName(\"a\") // its name\n    .WithTags(\"b\")~    #;",
        "app\n  .MapGet(\"/tickets\", () => \"\")~  #;",
        "app.MapGet(\"/tickets\", () => \"\")\n    // said twice\n    .WithName(\n        \"a\")~    #;\n\n// the end",
        "app.MapGet(\"/tickets\", () => \"\")\n\t.WithName(\"a\") // its name\n\t#\n\t;",
        "var e = app.MapGet(\"/tickets\", () => \"\")#; e.WithName(\"a\");",
        "EndpointRouteBuilderExtensions.MapGet(app, \"/tickets\", () => \"\")#;",
        "app.MapGroup(\"/tickets\").WithTags(\"a\").MapGet(\"/\", () => \"\")#;",
        "Name(app.MapGet(\"/tickets\", () => \"\")# /* here */); static void Name(RouteHandlerBuilder builder) => builder.WithName(\"a\");",
        "_ = app.MapGet(\"/tickets\", () => \"\").WithName(\"a\")#.ToString();",
        "app?.MapGet(\"/tickets\", () => \"\")#;",
        "app.MapHub<Hub>(\"/tickets\")#;",
    ];

    [Theory]
    [MemberData(nameof(Chains))]
    public async Task A_mapped_endpoint_gets_a_call_at_the_end_of_its_chain(string statement)
    {
        var choices = new[] { (Read, ".RequireAgentScope(AgentScopes.TicketsRead)"), (UserOrRead, ".RequireUserOrAgentScope(AgentScopes.TicketsRead)"), (Anonymous, ".AllowAnonymous()"), (Deny, ".DenyAgents()") };
        foreach (var (title, call) in statement.Contains("MapHub", StringComparison.Ordinal) ? choices[2..] : choices)
        {
            foreach (var lineBreak in new[] { "\n", "\r\n" })
            {
                var code = Program(statement.Replace("~    #", "", StringComparison.Ordinal).Replace("~  #", "", StringComparison.Ordinal).Replace("\t#\n", "", StringComparison.Ordinal).Replace("#", "", StringComparison.Ordinal), lineBreak);

                var mended = await Sandbox.Of(code).FixAsync(Of(title), Rule, title);

                Assert.Equal(Program(statement.Replace('~', '\n').Replace("#", call, StringComparison.Ordinal), lineBreak), await mended.TextAsync());
                Assert.Empty(await mended.DiagnosticsAsync(Rule));
                Assert.Empty(await mended.ErrorsAsync());
            }
        }
    }

    [Theory]
    [InlineData(Read, "[AgentScope(AgentScopes.TicketsRead)]", "")]
    [InlineData(UserOrRead, "[UserOrAgentScope(AgentScopes.TicketsRead)]", "")]
    [InlineData(Deny, "[DenyAgents]", "")]
    [InlineData(Anonymous, "[AllowAnonymous]", "using Microsoft.AspNetCore.Authorization;\n")]
    public async Task A_declared_endpoint_gets_an_attribute_above_it_and_keeps_its_comments(string title, string attribute, string use)
    {
        const string Code =
            """
            using Microsoft.AspNetCore.Mvc;
            using Microsoft.AspNetCore.Mvc.RazorPages;

            var app = WebApplication.CreateBuilder().Build();
            app.MapControllers();
            app.MapRazorPages();
            app.Run();

            public class TicketsController : ControllerBase
            {
                private readonly int _limit = 10;

                // Why there is a list.
                /// <summary>Lists.</summary>
                #pragma warning disable CS1591 // documented above
                #[HttpGet("/tickets")] // the route
                [Produces("text/plain")]
                public string List() => $"{_limit}"; // all of them
            }
            """;
        foreach (var lineBreak in new[] { "\n", "\r\n" })
        {
            var mended = await Sandbox.Of(Code.Replace("#[", "[", StringComparison.Ordinal).ReplaceLineEndings(lineBreak)).FixAsync(Of(title), Rule, title);

            var wanted = use.Length == 0 ? Code : Code.Replace("using Microsoft.AspNetCore.Mvc;\n", use + "using Microsoft.AspNetCore.Mvc;\n", StringComparison.Ordinal);
            Assert.Equal(wanted.Replace("    #[", $"    {attribute}\n    [", StringComparison.Ordinal).ReplaceLineEndings(lineBreak), await mended.TextAsync());
            Assert.Empty(await mended.DiagnosticsAsync(Rule));
            Assert.Empty(await mended.ErrorsAsync());
        }
    }

    [Theory]
    [InlineData("public class TicketsController : Microsoft.AspNetCore.Mvc.ControllerBase { #[Microsoft.AspNetCore.Mvc.HttpGet(\"/\")] public string List() => \"\"; }", " ")]
    [InlineData("namespace Deep\n{\n\t/* a page */\n\t#public sealed class IndexModel : Microsoft.AspNetCore.Mvc.RazorPages.PageModel { }\n}", "\n\t")]
    public async Task Whatever_is_declared_takes_it(string declaration, string gap)
    {
        var code = "var app = WebApplication.CreateBuilder().Build(); app.MapControllers(); app.MapRazorPages(); app.Run();\n" + declaration;

        var mended = await Sandbox.Of(code.Replace("#", "", StringComparison.Ordinal)).FixAsync(_fix, Rule, Deny);

        Assert.Equal(code.Replace("#", "[DenyAgents]" + gap, StringComparison.Ordinal), await mended.TextAsync());
        Assert.Empty(await mended.DiagnosticsAsync(Rule));
        Assert.Empty(await mended.ErrorsAsync());
    }

    /// <summary>What stands above an action, with a mark where the using is put.</summary>
    public static TheoryData<string, string> Heads => new()
    {
        { "#", "AllowAnonymous" },
        { "#// What this is for.\n", "AllowAnonymous" },
        { "// A header.\n\n#namespace Far;\n\n// What this is for.\n", "AllowAnonymous" },
        { "#nullable enable\n\n#// What this is for.\n", "AllowAnonymous" },
        { "// A header.\nusing System;\n#using Zoo;\n\nnamespace Zoo;\n\n", "AllowAnonymous" },
        { "// A header.\n#using Zoo;\nusing static System.Math;\n\nnamespace Zoo;\n\n", "AllowAnonymous" },
        { "global using System.Text;\nusing Az;\n#using X = System.Text.Json;\n\nnamespace Az;\n\n", "AllowAnonymous" },
        { "namespace Far;\n\n// Why.\nusing System;\n#\n", "AllowAnonymous" },
        { "using Microsoft.AspNetCore.Authorization;\n", "AllowAnonymous" },
        { "namespace Far;\n\nclass AllowAnonymous;\n", "Microsoft.AspNetCore.Authorization.AllowAnonymous" },
        { "namespace Far;\n\nclass AllowAnonymousAttribute;\n", "Microsoft.AspNetCore.Authorization.AllowAnonymous" },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task The_name_of_an_attribute_means_what_it_should(string head, string name)
    {
        const string Action = "public class C : Microsoft.AspNetCore.Mvc.ControllerBase\n{\n    [Microsoft.AspNetCore.Mvc.HttpGet(\"/\")]\n    public string A() => \"\";\n}\n";
        var mark = head.LastIndexOf('#');
        var use = "using Microsoft.AspNetCore.Authorization;\n" + (head.Contains("using ", StringComparison.Ordinal) ? "" : "\n");
        var (before, after) = mark < 0 ? (head, head) : (head.Remove(mark, 1), head.Remove(mark, 1).Insert(mark, use));
        foreach (var lineBreak in new[] { "\n", "\r\n" })
        {
            var sandbox = new Sandbox().Add("App", Sandbox.AuthMd, ("C.cs", (before + Action).ReplaceLineEndings(lineBreak)), ("Program.cs", Program("app.MapControllers();")));

            var mended = await sandbox.FixAsync(_access, Rule, Anonymous);

            Assert.Equal((after + Action.Replace("    [M", $"    [{name}]\n    [M", StringComparison.Ordinal)).ReplaceLineEndings(lineBreak), await mended.TextAsync("/App/C.cs"));
            Assert.Empty(await mended.DiagnosticsAsync(Rule));
            Assert.Empty(await mended.ErrorsAsync());
        }
    }

    [Fact]
    public async Task The_likeliest_scope_is_offered_first_among_what_opens_an_endpoint()
    {
        var sandbox = Sandbox.Of(Program("app.MapGet(\"/customers\", () => \"\");"));

        Assert.Equal([Deny], await sandbox.MenuAsync(_fix, Rule));
        Assert.Equal(
            ["Require AgentScopes.CustomersRead", "Require AgentScopes.TicketsRead", "Require AgentScopes.TicketsWrite", "Require a signed-in user or AgentScopes.CustomersRead", Anonymous],
            await sandbox.MenuAsync(_access, Rule));
    }

    [Fact]
    public async Task Many_scopes_have_a_menu_of_their_own()
    {
        var rows = string.Concat(Enumerable.Range(1, 6).Select(i => $"| `more.s{i}` | | post-claim |\n"));
        var sandbox = Sandbox.Of(Program("app.MapGet(\"/tickets\", () => \"\");"), Sandbox.AuthMd.Replace("post-claim |\n\n", "post-claim |\n" + rows + "\n", StringComparison.Ordinal));

        var menu = await sandbox.MenuAsync(_access, Rule);
        var mended = await sandbox.FixAsync(_access, Rule, Read);

        Assert.Equal(["Require a scope", "  " + Read], menu.Take(2));
        Assert.Equal([UserOrRead, Anonymous], menu.Skip(10));
        Assert.Empty(await mended.DiagnosticsAsync(Rule));
    }

    [Fact]
    public async Task A_page_without_a_model_is_not_mended_where_all_pages_are_mapped()
    {
        const string Compiled = "[assembly: Microsoft.AspNetCore.Razor.Hosting.RazorCompiledItem(typeof(Pages_Bare), \"mvc.1.0.razor-page\", \"/Pages/Bare.cshtml\")]\nclass Pages_Bare : Microsoft.AspNetCore.Mvc.RazorPages.Page { public override Task ExecuteAsync() => null!; }\n";
        var sandbox = new Sandbox().Add("App", Sandbox.AuthMd, ("Pages.cs", Compiled), ("Program.cs", Program("app.MapRazorPages();")));

        Assert.Empty(await sandbox.MenuAsync(_fix, Rule));
        Assert.Empty(await sandbox.MenuAsync(_access, Rule));
    }

    [Theory]
    [Finding("G5", "all endpoints that say nothing about agents are mended at once: a document, a project, a solution", "each gets `DenyAgents`, which changes nothing for people and lets no agent in; what opens an endpoint is offered one at a time")]
    [InlineData(FixAllScope.Document, 3)]
    [InlineData(FixAllScope.Project, 1)]
    [InlineData(FixAllScope.Solution, 0)]
    public async Task G5_All_endpoints_at_once_are_closed_to_agents_and_never_opened(FixAllScope scope, int left)
    {
        const string Controllers = "using Microsoft.AspNetCore.Mvc;\n\npublic class AController : ControllerBase\n{\n    [HttpGet(\"/a\")]\n    public string A() => \"\";\n\n    [HttpDelete(\"/b\")]\n    public string B() => \"\";\n}\n";
        const string Nested = "app.MapPost(\"/refunds\", () => \"\");\nvar g = app.MapGroup(\"/g\");\ng.MapGet(\"/x\", () => { app.MapGet(\"/y\", () => \"\"); return \"\"; });\napp.MapHub<Hub>(\"/hub\");\n";
        var sandbox = new Sandbox()
            .Add("App", Sandbox.AuthMd, ("Program.cs", Program(Nested + "app.MapControllers();")), ("Z.cs", Controllers))
            .Add("Other", Sandbox.AuthMd, ("Program.cs", Program("app.MapGet(\"/tickets\", () => \"\");")));
        Assert.Equal(7, (await sandbox.DiagnosticsAsync(Rule)).Count);

        var mended = await sandbox.FixAllAsync(_fix, Rule, Deny, scope);

        Assert.Equal(left, (await mended.DiagnosticsAsync(Rule)).Count);
        Assert.Empty(await mended.ErrorsAsync());
        foreach (var file in new[] { "/App/Program.cs", "/App/Z.cs", "/Other/Program.cs" })
        {
            Assert.Equal(await sandbox.TextAsync(file), WithoutDeny(await mended.TextAsync(file)));
        }
    }

    [Theory]
    [Finding("G5", "`dotnet format` or an editor's clean-up on an app with unsaid endpoints, misspelt and undeclared scopes and a broken auth.md", "`DenyAgents` for the endpoints and constants for literals; no scope is chosen, declared or granted")]
    [InlineData(FixAllScope.Document)]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public async Task G5_What_a_machine_applies_unseen_gives_nobody_access(FixAllScope scope)
    {
        const string Code =
            """
            app.MapGet("/tickets", () => "");
            app.MapPost("/refunds", () => "");
            app.MapDelete("/users", () => "").RequireAuthorization();
            app.MapGet("/a", () => "").RequireAgentScope("tickets.raed");
            app.MapPost("/b", () => "").RequireAgentScope(AgentScopes.TicketWrite);
            app.MapPost("/c", () => "").RequireAgentScope("billing.admin");
            app.MapPost("/d", () => "").RequireAgentScope("tickets.read");
            app.MapGroup("/e").AllowAnonymous().MapGet("/", () => "").RequireAgentScope(AgentScopes.TicketsWrite, AgentScopes.CustomersRead, "more");

            """;
        var authMd = Sandbox.AuthMd.Replace("# TicketDesk auth.md", "# TicketDesk", StringComparison.Ordinal).Replace("post-claim |\n\n", "post-claim |\n| `more` | | pre-calim |\n\n", StringComparison.Ordinal)
            + "### verified_emial\n- **Credentials:** `api_kye`\n\n## Trusted provider\n\n| Issuer | Emial |\n| --- | --- |\n| https://agents.example | trusted |\n";
        var sandbox = Sandbox.Of(Program(Code), authMd);

        var mended = await sandbox.CleanUpAsync(scope);

        Assert.Equal(
            (await sandbox.TextAsync()).Replace("\"tickets.read\"", "AgentScopes.TicketsRead", StringComparison.Ordinal).Replace("\"more\"", "AgentScopes.More", StringComparison.Ordinal),
            WithoutDeny(await mended.TextAsync()));
        Assert.Equal(3, (await mended.TextAsync()).Split(".DenyAgents()").Length - 1);
        Assert.Equal(authMd.Replace("# TicketDesk", "# TicketDesk auth.md", StringComparison.Ordinal), await mended.TextAsync("/App/auth.md"));
    }

    [Fact]
    public void G5_Only_fixes_that_were_looked_at_can_be_made_for_all()
    {
        var providers = typeof(UnannotatedEndpointCodeFix).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CodeFixProvider)));

        Assert.Equal(
            ["DocumentCodeFix", "LiteralScopeCodeFix", "UnannotatedEndpointCodeFix", "UnusedScopeCodeFix"],
            providers.Where(type => ((CodeFixProvider)Activator.CreateInstance(type)!).GetFixAllProvider() is not null).Select(type => type.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_namespace_of_the_conventions_is_added_where_it_is_missing()
    {
        const string Code = "namespace Far\n{\n    static class Maps\n    {\n        public static void Map(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder app) => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(app, \"/\", () => \"\")#;\n    }\n}\n";
        const string Start = "Far.Maps.Map(Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder().Build());";
        var sandbox = new Sandbox { HasUsings = false }.Add("App", Sandbox.AuthMd, ("Maps.cs", Code.Replace("#", "", StringComparison.Ordinal)), ("Program.cs", Start));

        var mended = await sandbox.FixAllAsync(_fix, Rule, Deny, FixAllScope.Project);

        Assert.Equal("using Microsoft.AspNetCore.Builder;\n\n" + Code.Replace("#", ".DenyAgents()", StringComparison.Ordinal), await mended.TextAsync("/App/Maps.cs"));
        Assert.Empty(await mended.DiagnosticsAsync(Rule));
        Assert.Empty(await mended.ErrorsAsync());
    }

    private static string WithoutDeny(string code) => code
        .Replace(".DenyAgents()", "", StringComparison.Ordinal).Replace("    [DenyAgents]\n", "", StringComparison.Ordinal).Replace("using AgentAuth;\n", "", StringComparison.Ordinal);

    private CodeFixProvider Of(string title) => title == Deny ? _fix : _access;

    private static string Program(string statements, string lineBreak = "\n") =>
        ("var app = WebApplication.CreateBuilder().Build();\n\n" + statements + "\napp.Run();\n" + (statements.Contains("Hub>", StringComparison.Ordinal) ? "class Hub : Microsoft.AspNetCore.SignalR.Hub;\n" : ""))
        .Replace("\n", lineBreak, StringComparison.Ordinal);
}
