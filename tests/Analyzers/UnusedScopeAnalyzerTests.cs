using AgentAuth.Analyzers.Endpoints;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers;

public sealed class UnusedScopeAnalyzerTests
{
    private const string Both = "app.MapGet(\"/\", () => \"\").RequireAgentScope(AgentScopes.TicketsRead, AgentScopes.TicketsWrite);\n";

    [Fact]
    public async Task A_scope_that_stands_nowhere_in_the_code_is_reported_in_auth_md() => Assert.Equal(
        ["auth.md(11,4): AUTHMD2004 No code asks for the scope 'customers.read': agents would request it and people grant it, and it would open nothing. Require it where it belongs, or remove it"],
        await RunAsync(Both));

    [Theory]
    [InlineData("app.MapGet(\"/c\", () => \"\").RequireAgentScope(AgentScopes.CustomersRead);")]
    [InlineData("app.MapGet(\"/c\", () => \"\").RequireAgentScope(\"customers.read\");")]
    [InlineData("app.MapGet(\"/c\", [AgentScope(AgentScopes.CustomersRead)] () => \"\");")]
    [InlineData("foreach (var scope in AgentScopes.All) { app.MapGet(\"/\" + scope, () => \"\"); }")]
    [InlineData("app.MapGet(\"/c\", () => \"\").RequireAgentScope(args[0]);")]
    [InlineData("// customers.read: asked for by the gateway")]
    public async Task A_scope_that_may_be_asked_for_is_left_alone(string statement) => Assert.Empty(await RunAsync(Both + statement));

    [Fact]
    public async Task An_app_that_asks_for_none_is_only_begun() => Assert.Empty(await RunAsync("app.MapGet(\"/\", () => \"\");"));

    [Fact]
    public async Task In_a_library_others_may_ask() => Assert.Empty(await AnalyzerHarness.RunAsync(
        new UnusedScopeAnalyzer(), "static class Api { static void Map(WebApplication app) => " + Both.TrimEnd() + " }"));

    private static Task<string[]> RunAsync(string statements) => AnalyzerHarness.RunAsync(new UnusedScopeAnalyzer(), Marked.Start + statements, kind: OutputKind.ConsoleApplication);
}
