using Microsoft.AspNetCore.SignalR;

namespace Guarded.Hubs;

[AgentScope(AgentScopes.NotesWrite)]
internal sealed class ScopeHub(Reached reached) : Hub
{
    public string Call() => reached.At("hub/class/scope");
}

[UserOrAgentScope(AgentScopes.NotesWrite)]
internal sealed class UserOrAgentHub(Reached reached) : Hub
{
    public string Call() => reached.At("hub/class/user-or-agent");
}

[DenyAgents]
internal sealed class DenyHub(Reached reached) : Hub
{
    public string Call() => reached.At("hub/class/deny");
}

[UserOrAgentScope(AgentScopes.NotesRead)]
[AgentStepUp(MaxAge = 600)]
internal sealed class StepUpHub(Reached reached) : Hub
{
    public string Call() => reached.At("hub/class/step-up");
}

[UserOrAgentScope(AgentScopes.NotesRead)]
internal sealed class MemberHub(Reached reached) : Hub
{
    [AgentScope(AgentScopes.NotesWrite)]
    public string Scope() => reached.At("hub/member/scope");

    [UserOrAgentScope(AgentScopes.NotesWrite)]
    public string UserOrAgent() => reached.At("hub/member/user-or-agent");

    [DenyAgents]
    public string Deny() => reached.At("hub/member/deny");

    [AgentStepUp(MaxAge = 600)]
    public string StepUp() => reached.At("hub/member/step-up");
}
