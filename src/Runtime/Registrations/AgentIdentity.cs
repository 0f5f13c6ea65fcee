namespace AgentAuth;

/// <summary>What an ID-JAG said about who acts; kept with the registration and audited.</summary>
public sealed record AgentIdentity
{
    /// <summary>The user at the provider.</summary>
    public required AgentDelegationKey Delegation { get; init; }

    /// <summary><c>client_id</c>.</summary>
    public required string ClientId { get; init; }

    /// <summary><c>jti</c>.</summary>
    public required string JwtId { get; init; }

    /// <summary><c>agent_platform</c>.</summary>
    public string? AgentPlatform { get; init; }

    /// <summary><c>agent_context_id</c>.</summary>
    public string? AgentContextId { get; init; }

    /// <summary><c>act</c> (RFC 8693 §4.1) as JSON: compact, its members in order.</summary>
    public string? Act { get; init; }
}
