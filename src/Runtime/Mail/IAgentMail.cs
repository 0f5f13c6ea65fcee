namespace AgentAuth;

/// <summary>A mail to a person. Plain text: it must read the same everywhere and load nothing.</summary>
/// <param name="To">One normalised address.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">The body. Every line ends in CRLF, as in a mail (RFC 5322 §2.1): a transport may take it as it is.</param>
public sealed record AgentMailMessage(string To, string Subject, string Text)
{
    /// <summary>Says only to what it is; the text holds a link that is a secret.</summary>
    public override string ToString() => Subject;
}

/// <summary>Sends the mails of the claim ceremony. Register your own to send through your mail service; the default writes files.</summary>
public interface IAgentMail
{
    /// <summary>
    /// Hands a mail over. Throw when that failed: it is tried again, a little later; or <see cref="AgentMailRejectedException"/> when it would always fail.
    /// Several mails are handed over at once.
    /// </summary>
    /// <param name="message">The mail.</param>
    /// <param name="cancellationToken">The service stops, or this takes longer than 30 seconds: then it has failed.</param>
    Task SendAsync(AgentMailMessage message, CancellationToken cancellationToken);
}
