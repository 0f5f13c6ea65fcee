using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

public sealed class UndeclaredScopeCodeFixTests
{
    private const string Rule = AuthMdRules.UndeclaredScope;

    private readonly UndeclaredScopeCodeFix _fix = new();

    [Theory]
    [InlineData("\"tickets.raed\"", "AgentScopes.TicketsRead")]
    [InlineData("/* why */ \"tickets.raed\" /* not */, AgentScopes.TicketsWrite", "/* why */ AgentScopes.TicketsRead /* not */, AgentScopes.TicketsWrite")]
    [InlineData("[\"tickets.read\",\r\n            // the second\r\n            \"tickets.wirte\"]", "[\"tickets.read\",\r\n            // the second\r\n            AgentScopes.TicketsWrite]")]
    [InlineData("new[] { \"tickets.raed\" }", "new[] { AgentScopes.TicketsRead }")]
    [InlineData("\"tickets\" + \".raed\"", "AgentScopes.TicketsRead")]
    [InlineData("nameof(AgentScopes.TicketsRead)", "AgentScopes.TicketsRead")]
    [InlineData("AgentScopes.TicketRead", "AgentScopes.TicketsRead")]
    [InlineData("App.AgentScopes.TicketRead", "App.AgentScopes.TicketsRead")]
    public async Task The_scope_that_was_meant_takes_the_place_of_the_other(string scopes, string wanted)
    {
        var code = Program($"app.MapGet(\"/\", () => \"\").RequireAgentScope({scopes}); // list\r\n");
        var sandbox = Sandbox.Of(code);
        var member = wanted.Contains("AgentScopes.TicketsWrite]", StringComparison.Ordinal) ? "TicketsWrite" : "TicketsRead";

        var mended = await sandbox.FixAsync(_fix, Rule, $"Change to AgentScopes.{member}");

        Assert.Equal(code.Replace(scopes, wanted, StringComparison.Ordinal), await mended.TextAsync());
        Assert.Empty(await mended.DiagnosticsAsync(Rule));
        Assert.Empty(await mended.ErrorsAsync());
        Assert.Equal(Sandbox.AuthMd, await mended.TextAsync("/App/auth.md"));
    }

    [Fact]
    public async Task Attributes_and_constants_are_changed_where_they_are_used()
    {
        const string code =
            """
            WebApplication.Create().Run();

            // A hub.
            [AgentAuth.AgentScope(Wanted)] // seen
            class Hub
            {
                const string Wanted = "tickets.raed";
            }
            """;

        var mended = await Sandbox.Of(code).FixAsync(_fix, Rule, "Change to AgentScopes.TicketsRead");

        Assert.Equal(code.Replace("(Wanted)", "(AgentScopes.TicketsRead)", StringComparison.Ordinal), await mended.TextAsync());
        Assert.Empty(await mended.ErrorsAsync());
    }

    [Fact]
    public async Task Where_another_type_has_their_name_the_constants_are_written_with_their_namespace()
    {
        const string code =
            """
            WebApplication.Create().Run();

            namespace Far
            {
                class AgentScopes;

                [AgentAuth.AgentScope("tickets.raed")]
                class Hub;
            }
            """;

        var mended = await Sandbox.Of(code).FixAsync(_fix, Rule, "Change to AgentScopes.TicketsRead");

        Assert.Equal(code.Replace("\"tickets.raed\"", "App.AgentScopes.TicketsRead", StringComparison.Ordinal), await mended.TextAsync());
        Assert.Empty(await mended.ErrorsAsync());
    }

    [Fact]
    public async Task Auth_md_declares_the_scope_and_stays_the_same_elsewhere()
    {
        foreach (var lineBreak in new[] { "\n", "\r\n", "\r" })
        {
            var authMd = Sandbox.AuthMd.ReplaceLineEndings(lineBreak);
            var code = Program("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"billing.admin\");\n");

            var mended = await Sandbox.Of(code, authMd).FixAsync(_fix, Rule, "Declare 'billing.admin' in auth.md");

            const string last = "| `customers.read` | Read customers.     | post-claim |";
            const string added = "| `billing.admin`  |                     | post-claim |";
            Assert.Equal(authMd.Replace(last, last + lineBreak + added, StringComparison.Ordinal), await mended.TextAsync("/App/auth.md"));
            Assert.Equal(code, await mended.TextAsync());
            Assert.Empty(await mended.DiagnosticsAsync(Rule));
            Assert.Empty(await mended.ErrorsAsync());
        }
    }

    [Theory]
    [InlineData("\"billing.admin\"", "Declare 'billing.admin' in auth.md")]
    [InlineData("\"tickets.raed\"", "Change to AgentScopes.TicketsRead", "Declare 'tickets.raed' in auth.md")]
    [InlineData("AgentScopes.TicketRead", "Change to AgentScopes.TicketsRead")]
    [InlineData("AgentScopes.Billing")]
    [InlineData("\"no scope\"")]
    [InlineData("\"customers-read\"", "Change to AgentScopes.CustomersRead")]
    public async Task Only_what_is_certain_is_offered(string scope, params string[] menu)
    {
        var sandbox = Sandbox.Of(Program($"app.MapGet(\"/\", () => \"\").RequireAgentScope({scope});"));

        Assert.Equal(menu, await sandbox.MenuAsync(_fix, Rule));
    }

    [Theory]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public async Task All_scopes_are_declared_at_once_and_each_once(FixAllScope scope)
    {
        var program = Program("var g = app.MapGroup(\"/\").RequireAgentScope(\"b.two\", \"a.one\"); g.MapGet(\"/\", () => \"\").RequireAgentScope(\"b.two\", \"b-two\");\n");
        var sandbox = new Sandbox().Add("App", Sandbox.AuthMd, ("Program.cs", program), ("Other.cs", "class Other { [AgentAuth.AgentScope(\"c.three\", \"a.one\")] void A() { } }\n"));

        var mended = await sandbox.FixAllAsync(_fix, Rule, "Declare 'c.three' in auth.md", scope);

        Assert.Equal(["c.three", "a.one", "b.two"], AuthMdParser.Parse(await mended.TextAsync("/App/auth.md")).Document.Scopes.Select(item => item.Name.Value).Skip(3));
        Assert.Empty(await mended.ErrorsAsync());

        // Both would be AgentScopes.BTwo.
        Assert.Equal("b-two", (await mended.DiagnosticsAsync(Rule)).Single().Properties["AgentAuth.Scope"]);
    }

    [Fact]
    public async Task A_document_declares_its_own_scopes_only()
    {
        var sandbox = new Sandbox().Add(
            "App", Sandbox.AuthMd,
            ("A.cs", "class A { [AgentAuth.AgentScope(\"a.one\", \"b.two\")] void M() { } }"),
            ("Program.cs", Program("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"c.three\");")));

        var mended = await sandbox.FixAllAsync(_fix, Rule, "Declare 'a.one' in auth.md", FixAllScope.Document);

        Assert.Equal(["/App/Program.cs"], (await mended.DiagnosticsAsync(Rule)).Select(diagnostic => diagnostic.Location.GetLineSpan().Path));
    }

    [Theory]
    [InlineData(FixAllScope.Project, 1)]
    [InlineData(FixAllScope.Solution, 0)]
    public async Task Each_project_has_its_auth_md_and_those_that_share_one_keep_it_the_same(FixAllScope scope, int left)
    {
        var sandbox = new Sandbox()
            .Add("App", "/shared/auth.md", Sandbox.AuthMd, ("Program.cs", Program("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"a.one\");")))
            .Add("App2", "/shared/auth.md", Sandbox.AuthMd, ("Program.cs", Program("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"a.one\");")))
            .Add("Other", Sandbox.AuthMd, ("Program.cs", Program("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"c.three\");")));

        var mended = await sandbox.FixAllAsync(_fix, Rule, "Declare 'a.one' in auth.md", scope);

        Assert.Equal(left, (await mended.DiagnosticsAsync(Rule)).Count);
        Assert.DoesNotContain("c.three", await mended.TextAsync("/shared/auth.md"), StringComparison.Ordinal);
        Assert.DoesNotContain("a.one", await mended.TextAsync("/Other/auth.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FixAllScope.Document, 2)]
    [InlineData(FixAllScope.Project, 1)]
    [InlineData(FixAllScope.Solution, 0)]
    public async Task One_misspelling_is_changed_everywhere_and_another_is_not(FixAllScope scope, int left)
    {
        const string Wrong = "app.MapGet(\"/\", () => \"\").RequireAgentScope(\"tickets.raed\", \"tickets.wirte\"); // both\r\n\r\napp.MapGroup(\"/\").RequireAgentScope(\"ticket.read\");\r\n";
        var sandbox = new Sandbox()
            .Add("App", Sandbox.AuthMd, ("Program.cs", Program(Wrong)), ("Z.cs", "class Z { [AgentAuth.AgentScope(\"tickets.raed\")] void M() { } }"))
            .Add("Other", Sandbox.AuthMd, ("Program.cs", Program("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"tickets.raed\");")));

        var mended = await sandbox.FixAllAsync(_fix, Rule, "Change to AgentScopes.TicketsRead", scope);

        Assert.Equal(1 + left, (await mended.DiagnosticsAsync(Rule)).Count);
        Assert.Equal(
            Program(Wrong.Replace("\"tickets.raed\"", "AgentScopes.TicketsRead", StringComparison.Ordinal).Replace("\"ticket.read\"", "AgentScopes.TicketsRead", StringComparison.Ordinal)),
            await mended.TextAsync());
        Assert.Equal("tickets.wirte", (await mended.DiagnosticsAsync(Rule, "/App/Program.cs")).Single().Properties["AgentAuth.Scope"]);
    }

    private static string Program(string statements) => "var app = WebApplication.Create();\r\n" + statements + "app.Run();\r\n";
}
