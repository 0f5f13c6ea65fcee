namespace AgentAuth;

/// <summary>How a registration came about. On the wire: <c>anonymous</c>, <c>email-verification</c>, <c>agent-provider</c>.</summary>
public enum AgentRegistrationType
{
    /// <summary>Anonymous start.</summary>
    Anonymous,

    /// <summary>Email first.</summary>
    EmailVerification,

    /// <summary>ID-JAG.</summary>
    AgentProvider,
}
