using global::Mcp.App;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentAuth.EndToEnd.Mcp;

/// <summary>What is said on prompts and resources holds as on tools, and what completes their arguments tells nothing either.</summary>
public sealed class McpPromptsAndResourcesTests
{
    private static readonly Dictionary<string, object?> s_north = new() { ["place"] = "north" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Finding("G3", "`[DenyAgents]` and `[AgentScope]` on MCP prompts: `prompts/get`, `prompts/list`", "As on tools")]
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task G3_prompts_are_held_to_what_they_say(bool hasSdkFilters, bool isStateful)
    {
        await using var service = await RunningMcp.StartAsync(new McpAppSetup { HasSdkFilters = hasSdkFilters, IsStateful = isStateful });
        await using var agent = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync("tickets.read") });

        Assert.Equal((await GetAsync(agent, "nothing")).Replace("nothing", "denied_prompt", StringComparison.Ordinal), await GetAsync(agent, "denied_prompt"));
        Assert.Contains("tickets.write is needed for the prompt 'write_prompt'", await GetAsync(agent, "write_prompt"), StringComparison.Ordinal);
        Assert.Empty(service.Ran);
        Assert.Equal("ran unsaid_prompt north", await GetAsync(agent, "unsaid_prompt"));
        Assert.Equal(["unsaid_prompt", "write_prompt"], (await agent.ListPromptsAsync(cancellationToken: Cancelled)).Select(prompt => prompt.Name).Order(StringComparer.Ordinal));

        await using var writer = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync(user: "bob") });
        Assert.Equal("ran write_prompt north", await GetAsync(writer, "write_prompt"));
    }

    [Finding("G3", "The same on MCP resources and templates: `resources/read`, `resources/list`, `resources/templates/list`, `resources/subscribe`", "As on tools")]
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task G3_resources_and_templates_are_held_to_what_they_say(bool hasSdkFilters, bool isStateful)
    {
        await using var service = await RunningMcp.StartAsync(new McpAppSetup { HasSdkFilters = hasSdkFilters, IsStateful = isStateful });
        await using var agent = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync("tickets.read") });

        foreach (var denied in new[] { "desk://denied", "desk://denied/north" })
        {
            Assert.Equal((await ReadAsync(agent, "desk://nothing")).Replace("desk://nothing", denied, StringComparison.Ordinal), await ReadAsync(agent, denied));
        }

        Assert.Contains("tickets.write is needed for the resource 'desk://write'", await ReadAsync(agent, "desk://write"), StringComparison.Ordinal);
        Assert.Contains("tickets.write is needed for the resource 'desk://write/{place}'", await ReadAsync(agent, "desk://write/north"), StringComparison.Ordinal);
        Assert.Empty(service.Ran);
        Assert.Equal("ran desk://unsaid", await ReadAsync(agent, "desk://unsaid"));
        Assert.Equal(["desk://unsaid", "desk://write"], (await agent.ListResourcesAsync(cancellationToken: Cancelled)).Select(resource => resource.Uri).Order(StringComparer.Ordinal));
        Assert.Equal(["desk://write/{place}"], (await agent.ListResourceTemplatesAsync(cancellationToken: Cancelled)).Select(template => template.UriTemplate));

        await using var writer = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync(user: "bob") });
        Assert.Equal("ran desk://write", await ReadAsync(writer, "desk://write"));
        Assert.Equal("ran desk://write/north", await ReadAsync(writer, "desk://write/north"));
    }

    [Fact]
    public async Task G3_who_may_not_read_a_resource_may_not_subscribe_to_it()
    {
        // Sessions are of the protocol's older versions, and so are subscriptions.
        await using var service = await RunningMcp.StartAsync(new McpAppSetup { IsStateful = true });
        await using var agent = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync("tickets.read") });

        Assert.StartsWith("-32002", await SubscribeAsync(agent, "desk://denied/north"), StringComparison.Ordinal);
        Assert.Contains("tickets.write is needed", await SubscribeAsync(agent, "desk://write"), StringComparison.Ordinal);
        Assert.Equal("subscribed", await SubscribeAsync(agent, "desk://unsaid"));
    }

    [Finding("G3", "`completion/complete` for arguments of MCP prompts and templates that refuse the caller", "No values: an error, as for the thing itself")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G3_nothing_is_completed_for_whom_it_refuses(bool isStateful)
    {
        await using var service = await RunningMcp.StartAsync(new McpAppSetup { IsStateful = isStateful });
        await using var agent = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync("tickets.read") });

        Assert.Equal("north, south", await CompleteAsync(agent, new PromptReference { Name = "unsaid_prompt" }));
        Assert.Contains("Unknown prompt: 'denied_prompt'", await CompleteAsync(agent, new PromptReference { Name = "denied_prompt" }), StringComparison.Ordinal);
        Assert.Contains("tickets.write is needed", await CompleteAsync(agent, new PromptReference { Name = "write_prompt" }), StringComparison.Ordinal);
        Assert.Contains("Unknown resource URI", await CompleteAsync(agent, new ResourceTemplateReference { Uri = "desk://denied/{place}" }), StringComparison.Ordinal);
        Assert.Contains("Unknown resource URI", await CompleteAsync(agent, new ResourceTemplateReference { Uri = "desk://denied/x" }), StringComparison.Ordinal);
        Assert.Contains("tickets.write is needed", await CompleteAsync(agent, new ResourceTemplateReference { Uri = "desk://write/{place}" }), StringComparison.Ordinal);

        await using var writer = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync(user: "bob") });
        Assert.Equal("north, south", await CompleteAsync(writer, new ResourceTemplateReference { Uri = "desk://write/{place}" }));
    }

    private static Task<string> GetAsync(McpClient client, string prompt) => RunningMcp.AskAsync(
        () => client.GetPromptAsync(prompt, s_north, cancellationToken: Cancelled),
        result => string.Concat(result.Messages.Select(m => m.Content).OfType<TextContentBlock>().Select(c => c.Text)));

    private static Task<string> ReadAsync(McpClient client, string uri) => RunningMcp.AskAsync(
        () => client.ReadResourceAsync(uri, cancellationToken: Cancelled),
        result => string.Concat(result.Contents.OfType<TextResourceContents>().Select(c => c.Text)));

    private static Task<string> CompleteAsync(McpClient client, Reference reference) => RunningMcp.AskAsync(
        () => client.CompleteAsync(reference, "place", "", cancellationToken: Cancelled),
        result => string.Join(", ", result.Completion.Values));

    private static Task<string> SubscribeAsync(McpClient client, string uri) => RunningMcp.AskAsync(
        async () =>
        {
            await client.SubscribeToResourceAsync(uri, cancellationToken: Cancelled);
            return "subscribed";
        },
        result => result);
}
