namespace AgentAuth.Assertions;

/// <summary>How a fetch ended.</summary>
internal enum FetchOutcome
{
    /// <summary>200 with a body within the limits.</summary>
    Fetched,

    /// <summary>The URL or the address it leads to is not one that we fetch from.</summary>
    NotAllowed,

    /// <summary>An answer came, and it is not a document: another status, a redirect, an encoding, a body that is too large.</summary>
    Refused,

    /// <summary>No answer: the network, the time limit, or a server error.</summary>
    Unreachable,
}

/// <summary>What a fetch brought.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Body">The body; empty unless <see cref="FetchOutcome.Fetched"/>.</param>
/// <param name="Why">What came instead of a document, as the end of a sentence, for the operator; empty when <see cref="FetchOutcome.Fetched"/>.</param>
/// <param name="MaxAge">How long the server lets it be kept (RFC 9111 §5.2.2); zero for no-store and no-cache, null when it does not say.</param>
internal sealed record FetchedDocument(FetchOutcome Outcome, byte[] Body, string Why, TimeSpan? MaxAge = null)
{
    public static FetchedDocument Without(FetchOutcome outcome, string why) => new(outcome, [], why);
}
