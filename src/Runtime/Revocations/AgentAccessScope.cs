namespace AgentAuth;

/// <summary>Whose access ends. Made by the methods here, so that nobody says "everything" by leaving something out.</summary>
public sealed class AgentAccessScope
{
    private AgentAccessScope()
    {
    }

    /// <summary>Everything there is.</summary>
    public static AgentAccessScope Everything { get; } = new();

    /// <summary>The one registration; null: not only one.</summary>
    public string? RegistrationId { get; private init; }

    /// <summary>Only what belongs to this account; null: whosesoever it is.</summary>
    public string? AccountId { get; private init; }

    /// <summary>Only what this provider vouched for; null: whoever did, or nobody.</summary>
    public string? Issuer { get; private init; }

    /// <summary>Only these agents, in the form in which <c>act</c> is kept; null: all.</summary>
    public AgentFilter? Agent { get; private init; }

    /// <summary>One registration.</summary>
    /// <param name="id"><c>reg_…</c></param>
    /// <param name="accountId">
    /// Only when it belongs to this account; null: whosesoever it is. A page where users end the access of their own agents gives the signed-in
    /// user's account, and needs no check of its own.
    /// </param>
    public static AgentAccessScope Registration(string id, string? accountId = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new AgentAccessScope { RegistrationId = id, AccountId = accountId };
    }

    /// <summary>All agents that a filter picks, whomever they act for.</summary>
    /// <param name="filter">At least one member must be given.</param>
    /// <exception cref="ArgumentException">No member is given, one is empty, or <see cref="AgentFilter.Act"/> is no such JSON.</exception>
    public static AgentAccessScope Agents(AgentFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return filter.IsEmpty
            ? throw new ArgumentException("Name at least one of client_id, agent_platform, agent_context_id and act.", nameof(filter))
            : new AgentAccessScope { Agent = filter.Canonical() };
    }

    /// <summary>All agents that act for an account.</summary>
    /// <param name="id">The account.</param>
    public static AgentAccessScope Account(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new AgentAccessScope { AccountId = id };
    }

    /// <summary>All agents that a provider vouched for.</summary>
    /// <param name="issuer">The provider's issuer identifier, byte for byte.</param>
    public static AgentAccessScope Provider(string issuer)
    {
        ArgumentException.ThrowIfNullOrEmpty(issuer);
        return new AgentAccessScope { Issuer = issuer };
    }
}
