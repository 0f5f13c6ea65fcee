using AgentAuth.AuthMd;

namespace AgentAuth.CodeFixes;

/// <summary>What an endpoint may be made to say about agents.</summary>
/// <param name="Title">For a menu.</param>
/// <param name="Method">The call for an endpoint that is mapped by one.</param>
/// <param name="Attribute">The full name of the attribute for one that is declared.</param>
/// <param name="Member">The constant of the scope; null when there is none to give.</param>
internal sealed record EndpointChoice(string Title, string Method, string Attribute, string? Member = null)
{
    public static EndpointChoice Anonymous { get; } = new("Allow everybody: AllowAnonymous", "AllowAnonymous", "Microsoft.AspNetCore.Authorization.AllowAnonymousAttribute");

    public static EndpointChoice Deny { get; } = new("Never agents: DenyAgents", "DenyAgents", "AgentAuth.DenyAgentsAttribute");

    /// <summary>What tells this choice from the others, for all endpoints at once.</summary>
    public string Key => $"{AuthMdRules.UnannotatedEndpoint}.{Method}.{Member}";

    public static EndpointChoice Scope(string member) => new($"Require AgentScopes.{member}", "RequireAgentScope", "AgentAuth.AgentScopeAttribute", member);

    public static EndpointChoice UserOrScope(string member) =>
        new($"Require a signed-in user or AgentScopes.{member}", "RequireUserOrAgentScope", "AgentAuth.UserOrAgentScopeAttribute", member);
}
