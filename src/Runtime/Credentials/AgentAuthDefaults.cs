namespace AgentAuth;

/// <summary>Names under which the parts are registered with ASP.NET Core.</summary>
public static class AgentAuthDefaults
{
    /// <summary>The authentication scheme of agent credentials.</summary>
    public const string AuthenticationScheme = "AgentAuth";

    /// <summary>The authorization policy behind <see cref="AgentScopeAttribute"/>: an agent must be signed in.</summary>
    public const string AgentPolicy = "AgentAuth";

    /// <summary>The authorization policy behind <see cref="UserOrAgentScopeAttribute"/>: the app's own user or an agent.</summary>
    public const string UserOrAgentPolicy = "AgentAuth.UserOrAgent";
}
