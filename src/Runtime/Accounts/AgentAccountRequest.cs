namespace AgentAuth;

/// <summary>Who an account is wanted for, and what of it is proved.</summary>
public sealed class AgentAccountRequest
{
    /// <summary>The mail address: ASCII, lower-case. Null when only a phone number was verified.</summary>
    public string? Email { get; init; }

    /// <summary>What is known about <see cref="Email"/>. Of an address that is not proved, keep nothing that its owner would trip over later.</summary>
    public required AgentAccountEmailProof EmailProof { get; init; }

    /// <summary>
    /// True when the account that has the address may be answered. False: by auth.md no address opens an account that exists, whoever proves
    /// it, so make a new one, or refuse.
    /// </summary>
    public required bool MayMatchEmail { get; init; }

    /// <summary>The provider that vouches for the user; null when a person came by the claim ceremony alone.</summary>
    public string? Issuer { get; init; }

    /// <summary>The user at that provider: with <see cref="Issuer"/> this names one person, and an address does not.</summary>
    public string? Subject { get; init; }

    /// <summary>
    /// An id for a new account, for apps that have none of their own. It is always the same for one (issuer, subject), or else for one
    /// registration, so that it also tells whether the account was made by an earlier try.
    /// </summary>
    public required string NewId { get; init; }

    /// <summary>Now, by the clock of the service.</summary>
    public required DateTimeOffset At { get; init; }
}
