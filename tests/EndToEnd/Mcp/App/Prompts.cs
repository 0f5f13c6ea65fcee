using System.ComponentModel.DataAnnotations;
using ModelContextProtocol.Server;

namespace Mcp.App;

/// <summary>Prompts, with arguments that can be completed.</summary>
[McpServerPromptType]
public sealed class Prompts(Runs runs)
{
    [McpServerPrompt(Name = "unsaid_prompt")]
    public string Unsaid([AllowedValues("north", "south")] string place) => runs.Add("unsaid_prompt " + place);

    [McpServerPrompt(Name = "write_prompt")]
    [AgentScope(AgentScopes.TicketsWrite)]
    public string Write([AllowedValues("north", "south")] string place) => runs.Add("write_prompt " + place);

    [McpServerPrompt(Name = "denied_prompt")]
    [DenyAgents]
    public string Denied([AllowedValues("north", "south")] string place) => runs.Add("denied_prompt " + place);
}
