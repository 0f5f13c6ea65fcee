namespace AgentAuth.Analyzers;

public sealed class UndeclaredScopeAnalyzerTests
{
    private const string Meant = "Scope 'tickets.raed' is not declared in auth.md; did you mean 'tickets.read' (auth.md line 9, AgentScopes.TicketsRead)?";

    [Theory]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"tickets.raed\");")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireUserOrAgentScope(\"tickets.raed\");")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"tickets.read\", \"tickets.raed\");")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(new[] { \"tickets.raed\" });")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope([\"tickets.raed\", .. AgentScopes.TicketsRead.Split(' ')]);")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(scopes: \"tickets.raed\");")]
    [InlineData("const string Area = \"tickets\"; app.MapGet(\"/\", () => \"\").RequireAgentScope(Area + \".raed\");")]
    [InlineData("const string Area = \"tickets\"; app.MapGet(\"/\", () => \"\").RequireAgentScope($\"{Area}.raed\");")]
    [InlineData("app.MapGroup(\"/\").RequireAgentScope(\"tickets.raed\").MapGet(\"/\", () => \"\");")]
    [InlineData("AgentAuthEndpointConventionBuilderExtensions.RequireAgentScope(app.MapGet(\"/\", () => \"\"), \"tickets.raed\");")]
    [InlineData("app.MapGet(\"/\", () => \"\").WithMetadata(new AgentScopeAttribute(\"tickets.raed\"));")]
    [InlineData("app.MapGet(\"/\", (HttpContext context) => context.User.GetAgent()!.Has(\"tickets.raed\"));")]
    [InlineData("new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder(AgentAuthDefaults.AuthenticationScheme).RequireClaim(\"scope\", \"tickets.read\", \"tickets.raed\");")]
    [InlineData("new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().AddAuthenticationSchemes(\"AgentAuth\").RequireClaim(\"scope\", new[] { \"tickets.raed\" });")]
    [InlineData("app.MapGet(\"/\", [AgentScope(\"tickets.raed\")] () => \"\");")]
    [InlineData("app.MapGet(\"/\", [UserOrAgentScope(\"tickets.read\", \"tickets.raed\")] () => \"\");")]
    public async Task A_scope_that_is_not_declared_is_reported_with_the_nearest(string statement)
    {
        var found = await RunAsync(statement);

        Assert.EndsWith(": AUTHMD2001 " + Meant, Assert.Single(found), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[AgentScope(\"tickets.raed\")] class Hub { }")]
    [InlineData("class Controller { [AgentScope(\"tickets.raed\")] public void Action() { } }")]
    [InlineData("class Controller { [AgentScope(new[] { \"tickets.read\", \"tickets.raed\" })] public void Action() { } }")]
    [InlineData("class Controller { [AgentScope([\"tickets.raed\"])] public void Action() { } }")]
    [InlineData("class Controller { const string Scope = \"tickets.raed\"; [UserOrAgentScope(Scope)] public void Action() { } }")]
    public async Task Attributes_of_classes_and_methods_are_read(string code)
    {
        Assert.EndsWith(Meant, Assert.Single(await AnalyzerHarness.RunAsync(new UndeclaredScopeAnalyzer(), code)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(AgentScopes.TicketsRead, AgentScopes.CustomersRead);")]
    [InlineData("app.MapGet(\"/\", [AgentScope(AgentScopes.TicketsWrite)] () => \"\");")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(System.Environment.MachineName);")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAuthorization(\"tickets.raed\");")]
    [InlineData("Other.RequireAgentScope(\"tickets.raed\");")]
    [InlineData("new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder(\"Bearer\").RequireClaim(\"scope\", \"tickets.raed\");")]
    [InlineData("new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder(\"AgentAuth\").RequireClaim(\"role\", \"tickets.raed\");")]
    [InlineData("_ = \"tickets.raed\";")]
    [InlineData("_ = Elsewhere.AgentScopes.Anything;")]
    public async Task Declared_scopes_and_what_is_not_a_scope_are_left_alone(string statement)
    {
        Assert.Empty(await RunAsync(statement));
    }

    [Fact]
    public async Task The_name_of_the_constant_is_told_from_its_value()
    {
        var found = await RunAsync("app.MapGet(\"/\", () => \"\").RequireAgentScope(nameof(AgentScopes.TicketsRead));");

        Assert.EndsWith(
            "Scope 'TicketsRead' is not declared in auth.md; did you mean 'tickets.read' (auth.md line 9, AgentScopes.TicketsRead)?", Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_place_is_the_scope_itself()
    {
        var found = await AnalyzerHarness.RunAsync(
            new UndeclaredScopeAnalyzer(),
            """
            class Program
            {
                void Map(WebApplication app) =>
                    app.MapGet("/", () => "")
                        .RequireAgentScope(
                            "tickets.read",
                            "tickets.raed");
            }
            """);

        Assert.Equal(["Program.cs(7,17): AUTHMD2001 " + Meant], found);
    }

    [Fact]
    public async Task A_name_that_resembles_none_is_answered_with_what_there_is()
    {
        var found = await RunAsync("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"billing.admin\");");

        Assert.EndsWith(
            "Scope 'billing.admin' is not declared in auth.md. It declares 'tickets.read', 'tickets.write', 'customers.read'. Use one of them, or add it to the Scopes section",
            Assert.Single(found),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_rename_in_auth_md_every_use_of_the_old_constant_is_told_the_new_one()
    {
        const string code =
            """
            class Program
            {
                void Map(WebApplication app)
                {
                    app.MapGet("/", () => "").RequireAgentScope(AgentScopes.TicketsRead);
                    app.MapGet("/a", () => "").RequireAgentScope(Sample.AgentScopes.TicketsRead);
                    app.MapGet("/b", () => "").RequireAgentScope("tickets.read");
                }
            }
            """;

        var found = await AnalyzerHarness.RunAsync(
            new UndeclaredScopeAnalyzer(), code, AnalyzerHarness.AuthMd.Replace("`tickets.read` ", "`tickets.reads`", StringComparison.Ordinal));

        Assert.Equal(
            [
                "Program.cs(5,65): AUTHMD2001 The scope behind 'AgentScopes.TicketsRead' is not declared in auth.md; did you mean 'tickets.reads' (auth.md line 9, AgentScopes.TicketsReads)?",
                "Program.cs(6,73): AUTHMD2001 The scope behind 'AgentScopes.TicketsRead' is not declared in auth.md; did you mean 'tickets.reads' (auth.md line 9, AgentScopes.TicketsReads)?",
                "Program.cs(7,54): AUTHMD2001 Scope 'tickets.read' is not declared in auth.md; did you mean 'tickets.reads' (auth.md line 9, AgentScopes.TicketsReads)?",
            ],
            found);
    }

    [Fact]
    public async Task Nothing_is_said_without_a_marked_auth_md_or_without_the_runtime_or_in_generated_code()
    {
        const string code = "class Program { void Map(WebApplication app) => app.MapGet(\"/\", () => \"\").RequireAgentScope(\"tickets.raed\"); }";

        Assert.Empty(await AnalyzerHarness.RunAsync(new UndeclaredScopeAnalyzer(), code, marked: false));
        Assert.Empty(await AnalyzerHarness.RunAsync(new UndeclaredScopeAnalyzer(), code, withRuntime: false));
        Assert.Empty(await AnalyzerHarness.RunAsync(new UndeclaredScopeAnalyzer(), code, path: "Program.g.cs"));
        Assert.Single(await AnalyzerHarness.RunAsync(new UndeclaredScopeAnalyzer(), code));
    }

    [Theory]
    [InlineData("Part.razor", 1)]
    [InlineData("Pages/Index.cshtml", 1)]
    [InlineData("_Imports.razor", 0)]
    [InlineData("Part.cs", 0)]
    public async Task A_scope_in_markup_is_read_in_what_the_Razor_compiler_makes_of_it(string file, int count)
    {
        var generated = $"// <auto-generated/>\n#line (1,12)-(1,22) \"{file}\"\n[AgentAuth.AgentScope(\"tickets.raed\")]\n#line default\nclass Part;";

        var found = await AnalyzerHarness.RunAsync(new UndeclaredScopeAnalyzer(), "class A;", more: [("Part_razor.g.cs", generated)]);

        Assert.Equal(count, found.Length);
    }

    [Theory]
    [Finding("D7", "`tickets.write` is renamed in auth.md, and code still asks for it", "no reading scope is proposed for one that writes, nor the reverse; only what differs little and allows the same")]
    [InlineData("tickets.write", "RequireAgentScope(AgentScopes.TicketsWrite)")]
    [InlineData("tickets.write", "RequireAgentScope(\"tickets.write\")")]
    [InlineData("tickets.read", "RequireAgentScope(AgentScopes.TicketsRead)")]
    [InlineData("tickets.read", "RequireAgentScope(\"tickets.read\")")]
    public async Task D7_A_scope_that_is_gone_is_not_answered_with_one_that_allows_something_else(string gone, string call)
    {
        var authMd = AnalyzerHarness.AuthMd.Replace($"`{gone}`", "`tickets.triage`", StringComparison.Ordinal);

        var found = await AnalyzerHarness.RunAsync(
            new UndeclaredScopeAnalyzer(), "class Program { void Map(WebApplication app) => app.MapPost(\"/\", () => \"\")." + call + "; }", authMd);

        Assert.DoesNotContain("did you mean", Assert.Single(found), StringComparison.Ordinal);
    }

    private static Task<string[]> RunAsync(string statement) => AnalyzerHarness.RunAsync(
        new UndeclaredScopeAnalyzer(),
        $$"""
        namespace Elsewhere { static class AgentScopes { public const string Anything = "x"; } }
        static class Other { public static void RequireAgentScope(params string[] scopes) { } }
        class Program { void Map(WebApplication app) { {{statement}} } }
        """);
}
