using global::Mcp.App;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;

namespace AgentAuth.EndToEnd.Mcp;

/// <summary>A session outlives credentials: each message is judged by what came with it.</summary>
public sealed class McpSessionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Finding("G3", "An MCP session that one credential opened, and a message in it with another one of the same account that has less", "The message's credential counts, not the session's first")]
    [Theory]
    [InlineData("/agents", false)]
    [InlineData("/desk", false)]
    [InlineData("/agents", true)]
    public async Task G3_each_message_of_a_session_is_judged_by_its_own_credential(string path, bool hasOneContext)
    {
        await using var service = await RunningMcp.StartAsync(Stateful(hasOneContext));
        var caller = new Caller { Key = await service.KeyAsync() };
        await using var agent = await service.ConnectAsync(path, caller);
        Assert.NotNull(agent.SessionId);
        Assert.Equal("ran write", await RunningMcp.CallAsync(agent, "write"));

        caller.Key = await service.KeyAsync("tickets.read");
        Assert.Contains("lacks a scope", await RunningMcp.CallAsync(agent, "write"), StringComparison.Ordinal);

        caller.Key = await service.KeyAsync();
        Assert.Equal("ran write", await RunningMcp.CallAsync(agent, "write"));
    }

    [Finding("G3", "The credential that opened an MCP session at an open endpoint is revoked, or is not presented any more", "Tools with `[AgentScope]` are refused from the next message on")]
    [Fact]
    public async Task G3_a_session_at_an_open_endpoint_keeps_no_credential()
    {
        await using var service = await RunningMcp.StartAsync(Stateful());
        var caller = new Caller { Key = await service.KeyAsync() };
        await using var agent = await service.ConnectAsync("/open", caller);
        Assert.NotNull(agent.SessionId);
        Assert.Equal("ran write", await RunningMcp.CallAsync(agent, "write"));

        var key = caller.Key;
        caller.Key = null;
        Assert.Contains("is for agents", await RunningMcp.CallAsync(agent, "write"), StringComparison.Ordinal);

        caller.Key = key;
        await service.Services.GetRequiredService<IAgentAccess>().RevokeAsync(AgentAccessTarget.Everything, new AgentRevocationNote("test"), Cancelled);
        Assert.Contains("The agent credential of this request is refused", await RunningMcp.CallAsync(agent, "write"), StringComparison.Ordinal);
        Assert.Equal(["write"], service.Ran);
    }

    [Fact]
    public async Task G3_with_one_execution_context_for_a_session_an_open_endpoint_knows_no_agent()
    {
        await using var service = await RunningMcp.StartAsync(Stateful(hasOneContext: true));
        await using var agent = await service.ConnectAsync("/open", new Caller { Key = await service.KeyAsync() });

        Assert.Contains("is for agents", await RunningMcp.CallAsync(agent, "write"), StringComparison.Ordinal);
        Assert.Empty(service.Ran);
    }

    [Fact]
    public async Task G3_the_old_transport_with_server_sent_events_is_guarded_too()
    {
#pragma warning disable MCP9004 // Obsolete, and there.
        await using var service = await RunningMcp.StartAsync(new McpAppSetup { IsStateful = true, Transport = options => options.EnableLegacySse = true });
#pragma warning restore MCP9004
        await using var agent = await service.ConnectAsync("/agents/sse", new Caller { Key = await service.KeyAsync("tickets.read") }, HttpTransportMode.Sse);

        Assert.Contains("lacks a scope", await RunningMcp.CallAsync(agent, "write"), StringComparison.Ordinal);
        Assert.StartsWith("-32602", await RunningMcp.CallAsync(agent, "denied"), StringComparison.Ordinal);
        Assert.Equal("ran read", await RunningMcp.CallAsync(agent, "read"));
        Assert.DoesNotContain(await agent.ListToolsAsync(cancellationToken: Cancelled), tool => tool.Name == "denied");

        // The request that opened the stream is not the one that brings a message.
        await using var open = await service.ConnectAsync("/open/sse", new Caller { Key = await service.KeyAsync() }, HttpTransportMode.Sse);
        Assert.Contains("is for agents", await RunningMcp.CallAsync(open, "write"), StringComparison.Ordinal);
        Assert.Equal(["read"], service.Ran);
    }

#pragma warning disable MCP9006 // Obsolete, and there.
    private static McpAppSetup Stateful(bool hasOneContext = false) =>
        new() { IsStateful = true, Transport = options => options.PerSessionExecutionContext = hasOneContext };
#pragma warning restore MCP9006
}
