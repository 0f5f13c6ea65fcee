namespace AgentAuth.Mail;

/// <summary>A claim mail on its way out.</summary>
/// <param name="Message">What is sent. It holds a secret.</param>
/// <param name="AttemptId">The claim attempt whose link it brings.</param>
/// <param name="LinkExpiresAt">When that link dies, and the mail is worth nothing.</param>
/// <param name="Sender">The network that asked for it; null when unknown.</param>
/// <param name="Recipient">The mailbox it goes to.</param>
internal sealed record OutgoingMail(AgentMailMessage Message, string AttemptId, DateTimeOffset LinkExpiresAt, UInt128? Sender, UInt128 Recipient)
{
    // A record prints its members; this one must not.
    public override string ToString() => AttemptId;
}
