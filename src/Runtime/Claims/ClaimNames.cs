using AgentAuth.Hosting;
using AgentAuth.Storage;

namespace AgentAuth.Claims;

/// <summary>What an agent is called before a person: by the provider's name on our own trust list, never by one that a token brings.</summary>
internal sealed class ClaimNames(AgentAuthSettings settings)
{
    public string Of(AgentIdentity? agent) =>
        agent is null
            ? "An AI agent"
            : "An AI agent of " + (settings.TrustedProviders.FirstOrDefault(p => p.Issuer == agent.Delegation.Issuer)?.DisplayName ?? agent.Delegation.Issuer);
}
