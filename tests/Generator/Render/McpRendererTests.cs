namespace AgentAuth.Generator.Render;

/// <summary>What is generated for MCP servers; tests/EndToEnd/Mcp runs it.</summary>
public sealed class McpRendererTests
{
    [Theory]
    [InlineData("true")]
    [InlineData("True")]
    public void G3_where_the_build_sees_the_MCP_SDK_AddAgentAuth_adds_the_guard(string mcpServers)
    {
        var code = GeneratorHarness.Assemble(mcpServers: mcpServers).Sources["AddAgentAuth.g.cs"];

        Assert.Contains("AgentAuthMcpServers.Add(services);", code, StringComparison.Ordinal);
        Assert.Contains("global::Microsoft.Extensions.DependencyInjection.HttpMcpServerBuilderExtensions.AddAuthorizationFilters(", code, StringComparison.Ordinal);
        Assert.DoesNotContain("{Server}", code, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("false")]
    public void G3_where_it_does_not_no_type_of_the_SDK_is_named(string? mcpServers)
    {
        var code = GeneratorHarness.Assemble(mcpServers: mcpServers).Sources["AddAgentAuth.g.cs"];

        Assert.DoesNotContain("Mcp", code, StringComparison.Ordinal);
        Assert.DoesNotContain("ModelContextProtocol", code, StringComparison.Ordinal);
    }

    [Fact]
    public void G3_types_of_the_projects_own_do_not_get_in_between()
    {
        const string program = GeneratorHarness.Program +
            """

            internal sealed class Tool;
            internal sealed class McpServerOptions;
            internal sealed class RequestContext<T>;
            internal sealed class AgentAuthMcpServers;
            namespace Sample
            {
                internal sealed class AgentAuthMcp;
                internal sealed class McpErrorCode;
            }
            """;

        GeneratorHarness.Assemble(program: program, mcpServers: "true");
    }

    [Fact]
    public void G3_a_reference_that_is_added_emits_anew_and_parses_nothing()
    {
        var harness = new GeneratorHarness();
        harness.Run();

        harness.SetMcpServers("true");
        var (executed, result) = harness.Run();

        Assert.Equal([TrackingNames.Emit], executed);
        Assert.Contains(result.GeneratedSources, source => source.SourceText.ToString().Contains("AgentAuthMcpServers.Add(services);", StringComparison.Ordinal));
    }
}
