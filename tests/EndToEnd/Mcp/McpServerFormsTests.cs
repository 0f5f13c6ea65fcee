using System.IO.Pipelines;
using global::Mcp.App;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentAuth.EndToEnd.Mcp;

/// <summary>A tool's metadata counts, however the tool got into the server and whatever else the app does with it.</summary>
public sealed class McpServerFormsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Finding("G3", "MCP tools made of delegates, with metadata of their own, put into `ToolCollection` at the start or while the service runs", "Held to their metadata")]
    [Fact]
    public async Task G3_tools_that_the_app_makes_itself_are_held_to_their_metadata()
    {
        McpServerOptions? server = null;
        await using var service = await RunningMcp.StartAsync(new McpAppSetup
        {
            Server = builder =>
            {
                builder.WithTools([
                    McpServerTool.Create([DenyAgents] () => "ran", new McpServerToolCreateOptions { Name = "delegate" }),
                    McpServerTool.Create(() => "ran", new McpServerToolCreateOptions { Name = "metadata", Metadata = [new AgentScopeAttribute("tickets.write")] }),
                ]);
                builder.Services.Configure<McpServerOptions>(options =>
                {
                    options.ToolCollection ??= [];
                    options.ToolCollection.Add(McpServerTool.Create([AgentScope("tickets.write")] () => "ran", new McpServerToolCreateOptions { Name = "collection" }));
                    server = options;
                });
            },
            IsStateful = true,
        });
        await using var agent = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync("tickets.read") });
        server!.ToolCollection!.Add(McpServerTool.Create([DenyAgents] () => "ran", new McpServerToolCreateOptions { Name = "later" }));

        Assert.StartsWith("-32602", await RunningMcp.CallAsync(agent, "delegate"), StringComparison.Ordinal);
        Assert.Contains("tickets.write is needed", await RunningMcp.CallAsync(agent, "metadata"), StringComparison.Ordinal);
        Assert.Contains("tickets.write is needed", await RunningMcp.CallAsync(agent, "collection"), StringComparison.Ordinal);
        Assert.StartsWith("-32602", await RunningMcp.CallAsync(agent, "later"), StringComparison.Ordinal);
        Assert.DoesNotContain(await agent.ListToolsAsync(cancellationToken: Cancelled), tool => tool.Name is "delegate" or "later");
    }

    [Fact]
    public async Task G3_tools_of_handlers_of_the_apps_own_are_as_the_endpoint_says()
    {
        await using var service = await RunningMcp.StartAsync(new McpAppSetup
        {
            OffersNothing = true,
            Server = builder => builder
                .WithListToolsHandler((_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [new Tool { Name = "handled" }] }))
                .WithCallToolHandler((context, _) => ValueTask.FromResult(Text("handled for " + context.User?.GetAgent()?.RegistrationId[..4]))),
        });
        await using var agent = await service.ConnectAsync("/open", new Caller { Key = await service.KeyAsync() });

        Assert.Equal("handled for reg_", await RunningMcp.CallAsync(agent, "handled"));
        Assert.Equal(["handled"], (await agent.ListToolsAsync(cancellationToken: Cancelled)).Select(tool => tool.Name));
    }

    [Finding("G3", "An MCP filter of the app's own that runs another tool than the one that was called, or makes a task of a call", "The tool that would run is judged too; no task is made of a call that is refused")]
    [Fact]
    public async Task G3_a_filter_of_the_apps_own_gets_round_nothing()
    {
        var made = 0;
        await using var service = await RunningMcp.StartAsync(new McpAppSetup
        {
            Server = builder => builder
                .WithRequestFilters(filters => filters.AddCallToolFilter(next => (context, cancellationToken) =>
                {
                    if (context.Params.Name == "read")
                    {
                        context.Params.Name = "denied";
                        context.MatchedPrimitive = context.Server.ServerOptions.ToolCollection!["denied"];
                    }

                    return next(context, cancellationToken);
                }))
#pragma warning disable MCPEXP002 // What the SDK's own tasks use.
                .Services.Configure<McpServerOptions>(options => options.Filters.Request.CallToolWithAlternateFilters.Insert(0, (context, next, cancellationToken) =>
                {
                    made++;
                    return next(context, cancellationToken);
                })),
#pragma warning restore MCPEXP002
        });
        await using var agent = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync("tickets.read") });

        Assert.StartsWith("-32602", await RunningMcp.CallAsync(agent, "read"), StringComparison.Ordinal);
        Assert.Equal(1, made);
        Assert.Contains("lacks a scope", await RunningMcp.CallAsync(agent, "write"), StringComparison.Ordinal);
        Assert.StartsWith("-32602", await RunningMcp.CallAsync(agent, "denied"), StringComparison.Ordinal);
        Assert.Equal(1, made);
        Assert.Empty(service.Ran);
    }

    [Fact]
    public async Task G3_a_handler_for_alternate_results_still_works_and_is_guarded()
    {
        await using var service = await RunningMcp.StartAsync(new McpAppSetup
        {
#pragma warning disable MCPEXP002 // Experimental, and there.
            Server = builder => builder.Services.Configure<McpServerOptions>(options =>
                options.Handlers.CallToolWithAlternateHandler = (_, _) => ValueTask.FromResult<ResultOrAlternate<CallToolResult>>(Text("alternate"))),
#pragma warning restore MCPEXP002
        });
        await using var agent = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync("tickets.read") });

        Assert.Equal("alternate", await RunningMcp.CallAsync(agent, "of_the_handler"));
        Assert.Equal("ran read", await RunningMcp.CallAsync(agent, "read"));
        Assert.Contains("lacks a scope", await RunningMcp.CallAsync(agent, "write"), StringComparison.Ordinal);
        Assert.StartsWith("-32602", await RunningMcp.CallAsync(agent, "denied"), StringComparison.Ordinal);
        Assert.Equal(["read"], service.Ran);
    }

    [Finding("G3", "The same tools on an MCP server over streams (standard input and output), where no credential of ours ever comes", "`[AgentScope]` and `[UserOrAgentScope]` let nobody in; `[DenyAgents]` refuses nobody")]
    [Fact]
    public async Task G3_without_HTTP_nobody_is_an_agent()
    {
        Pipe toServer = new(), toClient = new();
        await using var service = await RunningMcp.StartAsync(new McpAppSetup
        {
            Server = builder => builder.WithStreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()),
        });
        await using var client = await McpClient.CreateAsync(
            new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()), cancellationToken: Cancelled);

        Assert.Contains("is for agents with the scope tickets.write", await RunningMcp.CallAsync(client, "write"), StringComparison.Ordinal);
        Assert.Contains("is for signed-in users, and for agents", await RunningMcp.CallAsync(client, "shared"), StringComparison.Ordinal);
        Assert.Equal("ran denied", await RunningMcp.CallAsync(client, "denied"));
        Assert.Equal("ran unsaid", await RunningMcp.CallAsync(client, "unsaid"));
        Assert.Equal(["denied", "unsaid"], service.Ran);
    }

    private static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };
}
