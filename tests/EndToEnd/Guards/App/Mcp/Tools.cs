using ModelContextProtocol.Server;

namespace Guarded.Mcp;

[AgentScope(AgentScopes.NotesWrite)]
[McpServerToolType]
internal sealed class ScopeTools(Reached reached)
{
    [McpServerTool(Name = "class-scope")]
    public string Call() => reached.At("mcp/class/scope");
}

[UserOrAgentScope(AgentScopes.NotesWrite)]
[McpServerToolType]
internal sealed class UserOrAgentTools(Reached reached)
{
    [McpServerTool(Name = "class-user-or-agent")]
    public string Call() => reached.At("mcp/class/user-or-agent");
}

[DenyAgents]
[McpServerToolType]
internal sealed class DenyTools(Reached reached)
{
    [McpServerTool(Name = "class-deny")]
    public string Call() => reached.At("mcp/class/deny");
}

[UserOrAgentScope(AgentScopes.NotesRead)]
[AgentStepUp(MaxAge = 600)]
[McpServerToolType]
internal sealed class StepUpTools(Reached reached)
{
    [McpServerTool(Name = "class-step-up")]
    public string Call() => reached.At("mcp/class/step-up");
}

[UserOrAgentScope(AgentScopes.NotesRead)]
[McpServerToolType]
internal sealed class MemberTools(Reached reached)
{
    [AgentScope(AgentScopes.NotesWrite)]
    [McpServerTool(Name = "member-scope")]
    public string Scope() => reached.At("mcp/member/scope");

    [UserOrAgentScope(AgentScopes.NotesWrite)]
    [McpServerTool(Name = "member-user-or-agent")]
    public string UserOrAgent() => reached.At("mcp/member/user-or-agent");

    [DenyAgents]
    [McpServerTool(Name = "member-deny")]
    public string Deny() => reached.At("mcp/member/deny");

    [AgentStepUp(MaxAge = 600)]
    [McpServerTool(Name = "member-step-up")]
    public string StepUp() => reached.At("mcp/member/step-up");
}
