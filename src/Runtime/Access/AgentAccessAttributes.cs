using Microsoft.AspNetCore.Authorization;

namespace AgentAuth;

/// <summary>
/// Requires an agent that holds every named scope; for controllers, actions, hubs, their methods, pages and whatever else takes attributes. Minimal
/// APIs use <c>RequireAgentScope</c>. On a class and a method together, both apply. Where nothing would read it, such as on the handler of a page, it
/// stops the start.
/// </summary>
/// <param name="scopes">Scope-tokens that auth.md declares; at least one. Use the generated constants.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class AgentScopeAttribute(params string[] scopes) : Attribute, IAuthorizeData, IAuthorizationRequirementData
{
    /// <summary>The scopes.</summary>
    public IReadOnlyList<string> Scopes { get; } = AgentScopeRequirement.Checked(scopes);

    string? IAuthorizeData.Policy { get; set; } = AgentAuthDefaults.AgentPolicy;

    string? IAuthorizeData.Roles { get; set; }

    string? IAuthorizeData.AuthenticationSchemes { get; set; }

    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new AgentScopeRequirement(Scopes, AllowsUsers: false)];
}

/// <summary>
/// Requires the app's own signed-in user, or an agent that holds every named scope. A request that presents an agent credential is judged as
/// an agent, whatever cookies come with it.
/// </summary>
/// <param name="scopes">Scope-tokens that auth.md declares; at least one. Use the generated constants.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class UserOrAgentScopeAttribute(params string[] scopes) : Attribute, IAuthorizeData, IAuthorizationRequirementData
{
    /// <summary>The scopes.</summary>
    public IReadOnlyList<string> Scopes { get; } = AgentScopeRequirement.Checked(scopes);

    string? IAuthorizeData.Policy { get; set; } = AgentAuthDefaults.UserOrAgentPolicy;

    string? IAuthorizeData.Roles { get; set; }

    string? IAuthorizeData.AuthenticationSchemes { get; set; }

    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new AgentScopeRequirement(Scopes, AllowsUsers: true)];
}

/// <summary>
/// Says that agents never get in, whatever scopes they hold. Says nothing about people: that is left to the app's own policies.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class DenyAgentsAttribute : Attribute;
