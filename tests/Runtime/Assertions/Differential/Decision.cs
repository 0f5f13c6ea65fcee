namespace AgentAuth.Assertions.Differential;

/// <summary>A difference from `jose` that is meant: a row of the table in docs/protocol.md, which a test writes from here.</summary>
/// <param name="What">What we refuse and `jose` accepts, or the other way round, in Markdown.</param>
/// <param name="Why">Why.</param>
internal sealed record Decision(string What, string Why);
