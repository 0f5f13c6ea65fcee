using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>AUTHMD2008.</summary>
public sealed class UnclaimedWriteTests
{
    [Theory]
    [InlineData("app.[~MapPost~](\"/\", () => \"\").RequireAgentScope(AgentScopes.TicketsRead);")]
    [InlineData("app.[~MapDelete~](\"/\", () => \"\").RequireUserOrAgentScope(\"tickets.read\");")]
    [InlineData("app.[~MapMethods~](\"/\", [\"GET\", \"PUT\"], () => \"\").RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGroup(\"/a\").RequireAgentScope(\"tickets.read\").[~MapPatch~](\"/\", () => \"\");")]
    [InlineData("app.MapPost(\"/\", () => \"\").RequireAgentScope(AgentScopes.TicketsRead, AgentScopes.TicketsWrite);")]
    [InlineData("app.MapGroup(\"/a\").RequireAgentScope(\"tickets.write\").MapPost(\"/\", () => \"\").RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.Map(\"/\", () => \"\").RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapPost(\"/\", () => \"\").RequireAgentScope(Environment.MachineName);")]
    [InlineData("app.MapPost(\"/\", () => \"\").AllowAnonymous();")]
    public Task A_write_needs_more_than_what_an_unclaimed_agent_holds(string statement) => Marked.AppAsync(statement);

    [Fact]
    public async Task Without_anonymous_start_nobody_holds_a_scope_unclaimed()
    {
        var authMd = AnalyzerHarness.AuthMd.Replace("### anonymous", "### verified_email", StringComparison.Ordinal);

        Assert.Empty(await AnalyzerHarness.RunAsync(
            new EndpointAnalyzer(), Marked.Start + "app.MapPost(\"/\", () => \"\").RequireAgentScope(AgentScopes.TicketsRead);", authMd, kind: OutputKind.ConsoleApplication));
    }

    [Fact]
    public async Task The_message_names_the_scopes()
    {
        var found = await AnalyzerHarness.RunAsync(
            new EndpointAnalyzer(), Marked.Start + "app.MapPost(\"/tickets\", () => \"\").RequireAgentScope(AgentScopes.TicketsRead);", kind: OutputKind.ConsoleApplication);

        Assert.Equal(
            ["Program.cs(2,5): AUTHMD2008 The endpoint POST /tickets asks only for 'tickets.read', which an agent holds before anybody claimed its registration. If only claimed agents may change things, ask for a post-claim scope"],
            found);
    }
}
