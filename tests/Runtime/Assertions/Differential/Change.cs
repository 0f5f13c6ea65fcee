namespace AgentAuth.Assertions.Differential;

/// <summary>Something done to a good token or its JWK set.</summary>
/// <param name="Name">What, for the message of a test.</param>
/// <param name="Apply">Does it.</param>
/// <param name="Decision">Why the answer may differ from that of `jose`; null: it may not.</param>
internal sealed record Change(string Name, Action<DifferentialCase> Apply, Decision? Decision);
