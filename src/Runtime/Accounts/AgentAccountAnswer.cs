namespace AgentAuth;

/// <summary>
/// What an app answers about an account: <see cref="Matched"/>, <see cref="Made"/>, <see cref="NotHere"/> or <see cref="Refused"/>. There is no
/// other. An account's id is a text of 1 to 1024 characters without control characters, line breaks and marks that turn the direction of
/// writing: operators could not name another, and nothing is issued for it.
/// </summary>
public sealed class AgentAccountAnswer
{
    private AgentAccountAnswer()
    {
    }

    /// <summary>There is no such account.</summary>
    public static AgentAccountAnswer NotHere { get; } = Refused(AgentAccountRefusal.NotHere);

    /// <summary>The account; null when there is none, or it is refused.</summary>
    public string? AccountId { get; private init; }

    /// <summary>Why not; null when there is an account.</summary>
    public AgentAccountRefusal? Refusal { get; private init; }

    /// <summary>The app's sentence for the agent; null: one of ours.</summary>
    public string? Message { get; private init; }

    /// <summary>True of an account that is the identity's own, not one that an address led to.</summary>
    public bool IsMade { get; private init; }

    /// <summary>True when somebody has shown that the address of the account that was found is theirs.</summary>
    public bool EmailIsConfirmed { get; private init; }

    /// <summary>
    /// An account that was there. One whose address nobody has confirmed is not handed to whoever proves the address: somebody else may have
    /// made it, in wait for them. Say what the user table says.
    /// </summary>
    /// <param name="accountId">Its id.</param>
    /// <param name="emailIsConfirmed">Whether its owner has confirmed the address that it has.</param>
    public static AgentAccountAnswer Matched(string accountId, bool emailIsConfirmed) => new() { AccountId = accountId, EmailIsConfirmed = emailIsConfirmed };

    /// <summary>A new account, or the one that an earlier try made for the same identity; never one that was found by its address.</summary>
    /// <param name="accountId">Its id.</param>
    public static AgentAccountAnswer Made(string accountId) => new() { AccountId = accountId, IsMade = true };

    /// <summary>None, for a reason. The agent gets 403 <c>registration_rejected</c> with a sentence.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">
    /// A sentence for the agent instead of ours: what the user can do. At most 300 characters of it are told. It must not say whether an address
    /// is known here, unless <see cref="AgentAccountRequest.EmailProof"/> is <see cref="AgentAccountEmailProof.Owner"/>.
    /// </param>
    public static AgentAccountAnswer Refused(AgentAccountRefusal reason, string? message = null) => new() { Refusal = reason, Message = message };
}
