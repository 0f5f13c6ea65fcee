using Grpc.Core;

namespace Guarded.Grpc;

[AgentScope(AgentScopes.NotesWrite)]
internal sealed class ScopeService(Reached reached) : ClassScope.ClassScopeBase
{
    public override Task<Nothing> Call(Nothing request, ServerCallContext context) => reached.Answer("grpc/class/scope");
}

[UserOrAgentScope(AgentScopes.NotesWrite)]
internal sealed class UserOrAgentService(Reached reached) : ClassUserOrAgent.ClassUserOrAgentBase
{
    public override Task<Nothing> Call(Nothing request, ServerCallContext context) => reached.Answer("grpc/class/user-or-agent");
}

[DenyAgents]
internal sealed class DenyService(Reached reached) : ClassDeny.ClassDenyBase
{
    public override Task<Nothing> Call(Nothing request, ServerCallContext context) => reached.Answer("grpc/class/deny");
}

[UserOrAgentScope(AgentScopes.NotesRead)]
[AgentStepUp(MaxAge = 600)]
internal sealed class StepUpService(Reached reached) : ClassStepUp.ClassStepUpBase
{
    public override Task<Nothing> Call(Nothing request, ServerCallContext context) => reached.Answer("grpc/class/step-up");
}

[UserOrAgentScope(AgentScopes.NotesRead)]
internal sealed class MemberService(Reached reached) : Member.MemberBase
{
    [AgentScope(AgentScopes.NotesWrite)]
    public override Task<Nothing> Scope(Nothing request, ServerCallContext context) => reached.Answer("grpc/member/scope");

    [UserOrAgentScope(AgentScopes.NotesWrite)]
    public override Task<Nothing> UserOrAgent(Nothing request, ServerCallContext context) => reached.Answer("grpc/member/user-or-agent");

    [DenyAgents]
    public override Task<Nothing> Deny(Nothing request, ServerCallContext context) => reached.Answer("grpc/member/deny");

    [AgentStepUp(MaxAge = 600)]
    public override Task<Nothing> StepUp(Nothing request, ServerCallContext context) => reached.Answer("grpc/member/step-up");
}

internal static class ReachedExtensions
{
    public static Task<Nothing> Answer(this Reached reached, string place)
    {
        reached.At(place);
        return Task.FromResult(new Nothing());
    }
}
