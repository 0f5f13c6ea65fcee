namespace AgentAuth;

/// <summary>Where a registration stands. Expiry is not a status: it follows from the clock.</summary>
public enum AgentRegistrationStatus
{
    /// <summary>Nobody has claimed it.</summary>
    Unclaimed,

    /// <summary>It belongs to an account.</summary>
    Claimed,

    /// <summary>Revoked, declined, or its guesses used up.</summary>
    Revoked,
}
