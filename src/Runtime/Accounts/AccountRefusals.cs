using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Text;

namespace AgentAuth.Accounts;

/// <summary>
/// What an agent is told where it gets no account. A refusal that is about an address says so only to whoever has shown that it is theirs.
/// </summary>
internal static class AccountRefusals
{
    /// <summary>The longest sentence of an app's that is told.</summary>
    public const int MaxMessageLength = 300;

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    /// <summary>The app could not answer.</summary>
    public static Refusal Unavailable { get; } = new(
        RefusalReason.TemporarilyUnavailable, "The service cannot reach its accounts. Nothing was issued or changed; try the same again shortly.", s_retry);

    /// <summary>The refusal of an app, as it is told.</summary>
    /// <param name="answer">The app's answer.</param>
    /// <param name="request">What was asked, and so what is proved.</param>
    /// <param name="isTheirs">True when the account is known to be the identity's own.</param>
    public static Refusal Of(AgentAccountAnswer answer, AgentAccountRequest request, bool isTheirs = false)
    {
        var isOwner = request.EmailProof == AgentAccountEmailProof.Owner;
        var isAboutAddress = answer.Refusal is AgentAccountRefusal.UnconfirmedEmail or AgentAccountRefusal.EmailTaken;
        if (isAboutAddress && !isOwner && !isTheirs)
        {
            return Rejected("The service gives this identity no account. The user must sign up first, or ask the service.");
        }

        return answer.Message is { } written && PlainText.Cleaned(written, MaxMessageLength).Trim() is { Length: > 0 } sentence
            ? Rejected(sentence)
            : Rejected(answer.Refusal switch
            {
                AgentAccountRefusal.NotHere when !isOwner => "No account here matches this identity, and the service makes none for agents. The user must sign up first.",
                AgentAccountRefusal.NotHere when request.MayMatchEmail =>
                    "No account here has this address, and the service makes none for agents. The user must sign up first.",
                AgentAccountRefusal.NotHere => "The service finds no account by its address, and makes none for agents. Pick another method from its auth.md.",
                AgentAccountRefusal.UnconfirmedEmail =>
                    "An account here has this address, but nobody has confirmed that the address is theirs. The user must confirm it with the service first; then try again.",
                AgentAccountRefusal.EmailTaken =>
                    "An account here has this address already, and the address alone does not open it. The user must ask the service.",
                AgentAccountRefusal.Disabled => "The account is disabled or locked, and gets no agents. Its user must ask the service.",
                _ => "The service gives this account no agents. Its user must ask the service.",
            });
    }

    private static Refusal Rejected(string message) => new(RefusalReason.RegistrationRejected, message);
}
