using AgentAuth.Configuration;

namespace AgentAuth.Claims;

/// <summary>What an agent is called before a person: by the provider's name on our own trust list, never by one that a token brings.</summary>
internal sealed class ClaimNames(AgentAuthSettings settings)
{
    /// <summary>In plain text.</summary>
    public string Of(AgentIdentity? agent) => ProviderOf(agent) is { } provider ? "An AI agent of " + provider : "An AI agent";

    /// <summary>The name of the agent's provider; null when none vouched for it.</summary>
    public string? ProviderOf(AgentIdentity? agent) =>
        agent is null ? null : settings.TrustedProviders.FirstOrDefault(p => p.Issuer == agent.Delegation.Issuer)?.DisplayName ?? agent.Delegation.Issuer;
}
