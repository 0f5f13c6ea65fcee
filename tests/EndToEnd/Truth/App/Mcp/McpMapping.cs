using System.ComponentModel;
using ModelContextProtocol.Server;

namespace Truth.App.Mcp;

/// <summary>Tools for models.</summary>
[McpServerToolType]
internal sealed class WarehouseTools
{
    [McpServerTool]
    [Description("Counts what is in stock.")]
    public static int CountStock() => 3;
}

/// <summary>Maps the server, more than once.</summary>
internal static class McpMapping
{
    public static void Map(WebApplication app)
    {
        app.MapMcp("/e196/mcp").RequireAgentScope(AgentScopes.StockRead);
        app.MapMcp("/e197/mcp");
        app.MapGroup("/servers").DenyAgents().MapMcp("/e198/mcp");
    }
}
