using AgentAuth;

// Where the other endpoint conventions (RequireAuthorization, AllowAnonymous) are found, so that no using is needed.
namespace Microsoft.AspNetCore.Builder;

/// <summary>What an endpoint, or a group of them, says about agents.</summary>
public static class AgentAuthEndpointConventionBuilderExtensions
{
    /// <summary>Requires an agent that holds every named scope. Without a credential: 401 with the challenge; without a scope: 403.</summary>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">Scope-tokens that auth.md declares; at least one. Use the generated constants.</param>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    public static TBuilder RequireAgentScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AgentScopeAttribute(scopes));

    /// <summary>Requires the app's own signed-in user, or an agent that holds every named scope.</summary>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">Scope-tokens that auth.md declares; at least one. Use the generated constants.</param>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    public static TBuilder RequireUserOrAgentScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new UserOrAgentScopeAttribute(scopes));

    /// <summary>Says that agents never get in, whatever scopes they hold. People are left to the app's own policies.</summary>
    /// <param name="builder">The endpoint or group.</param>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    public static TBuilder DenyAgents<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new DenyAgentsAttribute());
}
