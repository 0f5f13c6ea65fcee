using AgentAuth.Protocol;
using AgentAuth.Trust;

namespace AgentAuth.Refusals;

/// <summary>A no, with a sentence for the agent that says what to do next. It never echoes a secret.</summary>
/// <param name="Reason">Why, as a type.</param>
/// <param name="Message">The sentence.</param>
/// <param name="RetryAfter">When asking again makes sense; null when that is not a matter of time.</param>
internal sealed record Refusal(RefusalReason Reason, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>The store cannot be reached, or cannot make a change durable.</summary>
    public static Refusal StorageUnavailable { get; } = new(
        RefusalReason.TemporarilyUnavailable, "The service cannot reach its storage. Nothing was issued or changed; try again shortly.", TimeSpan.FromSeconds(5));

    /// <summary>An operator ended all access between the request and the answer; nothing was issued.</summary>
    public static Refusal RevokedMeanwhile { get; } = new(
        RefusalReason.TemporarilyUnavailable, "All access was revoked while this was being answered, and nothing was issued. Try again.", TimeSpan.FromSeconds(1));

    /// <summary>How the user would have to sign in, where that was not enough; otherwise null.</summary>
    public RequiredAuthentication? RequiredAuthentication { get; init; }

    /// <summary>A page that says more, for people (RFC 6749 §5.2, <c>error_uri</c>); null: none. It holds no secret.</summary>
    public string? MoreAt { get; init; }
}
