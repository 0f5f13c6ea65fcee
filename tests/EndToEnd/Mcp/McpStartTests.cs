using global::Mcp.App;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace AgentAuth.EndToEnd.Mcp;

/// <summary>What cannot work does not start.</summary>
public sealed class McpStartTests
{
    [Finding("G3", "An MCP server whose attributes nothing enforces: `AddAgentAuth` was generated in a project that does not see the SDK", "The service does not start, and says what to do")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G3_a_server_that_nothing_guards_stops_the_start(bool hasSdkFilters)
    {
        var refused = await Assert.ThrowsAsync<AgentAuthConfigurationException>(
            () => RunningMcp.StartAsync(new McpAppSetup { IsUnguarded = true, HasSdkFilters = hasSdkFilters }));

        Assert.Contains(
            "AddAgentAuth does so when the project that compiles auth.md references ModelContextProtocol.AspNetCore 2.0.0 or later: add that package there, or update it.",
            refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task G3_a_step_up_that_asks_for_nothing_stops_the_start()
    {
        var refused = await Assert.ThrowsAsync<AgentAuthConfigurationException>(() => RunningMcp.StartAsync(Offering([AgentStepUp] () => "ran")));

        Assert.Contains("The MCP tool 'offered' has [AgentStepUp] that asks for nothing.", refused.Message, StringComparison.Ordinal);
    }

    [Finding("G3", "An MCP tool that asks for a scope that auth.md does not declare", "Named at the start, which `RequireScopes` at `Fail` refuses; no agent may call it")]
    [Fact]
    public async Task G3_a_scope_that_auth_md_does_not_declare_is_named_at_the_start()
    {
        var setup = Offering(NoSuchScope());
        var refused = await Assert.ThrowsAsync<AgentAuthConfigurationException>(() => RunningMcp.StartAsync(setup, "--AgentAuth:RequireScopes=Fail"));
        Assert.Contains("The MCP tool 'offered' asks for the scope 'tickets.burn' that auth.md does not declare: no agent can ever hold it.", refused.Message, StringComparison.Ordinal);

        await using var service = await RunningMcp.StartAsync(setup);
        await using var agent = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync() });
        Assert.Contains("lacks a scope", await RunningMcp.CallAsync(agent, "offered"), StringComparison.Ordinal);
    }

    private static Func<string> NoSuchScope() => [AgentScope("tickets.burn")] () => "ran";

    private static McpAppSetup Offering(Delegate tool) => new()
    {
        Server = builder => builder.WithTools([McpServerTool.Create(tool, new McpServerToolCreateOptions { Name = "offered" })]),
    };
}
