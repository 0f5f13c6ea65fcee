using System.Reflection;
using System.Security.Claims;
using AgentAuth.Trust;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Access;

/// <summary>What a caller gets of a tool, prompt or resource of an MCP server.</summary>
internal enum McpAnswer
{
    /// <summary>It may be used.</summary>
    Allowed,

    /// <summary>It is not there: agents are denied.</summary>
    Unknown,

    /// <summary>The agent lacks a scope.</summary>
    LacksScope,

    /// <summary>The sign-in behind the agent is not enough.</summary>
    LacksSignIn,

    /// <summary>It asks for something of its own and says nothing about agents, so agents are refused.</summary>
    SaysNothing,

    /// <summary>It is for agents, and the caller is none.</summary>
    ForAgents,

    /// <summary>It is for agents and signed-in users, and the caller is neither.</summary>
    ForUsersOrAgents,

    /// <summary>An agent credential came with the request and was refused.</summary>
    CredentialRefused,
}

/// <summary>Who calls an MCP server with one message.</summary>
/// <param name="User">The message's principal. With an agent credential it is the agent's alone, whatever cookies came with it.</param>
/// <param name="Agent">The agent; null for everybody else.</param>
/// <param name="Refusal">Why the agent credential of the request does not count; null where there was none, or a good one.</param>
internal sealed record McpCaller(ClaimsPrincipal? User, AuthenticatedAgent? Agent, string? Refusal);

/// <summary>
/// What the metadata of a tool, prompt or resource says, judged as an endpoint's is. What it leaves unsaid the MCP endpoint has said, at which
/// the request was judged before.
/// </summary>
internal sealed class McpAccess
{
    private readonly IReadOnlyList<object> _metadata;
    private readonly Endpoint _offered;

    public McpAccess(IReadOnlyList<object> metadata)
    {
        _metadata = WithTheTypeThatOffers(metadata);
        _offered = new Endpoint(requestDelegate: null, new EndpointMetadataCollection(_metadata), displayName: null);
    }

    /// <summary>Every scope an agent needs.</summary>
    public IReadOnlyCollection<string> Scopes => EndpointAccess.ScopesOf(_offered);

    /// <summary>All that an agent's user must have done to sign in; null when it does not matter.</summary>
    public RequiredAuthentication? Authentication => EndpointAccess.AuthenticationOf(_offered);

    /// <summary>True when it has <c>[AgentStepUp]</c> that asks for nothing.</summary>
    public bool AsksForNoSignIn => StepUps.Any(stepUp => stepUp.Required.IsEmpty);

    private IEnumerable<AgentStepUpAttribute> StepUps => _metadata.OfType<AgentStepUpAttribute>();

    // What the authorization middleware would make a policy of. [AgentStepUp] adds to what the endpoint asks for and is none by itself.
    private bool HasPolicyOfItsOwn =>
        _metadata.Any(m => m is IAuthorizeData or AuthorizationPolicy || (m is IAuthorizationRequirementData and not AgentStepUpAttribute));

    public McpAnswer AnswerTo(McpCaller caller, AgentStepUpHandler stepUp) => EndpointAccess.Of(_offered) switch
    {
        AgentAccess.Open => McpAnswer.Allowed,
        _ when caller.Refusal is not null => HasPolicyOfItsOwn || IsAbout<DenyAgentsAttribute>() || StepUps.Any() ? McpAnswer.CredentialRefused : McpAnswer.Allowed,
        var access when caller.Agent is { } agent => AnswerToAgent(access, agent, stepUp),
        _ => AnswerToOthers(caller),
    };

    private McpAnswer AnswerToAgent(AgentAccess access, AuthenticatedAgent agent, AgentStepUpHandler stepUp)
    {
        if (access == AgentAccess.Denied)
        {
            return McpAnswer.Unknown;
        }

        if (access == AgentAccess.Scoped ? !Scopes.All(agent.Has) : HasPolicyOfItsOwn)
        {
            return access == AgentAccess.Scoped ? McpAnswer.LacksScope : McpAnswer.SaysNothing;
        }

        return StepUps.All(asked => stepUp.IsMet(asked.Required, agent)) ? McpAnswer.Allowed : McpAnswer.LacksSignIn;
    }

    // The app's own policies are left to the SDK's filters, which judge people as they always did.
    private McpAnswer AnswerToOthers(McpCaller caller)
    {
        if (IsAbout<AgentScopeAttribute>())
        {
            return McpAnswer.ForAgents;
        }

        return IsAbout<UserOrAgentScopeAttribute>() && caller.User?.Identities.Any(i => i.IsAuthenticated) != true
            ? McpAnswer.ForUsersOrAgents
            : McpAnswer.Allowed;
    }

    private bool IsAbout<T>() => _metadata.Any(m => m is T);

    // The SDK reads the attributes of the type that declares a method. Where a class offers what its base class declares, its own are read here.
    private static IReadOnlyList<object> WithTheTypeThatOffers(IReadOnlyList<object> metadata) =>
        metadata.OfType<MethodInfo>().FirstOrDefault() is { ReflectedType: { } type } method && type != method.DeclaringType
            ? [.. metadata, .. type.GetCustomAttributes(inherit: true)]
            : metadata;
}
