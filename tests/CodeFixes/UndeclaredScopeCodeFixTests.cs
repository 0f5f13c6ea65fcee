using AgentAuth.AuthMd;

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

    [Fact]
    public async Task Scopes_that_would_have_one_constant_are_not_both_declared()
    {
        // Both would be AgentScopes.BTwo.
        var sandbox = Sandbox.Of(
            Program("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"b-two\");\n"),
            Sandbox.AuthMd.Replace("`customers.read`", "`b.two`         ", StringComparison.Ordinal));

        Assert.DoesNotContain("Declare 'b-two' in auth.md", await sandbox.MenuAsync(_fix, Rule));
    }

    [Fact]
    public async Task Projects_that_share_an_auth_md_keep_it_the_same()
    {
        var sandbox = new Sandbox()
            .Add("App", "/shared/auth.md", Sandbox.AuthMd, ("Program.cs", Program("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"a.one\");")))
            .Add("App2", "/shared/auth.md", Sandbox.AuthMd, ("Program.cs", Program("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"a.one\");")));

        var mended = await sandbox.FixAsync(_fix, Rule, "Declare 'a.one' in auth.md");

        Assert.Empty(await mended.DiagnosticsAsync(Rule));
    }

    [Fact]
    [Finding("G5", "a scope that auth.md does not declare, in an app that a machine cleans up", "nothing: another scope, or a declaration, would open an endpoint that does not compile, so each is chosen by a person")]
    public void G5_A_scope_is_never_chosen_or_declared_for_all() => Assert.Null(_fix.GetFixAllProvider());

    private static string Program(string statements) => "var app = WebApplication.Create();\r\n" + statements + "app.Run();\r\n";
}
