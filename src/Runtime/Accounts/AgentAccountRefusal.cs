namespace AgentAuth;

/// <summary>Why an app gives no account.</summary>
public enum AgentAccountRefusal
{
    /// <summary>There is none.</summary>
    NotHere,

    /// <summary>There is one with that address, and nobody has confirmed that the address is theirs.</summary>
    UnconfirmedEmail,

    /// <summary>A new one cannot be made, for another account has the address, or the name that it would give.</summary>
    EmailTaken,

    /// <summary>It is disabled, locked or suspended.</summary>
    Disabled,

    /// <summary>For a reason of the app's own.</summary>
    Other,
}
