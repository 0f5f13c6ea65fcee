using System.ComponentModel.DataAnnotations;
using ModelContextProtocol.Server;

namespace Mcp.App;

/// <summary>Resources, and templates of them.</summary>
[McpServerResourceType]
public sealed class DeskResources(Runs runs)
{
    [McpServerResource(UriTemplate = "desk://unsaid")]
    public string Unsaid() => runs.Add("desk://unsaid");

    [McpServerResource(UriTemplate = "desk://write")]
    [AgentScope(AgentScopes.TicketsWrite)]
    public string Write() => runs.Add("desk://write");

    [McpServerResource(UriTemplate = "desk://denied")]
    [DenyAgents]
    public string Denied() => runs.Add("desk://denied");

    [McpServerResource(UriTemplate = "desk://write/{place}")]
    [AgentScope(AgentScopes.TicketsWrite)]
    public string WriteTemplate([AllowedValues("north", "south")] string place) => runs.Add("desk://write/" + place);

    [McpServerResource(UriTemplate = "desk://denied/{place}")]
    [DenyAgents]
    public string DeniedTemplate([AllowedValues("north", "south")] string place) => runs.Add("desk://denied/" + place);
}
