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

    /// <summary>
    /// Requires of an agent, beside its scopes, that the user behind it signed in at the provider lately enough, or well enough: RFC 9470. Otherwise:
    /// 401 <c>insufficient_user_authentication</c>, with what would be enough. People are left to the app's own policies.
    /// </summary>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="maxAge">How long ago the sign-in may be at the most, in whole seconds, to which the clock skew is added; null: that does not matter.</param>
    /// <param name="contexts">Values of which <c>acr</c> must be one; null: that does not matter.</param>
    /// <param name="methods">Values that <c>amr</c> must all name, such as <c>mfa</c>; null: that does not matter.</param>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    /// <exception cref="ArgumentException">Nothing is asked for, or a value is malformed.</exception>
    public static TBuilder RequireAgentStepUp<TBuilder>(this TBuilder builder, TimeSpan? maxAge = null, string[]? contexts = null, string[]? methods = null)
        where TBuilder : IEndpointConventionBuilder
    {
        // Less would be cut to 0, which is what does not matter. The attribute knows how long it may be.
        if (maxAge < TimeSpan.FromSeconds(1))
        {
            throw new ArgumentOutOfRangeException(nameof(maxAge), maxAge, "It must be a second to a year.");
        }

        var stepUp = new AgentStepUpAttribute { MaxAge = (int)(maxAge?.TotalSeconds ?? 0), Contexts = contexts ?? [], Methods = methods ?? [] };
        return stepUp.Required.IsEmpty
            ? throw new ArgumentException("Say what the sign-in must be: maxAge, contexts or methods.")
            : builder.WithMetadata(stepUp);
    }

    /// <summary>Says that agents never get in, whatever scopes they hold. People are left to the app's own policies.</summary>
    /// <param name="builder">The endpoint or group.</param>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    public static TBuilder DenyAgents<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new DenyAgentsAttribute());
}
