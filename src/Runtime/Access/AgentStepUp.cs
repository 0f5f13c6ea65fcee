using AgentAuth.Configuration;
using AgentAuth.Trust;
using Microsoft.AspNetCore.Authorization;

namespace AgentAuth.Access;

/// <summary>What an endpoint asks of the sign-in behind an agent.</summary>
/// <param name="Required">All of it is needed.</param>
internal sealed record AgentStepUpRequirement(RequiredAuthentication Required) : IAuthorizationRequirement
{
    /// <summary>As logs of refusals name it.</summary>
    public override string ToString() => $"agent sign-in with {Required}";
}

/// <summary>
/// Decides whether the sign-in behind an agent is enough now. Of people it asks nothing. What asks for nothing is a mistake that stops the start;
/// where it comes later no sign-in is enough.
/// </summary>
internal sealed class AgentStepUpHandler(AgentAuthSettings settings, TimeProvider time) : AuthorizationHandler<AgentStepUpRequirement>
{
    public bool IsMet(RequiredAuthentication required, AuthenticatedAgent agent) =>
        !required.IsEmpty && required.IsMetBy(agent.Authentication ?? AgentUserAuthentication.Unknown, settings.ClockSkew, time.GetUtcNow());

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AgentStepUpRequirement requirement)
    {
        if (context.User.GetAgent() is not { } agent || IsMet(requirement.Required, agent))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
