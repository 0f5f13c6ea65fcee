namespace AgentAuth.Testing;

/// <summary>A service does not say how agents register with it, or contradicts itself. The message names the document and the fault.</summary>
public sealed class AgentDiscoveryException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which document, and what is wrong with it.</param>
    public AgentDiscoveryException(string message)
        : base(message)
    {
    }
}
