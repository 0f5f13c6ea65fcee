namespace AgentAuth.Analyzers;

public sealed class LiteralScopeAnalyzerTests
{
    private const string Head = "class Program { void Map(WebApplication app) { ";

    [Theory]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireUserOrAgentScope(AgentScopes.TicketsWrite, \"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", [AgentScope(\"tickets.read\")] () => \"\");")]
    [InlineData("app.MapGet(\"/\", () => \"\").WithMetadata(new AgentScopeAttribute(\"tickets.read\"));")]
    public async Task A_literal_is_told_its_constant(string statement)
    {
        var found = Assert.Single(await RunAsync(statement));

        Assert.EndsWith("AUTHMD2005 Write AgentScopes.TicketsRead for 'tickets.read': a constant follows when the scope is renamed in auth.md", found, StringComparison.Ordinal);
        Assert.StartsWith($"Program.cs(1,{(Head + statement).IndexOf("\"tickets.read\"", StringComparison.Ordinal) + 1})", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(AgentScopes.TicketsRead);")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"tickets.raed\");")]
    [InlineData("const string Scope = \"tickets.read\"; app.MapGet(\"/\", () => \"\").RequireAgentScope(Scope);")]
    [InlineData("app.MapGet(\"/tickets.read\", () => \"tickets.read\").WithTags(\"tickets.read\");")]
    public async Task Constants_and_other_strings_are_left_alone(string statement) => Assert.Empty(await RunAsync(statement));

    private static Task<string[]> RunAsync(string statement) => AnalyzerHarness.RunAsync(new LiteralScopeAnalyzer(), Head + statement + " } }");
}
