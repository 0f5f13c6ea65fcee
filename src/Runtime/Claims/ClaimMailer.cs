using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentAuth.Audit;
using AgentAuth.Configuration;
using AgentAuth.Credentials;
using AgentAuth.Discovery;
using AgentAuth.Limits;
using AgentAuth.Mail;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Storage;
using AgentAuth.Text;

namespace AgentAuth.Claims;

/// <summary>A claim attempt with the secrets that go into its mail and nowhere else.</summary>
internal sealed record PreparedAttempt(NewClaimAttempt Record, string Token, string? Code, UInt128? Sender)
{
    // A record prints its members; this one must not.
    public override string ToString() => Record.Id;
}

/// <summary>Makes claim attempts and writes their mails.</summary>
internal sealed class ClaimMailer(AgentAuthSettings settings, ServiceUrls urls, ClaimNames names, OneTimeCodes codes, MailQueue queue)
{
    public static Refusal InvalidAddress { get; } = new(
        RefusalReason.InvalidRequest, "That is not a mail address. Send one plain address such as user@example.com, without a display name; a domain in other letters may be written in its xn-- form.");

    /// <summary>
    /// A refusal while too much mail waits, of the caller, for the recipient or in all; otherwise null. Asked before anything is stored.
    /// </summary>
    public Refusal? BusyFor(string email, RequestOrigin origin) => queue.HasRoom(SenderOf(origin), RecipientOf(email))
        ? null
        : new Refusal(RefusalReason.TemporarilyUnavailable, "Too many mails wait to be sent. Try again later.", TimeSpan.FromMinutes(1));

    public PreparedAttempt Prepare(
        string registrationId, AgentRegistrationType type, string email, RequestOrigin origin, DateTimeOffset registrationExpires)
    {
        var now = origin.ReceivedAt;
        var lifetimes = settings.Manifest.Lifetimes;
        var id = Identifiers.ClaimAttempt();
        var token = Identifiers.ClaimAttemptTokenSecret();
        var expires = Earlier(now + lifetimes.ClaimLink, registrationExpires);
        var code = MailsCode(type) ? OneTimeCodes.CreateMailed() : null;
        return new PreparedAttempt(
            new NewClaimAttempt(
                id,
                SecretHash.Of(token),
                email,
                now,
                expires,
                code is null ? null : new OneTimeCode(codes.Hash(id, registrationId, code), Earlier(now + lifetimes.OneTimeCode, registrationExpires)),
                origin.AddressText)
            {
                Mailbox = EmailAddress.MailboxOf(email),
            },
            token,
            code,
            SenderOf(origin));
    }

    public void Send(PreparedAttempt attempt, ImmutableArray<string> scopes, AgentIdentity? agent)
    {
        var service = settings.Manifest.ServiceName;
        string Life(DateTimeOffset expires) => TimeInWords.Of(expires - attempt.Record.CreatedAt);
        var text = new StringBuilder()
            .Append(names.Of(agent)).Append(" asks for access to ").Append(service).Append(" in your name.\n\n")
            .Append("It would be allowed to:\n");
        foreach (var scope in settings.Manifest.Scopes.Where(s => scopes.Contains(s.Name)))
        {
            text.Append("  - ").Append(scope.Description.Length > 0 ? $"{scope.Description} ({scope.Name})" : scope.Name).Append('\n');
        }

        text.Append('\n');
        if (attempt.Code is { } code)
        {
            text.Append("If you asked an agent to do this, tell it this code:\n\n    ")
                .Append(OneTimeCodes.Spaced(code)).Append("\n\n")
                .Append("The code is good for ").Append(Life(attempt.Record.Code!.ExpiresAt)).Append(". If it is not accepted, this page shows another. If this was not you, give it to nobody, and open the page to refuse:\n\n");
        }
        else
        {
            text.Append("If you asked an agent to do this, open this page. It shows a code to tell that agent:\n\n");
        }

        text.Append(urls.ClaimView(attempt.Token)).Append("\n\n")
            .Append("The page is good for ").Append(Life(attempt.Record.ExpiresAt)).Append(". Nobody from ").Append(service).Append(" will ever ask you for the code.\n")
            .Append("Never give it to anybody who asks you for it unexpectedly: they may have sent this request\n")
            .Append("themselves, and would have the access that is named here.\n")
            .Append("If this was not you, do nothing, or choose \"This wasn't me\" on the page.\n\n")
            .Append("Requested ").Append(attempt.Record.CreatedAt.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture));
        if (attempt.Record.RemoteAddress is { } address)
        {
            text.Append(" from ").Append(address);
        }

        text.Append(".\n");
        if (settings.Manifest.Contact is { } contact)
        {
            text.Append("Questions: ").Append(contact).Append('\n');
        }

        queue.Enqueue(new OutgoingMail(
            new AgentMailMessage(attempt.Record.Email, $"Confirm agent access to {service}", text.ToString().ReplaceLineEndings("\r\n")),
            attempt.Record.Id,
            attempt.Record.ExpiresAt,
            attempt.Sender,
            RecipientOf(attempt.Record.Email)));
    }

    private static UInt128? SenderOf(RequestOrigin origin) => origin.Address is { } address ? LimitKeys.Of(address, ipv6Bits: 64) : null;

    private static UInt128 RecipientOf(string email) => LimitKeys.Of(EmailAddress.MailboxOf(email));

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private bool MailsCode(AgentRegistrationType type) => type switch
    {
        AgentRegistrationType.Anonymous => settings.Manifest.Anonymous?.MailsCode == true,
        AgentRegistrationType.EmailVerification => settings.Manifest.VerifiedEmail?.MailsCode == true,
        _ => false,
    };
}
