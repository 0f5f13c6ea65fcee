using global::Mcp.App;

namespace AgentAuth.EndToEnd.Mcp;

/// <summary>What is said on a tool holds, whoever calls it and however the app is put together.</summary>
public sealed class McpToolTests
{
    private static readonly string[] s_writes = ["write", "class_write", "shared", "fresh"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Every way of putting the app together that must make no difference.</summary>
    public static TheoryData<bool, bool, bool> Setups => new()
    {
        { false, false, false },
        { true, false, false },
        { false, true, false },
        { true, true, false },
        { false, false, true },
        { true, true, true },
    };

    [Finding("G3", "`[DenyAgents]` on an MCP tool, on its class, or on a class that inherits it, called by an agent that holds every scope", "The tool does not run, is not listed, and is answered as a tool that does not exist")]
    [Theory]
    [MemberData(nameof(Setups))]
    public async Task G3_a_tool_that_denies_agents_does_not_run_and_is_not_there_for_them(bool mcpFirst, bool hasSdkFilters, bool isStateful)
    {
        await using var service = await RunningMcp.StartAsync(new McpAppSetup { McpFirst = mcpFirst, HasSdkFilters = hasSdkFilters, IsStateful = isStateful });
        await using var agent = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync() });

        var unknown = await RunningMcp.CallAsync(agent, "nothing");
        foreach (var tool in new[] { "denied", "denied_for_staff", "class_denied", "inherited" })
        {
            Assert.Equal(unknown.Replace("nothing", tool, StringComparison.Ordinal), await RunningMcp.CallAsync(agent, tool));
        }

        Assert.Empty(service.Ran);
        Assert.DoesNotContain(await agent.ListToolsAsync(cancellationToken: Cancelled), tool => tool.Name.Contains("denied", StringComparison.Ordinal) || tool.Name == "inherited");
    }

    [Finding("G3", "`[AgentScope]` on an MCP tool or its class, called with a credential that lacks the scope, without `AddAuthorizationFilters()`", "The tool does not run; the error names the scope. `tools/list` works, and lists it so that the agent can ask for more")]
    [Theory]
    [MemberData(nameof(Setups))]
    public async Task G3_a_tool_is_refused_without_its_scope_and_stays_listed(bool mcpFirst, bool hasSdkFilters, bool isStateful)
    {
        await using var service = await RunningMcp.StartAsync(new McpAppSetup { McpFirst = mcpFirst, HasSdkFilters = hasSdkFilters, IsStateful = isStateful });
        await using var reader = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync("tickets.read") });
        foreach (var tool in s_writes)
        {
            Assert.Equal(
                $"403: The credential lacks a scope: tickets.write is needed for the tool '{tool}'. An unclaimed registration gains scopes when its user claims it.",
                await RunningMcp.CallAsync(reader, tool));
        }

        Assert.Empty(service.Ran);
        Assert.Equal("ran read", await RunningMcp.CallAsync(reader, "read"));
        Assert.Equal("ran unsaid", await RunningMcp.CallAsync(reader, "unsaid"));
        var listed = (await reader.ListToolsAsync(cancellationToken: Cancelled)).Select(tool => tool.Name).ToArray();
        Assert.Equal(
            ["class_open", "class_write", "everybody", "fresh", "only_fresh", "read", "shared", "unsaid", "who", "write"],
            listed.Order(StringComparer.Ordinal));

        await using var writer = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync(user: "bob") });
        Assert.Equal("ran write", await RunningMcp.CallAsync(writer, "write"));
        Assert.Equal("ran class_write", await RunningMcp.CallAsync(writer, "class_write"));
        Assert.Equal("ran shared", await RunningMcp.CallAsync(writer, "shared"));
    }

    [Finding("G3", "`[AgentStepUp(MaxAge = 600)]` on an MCP tool, alone or beside `[AgentScope]`, with a sign-in that is too old or unknown", "The tool does not run; the error says what sign-in would be enough")]
    [Fact]
    public async Task G3_a_tool_that_wants_a_fresh_sign_in_is_refused_without_one()
    {
        await using var service = await RunningMcp.StartAsync();
        await using var unknown = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync() });
        await using var old = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync(signedInAt: DateTimeOffset.UtcNow.AddHours(-2)) });
        foreach (var client in new[] { unknown, old })
        {
            foreach (var tool in new[] { "fresh", "only_fresh" })
            {
                Assert.Equal(
                    $"401: The sign-in behind the credential is not enough for the tool '{tool}'. Have the user sign in again at the provider, then register with an ID-JAG that has `auth_time` at most 600 seconds ago. The credential is good elsewhere.",
                    await RunningMcp.CallAsync(client, tool));
            }

            Assert.Contains(await client.ListToolsAsync(cancellationToken: Cancelled), tool => tool.Name == "fresh");
        }

        Assert.Empty(service.Ran);
        await using var fresh = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync(signedInAt: DateTimeOffset.UtcNow) });
        Assert.Equal("ran fresh", await RunningMcp.CallAsync(fresh, "fresh"));
        Assert.Equal("ran only_fresh", await RunningMcp.CallAsync(fresh, "only_fresh"));
    }

    [Finding("G3", "`[Authorize]` on an MCP tool and nothing about agents, called by an agent", "The tool does not run and is not listed; the error says that it is not open to agents")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G3_a_tool_with_a_policy_of_the_apps_own_that_says_nothing_about_agents_refuses_them(bool hasSdkFilters)
    {
        await using var service = await RunningMcp.StartAsync(new McpAppSetup { HasSdkFilters = hasSdkFilters });
        await using var agent = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync() });

        Assert.Equal("-32600: Request failed (remote): The tool 'people' is not open to agents, whatever scopes they hold.", await RunningMcp.CallAsync(agent, "people"));
        Assert.Empty(service.Ran);
        Assert.DoesNotContain(await agent.ListToolsAsync(cancellationToken: Cancelled), tool => tool.Name == "people");
    }

    [Fact]
    public async Task G3_AllowAnonymous_on_a_tool_leaves_it_to_the_endpoint()
    {
        await using var service = await RunningMcp.StartAsync();
        await using var reader = await service.ConnectAsync("/agents", new Caller { Key = await service.KeyAsync("tickets.read") });

        Assert.Equal("ran everybody", await RunningMcp.CallAsync(reader, "everybody"));
        Assert.Equal("ran class_open", await RunningMcp.CallAsync(reader, "class_open"));
    }

    [Finding("G3", "A signed-in person at an MCP endpoint for users and agents calls tools with `[AgentScope]`, `[UserOrAgentScope]`, `[DenyAgents]`", "Refused, let in, and let in as far as the app's own `[Authorize]` does")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G3_a_person_is_judged_by_what_a_tool_says_about_people(bool isStateful)
    {
        await using var service = await RunningMcp.StartAsync(new McpAppSetup { IsStateful = isStateful });
        await using var person = await service.ConnectAsync("/desk", new Caller { Person = "guest" });
        var refused = "-32600: Request failed (remote): The tool 'write' is for agents with the scope tickets.write. " + service.Url + "/auth.md says how an agent registers for a credential.";

        Assert.Equal(refused, await RunningMcp.CallAsync(person, "write"));
        Assert.StartsWith("-32600", await RunningMcp.CallAsync(person, "class_denied"), StringComparison.Ordinal);
        Assert.Equal("-32600: Request failed (remote): Access forbidden: This tool requires authorization.", await RunningMcp.CallAsync(person, "denied_for_staff"));
        Assert.Empty(service.Ran);
        Assert.Equal("ran shared", await RunningMcp.CallAsync(person, "shared"));
        Assert.Equal("ran denied", await RunningMcp.CallAsync(person, "denied"));
        Assert.Equal("ran inherited", await RunningMcp.CallAsync(person, "inherited"));
        Assert.Equal("ran people", await RunningMcp.CallAsync(person, "people"));
        Assert.Equal("ran unsaid", await RunningMcp.CallAsync(person, "unsaid"));
        Assert.Equal("ran only_fresh", await RunningMcp.CallAsync(person, "only_fresh"));
        Assert.Equal(
            ["class_open", "denied", "everybody", "inherited", "only_fresh", "people", "shared", "unsaid"],
            (await person.ListToolsAsync(cancellationToken: Cancelled)).Select(tool => tool.Name).Order(StringComparer.Ordinal));

        await using var staff = await service.ConnectAsync("/desk", new Caller { Person = "staff" });
        Assert.Equal("ran denied_for_staff", await RunningMcp.CallAsync(staff, "denied_for_staff"));
    }

    [Finding("G3", "A person's cookie and an agent's key in one MCP request", "The agent alone: its scopes, and none of the person's roles")]
    [Theory]
    [InlineData("/desk")]
    [InlineData("/open")]
    public async Task G3_an_agent_that_brings_a_persons_cookie_is_the_agent_alone(string path)
    {
        await using var service = await RunningMcp.StartAsync();
        await using var both = await service.ConnectAsync(path, new Caller { Key = await service.KeyAsync("tickets.read"), Person = "staff" });

        Assert.Matches("^reg_[^,]+, 1 identity, staff: False$", await RunningMcp.CallAsync(both, "who"));
        Assert.Contains("lacks a scope", await RunningMcp.CallAsync(both, "shared"), StringComparison.Ordinal);
        Assert.StartsWith("-32602", await RunningMcp.CallAsync(both, "denied_for_staff"), StringComparison.Ordinal);
        Assert.Equal(["who"], service.Ran);
    }

    [Finding("G3", "An MCP endpoint with `AllowAnonymous`, and attributes on its tools", "They hold: for an agent that presents a key, for one with a bad key, and for who presents nothing")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G3_at_an_open_endpoint_tools_still_say_who_may_use_them(bool isStateful)
    {
        await using var service = await RunningMcp.StartAsync(new McpAppSetup { IsStateful = isStateful });
        await using var nobody = await service.ConnectAsync("/open", new Caller());
        Assert.Equal($"-32600: Request failed (remote): The tool 'write' is for agents with the scope tickets.write. {service.Url}/auth.md says how an agent registers for a credential.", await RunningMcp.CallAsync(nobody, "write"));
        Assert.Equal($"-32600: Request failed (remote): The tool 'shared' is for signed-in users, and for agents with the scope tickets.write. {service.Url}/auth.md says how an agent registers for a credential.", await RunningMcp.CallAsync(nobody, "shared"));
        Assert.Equal("ran unsaid", await RunningMcp.CallAsync(nobody, "unsaid"));
        Assert.Equal("ran denied", await RunningMcp.CallAsync(nobody, "denied"));

        await using var agent = await service.ConnectAsync("/open", new Caller { Key = await service.KeyAsync("tickets.read") });
        Assert.Equal("ran read", await RunningMcp.CallAsync(agent, "read"));
        Assert.Contains("lacks a scope", await RunningMcp.CallAsync(agent, "write"), StringComparison.Ordinal);
        Assert.StartsWith("-32602", await RunningMcp.CallAsync(agent, "denied"), StringComparison.Ordinal);
        Assert.DoesNotContain(await agent.ListToolsAsync(cancellationToken: Cancelled), tool => tool.Name == "denied");

        await using var dead = await service.ConnectAsync("/open", new Caller { Key = "agk_" + new string('0', 36) });
        Assert.StartsWith("-32600: Request failed (remote): The agent credential of this request is refused: ", await RunningMcp.CallAsync(dead, "read"), StringComparison.Ordinal);
        Assert.StartsWith("-32600: Request failed (remote): The agent credential of this request is refused: ", await RunningMcp.CallAsync(dead, "denied"), StringComparison.Ordinal);
        Assert.Equal(["unsaid", "denied", "read"], service.Ran);
    }
}
