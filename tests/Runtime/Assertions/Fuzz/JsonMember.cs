namespace AgentAuth.Assertions;

/// <summary>A member of a JSON object as it is written: name and value are JSON texts, so that both can be wrong.</summary>
/// <param name="Name">The name with its quotation marks.</param>
/// <param name="Value">The value.</param>
internal readonly record struct JsonMember(string Name, string Value);
