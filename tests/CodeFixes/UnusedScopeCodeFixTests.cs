using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

public sealed class UnusedScopeCodeFixTests
{
    private const string Rule = AuthMdRules.UnusedScope;
    private const string Path = "/App/auth.md";

    private readonly UnusedScopeCodeFix _fix = new();

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task The_row_goes_and_nothing_else_changes(string lineBreak)
    {
        var authMd = Sandbox.AuthMd.ReplaceLineEndings(lineBreak);

        var mended = await Sandbox.Of(Program("TicketsRead", "CustomersRead"), authMd).FixAsync(_fix, Rule, "Remove 'tickets.write' from auth.md");

        Assert.Equal(authMd.Replace("| `tickets.write`  | Write tickets.      | post-claim |" + lineBreak, "", StringComparison.Ordinal), await mended.TextAsync(Path));
        Assert.Empty(await mended.DiagnosticsAsync(Rule));
        Assert.Empty(await mended.ErrorsAsync());
    }

    [Theory]
    [InlineData("TicketsWrite", "CustomersRead", "")]
    [InlineData("TicketsRead", "TicketsWrite", "Agents rarely get customers.read.\n")]
    public async Task Nothing_is_offered_where_the_document_would_suffer(string first, string second, string prose)
    {
        // Without its pre-claim scope, anonymous start is an error.
        Assert.Empty(await Sandbox.Of(Program(first, second), Sandbox.AuthMd + prose).MenuAsync(_fix, Rule));
    }

    [Theory]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public async Task All_go_at_once_as_far_as_that_is_certain(FixAllScope scope)
    {
        var sandbox = Sandbox.Of(Program("TicketsRead"), Sandbox.AuthMd.Replace("post-claim |\n\n", "post-claim |\n| `gone`           | None.               | pre-claim  |\n\n", StringComparison.Ordinal));
        Assert.Equal(3, (await sandbox.DiagnosticsAsync(Rule)).Count);

        var mended = await sandbox.FixAllAsync(_fix, Rule, "Remove 'tickets.write' from auth.md", scope);

        // One post-claim scope must stay, or a claim would gain nothing.
        var left = AuthMdParser.Parse(await mended.TextAsync(Path));
        Assert.Equal(["tickets.read", "customers.read"], left.Document.Scopes.Select(item => item.Name.Value));
        Assert.Empty(left.Problems);
    }

    [Fact]
    public async Task What_another_project_with_the_same_file_uses_stays()
    {
        var sandbox = new Sandbox()
            .Add("App", "/shared/auth.md", Sandbox.AuthMd, ("Program.cs", Program("TicketsRead")))
            .Add("Web", "/shared/auth.md", Sandbox.AuthMd, ("Program.cs", Program("TicketsRead", "TicketsWrite")));

        var mended = await sandbox.FixAllAsync(_fix, Rule, "Remove 'tickets.write' from auth.md", FixAllScope.Solution);

        Assert.Equal(["tickets.read", "tickets.write"], AuthMdParser.Parse(await mended.TextAsync("/shared/auth.md")).Document.Scopes.Select(item => item.Name.Value));
        Assert.Empty(await mended.ErrorsAsync());
    }

    private static string Program(params string[] members) =>
        $"var app = WebApplication.Create();\napp.MapGet(\"/\", () => \"\").RequireAgentScope({string.Join(", ", members.Select(member => "AgentScopes." + member))});\napp.Run();\n";
}
