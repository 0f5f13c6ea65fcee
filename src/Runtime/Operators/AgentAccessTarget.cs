using AgentAuth.Text;

namespace AgentAuth;

/// <summary>Whose access ends. Made by the methods here, so that nobody says "everything" by leaving something out.</summary>
public sealed class AgentAccessTarget
{
    private AgentAccessTarget()
    {
    }

    /// <summary>Everything there is.</summary>
    public static AgentAccessTarget Everything { get; } = new();

    /// <summary>The one registration; null: not only one.</summary>
    public string? RegistrationId { get; private init; }

    /// <summary>Only what belongs to this account; null: whosesoever it is.</summary>
    public string? AccountId { get; private init; }

    /// <summary>Only what this provider vouched for; null: whoever did, or nobody.</summary>
    public string? Issuer { get; private init; }

    /// <summary>Only these agents, in the form in which <c>act</c> is kept; null: all.</summary>
    public AgentIdentityFilter? Agent { get; private init; }

    /// <summary>One registration, whosesoever it is.</summary>
    /// <param name="id"><c>reg_…</c></param>
    /// <exception cref="ArgumentException">It is empty, too long or has control characters, line breaks or marks that turn the direction of writing.</exception>
    public static AgentAccessTarget Registration(string id) => new() { RegistrationId = PlainText.Identifier(id, "registration_id") };

    /// <summary>
    /// One registration, if it belongs to an account: for a page where users end the access of their own agents. It gives the signed-in user's
    /// account, and needs no check of its own.
    /// </summary>
    /// <param name="accountId">The account. A user who has none has no agents either: null is refused.</param>
    /// <param name="id"><c>reg_…</c></param>
    /// <exception cref="ArgumentException">One is null, empty, too long or has control characters, line breaks or marks that turn the direction of writing.</exception>
    public static AgentAccessTarget RegistrationOf(string accountId, string id) =>
        new() { RegistrationId = PlainText.Identifier(id, "registration_id"), AccountId = PlainText.Identifier(accountId, "account_id") };

    /// <summary>All agents that a filter picks, whomever they act for.</summary>
    /// <param name="filter">At least one member must be given.</param>
    /// <exception cref="ArgumentException">
    /// No member is given, one is empty, too long or has control characters, line breaks or marks that turn the direction of writing,
    /// or <see cref="AgentIdentityFilter.Act"/> is no such JSON.
    /// </exception>
    public static AgentAccessTarget Agents(AgentIdentityFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return filter.IsEmpty
            ? throw new ArgumentException("Name at least one of client_id, agent_platform, agent_context_id and act.", nameof(filter))
            : new AgentAccessTarget { Agent = filter.Canonical() };
    }

    /// <summary>All agents that act for an account.</summary>
    /// <param name="id">The account.</param>
    /// <exception cref="ArgumentException">It is empty, too long or has control characters, line breaks or marks that turn the direction of writing.</exception>
    public static AgentAccessTarget Account(string id) => new() { AccountId = PlainText.Identifier(id, "account_id") };

    /// <summary>All agents that a provider vouched for.</summary>
    /// <param name="issuer">The provider's issuer identifier, byte for byte.</param>
    /// <exception cref="ArgumentException">It is empty, too long or has control characters, line breaks or marks that turn the direction of writing.</exception>
    public static AgentAccessTarget Provider(string issuer) => new() { Issuer = PlainText.Identifier(issuer, "issuer") };
}
