using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol.Server;

namespace Mcp.App;

/// <summary>A tool for each thing that can be said on a method.</summary>
[McpServerToolType]
public sealed class Tools(Runs runs)
{
    [McpServerTool(Name = "unsaid")]
    public string Unsaid() => runs.Add("unsaid");

    [McpServerTool(Name = "read")]
    [AgentScope(AgentScopes.TicketsRead)]
    public string Read() => runs.Add("read");

    [McpServerTool(Name = "write")]
    [AgentScope(AgentScopes.TicketsWrite)]
    public string Write() => runs.Add("write");

    [McpServerTool(Name = "denied")]
    [DenyAgents]
    public string Denied() => runs.Add("denied");

    [McpServerTool(Name = "denied_for_staff")]
    [DenyAgents]
    [Authorize(Roles = "staff")]
    public string DeniedForStaff() => runs.Add("denied_for_staff");

    [McpServerTool(Name = "shared")]
    [UserOrAgentScope(AgentScopes.TicketsWrite)]
    public string Shared() => runs.Add("shared");

    [McpServerTool(Name = "fresh")]
    [AgentScope(AgentScopes.TicketsWrite)]
    [AgentStepUp(MaxAge = 600)]
    public string Fresh() => runs.Add("fresh");

    [McpServerTool(Name = "only_fresh")]
    [AgentStepUp(MaxAge = 600)]
    public string OnlyFresh() => runs.Add("only_fresh");

    [McpServerTool(Name = "people")]
    [Authorize]
    public string People() => runs.Add("people");

#pragma warning disable AUTHMD2007 // A contradiction on purpose: what the test shows is which of the two counts.
    [McpServerTool(Name = "everybody")]
    [AgentScope(AgentScopes.TicketsWrite)]
    [AllowAnonymous]
    public string Everybody() => runs.Add("everybody");
#pragma warning restore AUTHMD2007

    [McpServerTool(Name = "who")]
    [AgentScope(AgentScopes.TicketsRead)]
    public string Who(ClaimsPrincipal user)
    {
        runs.Add("who");
        return $"{user.GetAgent()?.RegistrationId}, {user.Identities.Count()} identity, staff: {user.IsInRole("staff")}";
    }
}

/// <summary>Says on the class what holds for all of its tools, and on one of them more.</summary>
[McpServerToolType]
[AgentScope(AgentScopes.TicketsWrite)]
public sealed class WritingTools(Runs runs)
{
    [McpServerTool(Name = "class_write")]
    public string Write() => runs.Add("class_write");

    [McpServerTool(Name = "class_denied")]
    [DenyAgents]
    public string Denied() => runs.Add("class_denied");

    [McpServerTool(Name = "class_open")]
    [AllowAnonymous]
    public string Open() => runs.Add("class_open");
}

/// <summary>Says nothing about its tool.</summary>
public abstract class BaseTools(Runs runs)
{
    [McpServerTool(Name = "inherited")]
    public string Inherited() => runs.Add("inherited");
}

/// <summary>Says something about a tool of its base class.</summary>
[McpServerToolType]
[DenyAgents]
public sealed class DerivedTools(Runs runs) : BaseTools(runs);
