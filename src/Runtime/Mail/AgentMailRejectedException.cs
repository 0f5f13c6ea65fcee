namespace AgentAuth;

/// <summary>
/// Thrown by an <see cref="IAgentMail"/> for a mail that can never be delivered, such as one to an address that does not exist: it is not tried
/// again, and the agent can ask for another. For what may pass, throw anything else.
/// </summary>
public sealed class AgentMailRejectedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why, for the log.</param>
    /// <param name="innerException">What the mail service said.</param>
    public AgentMailRejectedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
