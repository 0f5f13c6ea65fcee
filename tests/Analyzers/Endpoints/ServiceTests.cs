namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Methods of gRPC services and MCP tools, which may contradict their class.</summary>
public sealed class ServiceTests
{
    private const string Packages =
        """

        namespace Microsoft.AspNetCore.Builder { static class GrpcEndpointRouteBuilderExtensions { public static IEndpointConventionBuilder MapGrpcService<T>(this IEndpointRouteBuilder builder) => null!; } }
        class ServerCallContext; abstract class ShelvesBase { public virtual string List(string request, ServerCallContext context) => ""; }
        class McpServerToolTypeAttribute : System.Attribute; class McpServerToolAttribute : System.Attribute;
        """;

    [Theory]
    [InlineData("[McpServerToolType, DenyAgents] class Tools { [McpServerTool, AgentScope(AgentScopes.TicketsRead)] public void [!Count!]() { } [McpServerTool] public void Add() { } }")]
    [InlineData("[McpServerToolType, AgentScope(AgentScopes.TicketsRead)] class Tools { [McpServerTool, DenyAgents] public void Count() { } [McpServerTool, AgentScope(AgentScopes.TicketsWrite)] public void Add() { } }")]
    [InlineData("[McpServerToolType] class Tools { [McpServerTool, DenyAgents, AgentScope(AgentScopes.TicketsRead)] public void [!Count!]() { } }")]
    public Task A_tool_contradicts_its_class_or_itself(string types) => Marked.AppAsync("app.Run();\n" + types + Packages);
}
