namespace AgentAuth;

/// <summary>Names under which the parts are registered with ASP.NET Core.</summary>
public static class AgentAuthDefaults
{
    /// <summary>The authentication scheme of agent credentials.</summary>
    public const string AuthenticationScheme = "AgentAuth";

    /// <summary>
    /// The authorization policy behind <see cref="AgentScopeAttribute"/>: an agent must be signed in. It lets nobody in where the scopes are not asked
    /// for with it.
    /// </summary>
    public const string AgentPolicy = "AgentAuth";

    /// <summary>
    /// The authorization policy behind <see cref="UserOrAgentScopeAttribute"/>: the app's own user or an agent. It lets no agent in where the scopes are
    /// not asked for with it.
    /// </summary>
    public const string UserOrAgentPolicy = "AgentAuth.UserOrAgent";
}
