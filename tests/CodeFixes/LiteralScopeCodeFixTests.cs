using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

public sealed class LiteralScopeCodeFixTests
{
    private const string Rule = AuthMdRules.LiteralScope;
    private const string Code =
        """
        var app = WebApplication.Create();

        app.MapGet("/", () => "").RequireAgentScope(
            "tickets.read", // the first
            /* the second */ "tickets.write");
        app.Run();

        [AgentScope("customers.read")] // a hub
        class Hub;
        """;

    private readonly LiteralScopeCodeFix _fix = new();

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task The_constant_takes_the_place_of_the_literal(string lineBreak)
    {
        var code = Code.ReplaceLineEndings(lineBreak);

        var mended = await Sandbox.Of(code).FixAsync(_fix, Rule, "Use AgentScopes.TicketsRead");

        Assert.Equal(code.Replace("\"tickets.read\"", "AgentScopes.TicketsRead", StringComparison.Ordinal), await mended.TextAsync());
        Assert.Equal(2, (await mended.DiagnosticsAsync(Rule)).Count);
        Assert.Empty(await mended.ErrorsAsync());
    }

    [Fact]
    public async Task A_class_of_the_app_with_the_same_name_does_not_give_its_value()
    {
        const string Own = "namespace Aa { public static class AgentScopes { public const string TicketsRead = \"tickets.write\"; } }";
        var sandbox = new Sandbox().Add("App", Sandbox.AuthMd, ("Aa.cs", Own), ("Program.cs", Code));

        var mended = await sandbox.FixAllAsync(_fix, Rule, "Use AgentScopes.TicketsRead", FixAllScope.Project);

        Assert.DoesNotContain("Aa.", await mended.TextAsync(), StringComparison.Ordinal);
        Assert.Contains("AgentScopes.TicketsRead", await mended.TextAsync(), StringComparison.Ordinal);
        Assert.Empty(await mended.ErrorsAsync());
    }

    [Theory]
    [InlineData(FixAllScope.Document, 2)]
    [InlineData(FixAllScope.Project, 1)]
    [InlineData(FixAllScope.Solution, 0)]
    public async Task All_literals_become_constants_at_once(FixAllScope scope, int left)
    {
        const string Other = "class Other { [AgentScope(\"tickets.read\")] void M() { } }";
        var sandbox = new Sandbox().Add("App", Sandbox.AuthMd, ("Program.cs", Code), ("Z.cs", Other)).Add("Lib", Sandbox.AuthMd, ("Z.cs", Other + " class P { static void Main() { } }"));

        var mended = await sandbox.FixAllAsync(_fix, Rule, "Use AgentScopes.TicketsRead", scope);

        Assert.Equal(left, (await mended.DiagnosticsAsync(Rule)).Count);
        Assert.Empty(await mended.ErrorsAsync());
        Assert.Equal(
            Code.Replace("\"tickets.read\"", "AgentScopes.TicketsRead", StringComparison.Ordinal)
                .Replace("\"tickets.write\"", "AgentScopes.TicketsWrite", StringComparison.Ordinal)
                .Replace("\"customers.read\"", "AgentScopes.CustomersRead", StringComparison.Ordinal),
            await mended.TextAsync());
    }
}
