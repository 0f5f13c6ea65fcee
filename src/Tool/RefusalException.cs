namespace AgentAuth.Tool;

/// <summary>An argument or a file cannot be used. The message is for the user: what was found, and what to do.</summary>
/// <param name="message">The sentences for the user.</param>
internal sealed class RefusalException(string message) : Exception(message);
