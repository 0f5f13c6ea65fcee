namespace AgentAuth;

/// <summary>The store could not be reached, or could not make a change durable. On the wire: 503 <c>temporarily_unavailable</c>.</summary>
public sealed class AgentAuthStorageException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What could not be done.</param>
    /// <param name="innerException">Why.</param>
    public AgentAuthStorageException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
