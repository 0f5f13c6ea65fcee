using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>AUTHMD2007.</summary>
public sealed class ContradictionsTests
{
    [Theory]
    [InlineData("app.[!MapGet!](\"/\", () => \"\").RequireAgentScope(\"tickets.read\").AllowAnonymous();")]
    [InlineData("app.[!MapGet!](\"/\", () => \"\").RequireAgentScope(\"tickets.read\").DenyAgents();")]
    [InlineData("app.[!MapGet!](\"/\", [Microsoft.AspNetCore.Authorization.AllowAnonymous] () => \"\").RequireUserOrAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGroup(\"/a\").AllowAnonymous().[!MapGet!](\"/\", () => \"\").RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGroup(\"/a\").DenyAgents().[!MapGet!](\"/\", () => \"\").RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGroup(\"/a\").RequireAgentScope(\"tickets.read\").MapGet(\"/\", () => \"\").AllowAnonymous();")]
    [InlineData("app.MapGroup(\"/a\").RequireAgentScope(\"tickets.read\").MapGet(\"/\", () => \"\").DenyAgents();")]
    [InlineData("app.MapGroup(\"/a\").DenyAgents().MapGet(\"/\", () => \"\").AllowAnonymous();")]
    [InlineData("app.MapGet(\"/\", () => \"\").DenyAgents().AllowAnonymous();")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireAgentScope(\"tickets.read\").RequireUserOrAgentScope(\"tickets.write\");")]
    [InlineData("var e = app.MapGet(\"/\", () => \"\").RequireAgentScope(\"tickets.read\"); if (args.Length > 0) { e.AllowAnonymous(); }")]
    public Task What_stands_as_near_or_farther_makes_void_and_what_is_nearer_takes_back(string statement) => Marked.AppAsync(statement);

    [Theory]
    [InlineData("[Route(\"a\"), AllowAnonymous] public class AController : ControllerBase { [HttpGet, AgentScope(\"tickets.read\")] public string [!Get!]() => \"\"; }")]
    [InlineData("[Route(\"a\"), AgentScope(\"tickets.read\")] public class AController : ControllerBase { [HttpGet, AllowAnonymous] public string Get() => \"\"; }")]
    [InlineData("[Route(\"a\"), DenyAgents] public class AController : ControllerBase { [HttpGet, AgentScope(\"tickets.read\")] public string [!Get!]() => \"\"; }")]
    public Task The_same_holds_for_actions_and_their_controllers(string types) => Marked.CodeAsync(
        "using Microsoft.AspNetCore.Authorization; using Microsoft.AspNetCore.Mvc;\n" + Marked.Start + "app.MapControllers();\n" + types, isApplication: true);

    [Fact]
    public async Task The_message_says_which_is_void()
    {
        var found = await AnalyzerHarness.RunAsync(
            new EndpointAnalyzer(), Marked.Start + "app.MapGroup(\"/a\").AllowAnonymous().MapGet(\"/b\", () => \"\").RequireAgentScope(\"tickets.read\");", kind: OutputKind.ConsoleApplication);

        Assert.Equal(
            ["Program.cs(2,37): AUTHMD2007 The endpoint GET /a/b asks for 'tickets.read', and AllowAnonymous lets everybody in without it. Remove one of them"],
            found);
    }
}
