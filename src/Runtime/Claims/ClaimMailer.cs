using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentAuth.Credentials;
using AgentAuth.Discovery;
using AgentAuth.Hosting;
using AgentAuth.Mail;
using AgentAuth.Registrations;
using AgentAuth.Storage;

namespace AgentAuth.Claims;

/// <summary>A claim attempt with the secrets that go into its mail and nowhere else.</summary>
internal sealed record PreparedAttempt(NewClaimAttempt Record, string Token, string? Code)
{
    // A record prints its members; this one must not.
    public override string ToString() => Record.Id;
}

/// <summary>Makes claim attempts and writes their mails.</summary>
internal sealed class ClaimMailer(AgentAuthSettings settings, ServiceUrls urls, ClaimNames names, OneTimeCodes codes, MailQueue queue)
{
    public static Refusal InvalidAddress { get; } = new(
        RefusalReason.InvalidRequest, "That is not a mail address. Send one plain address such as user@example.com, without a display name; a domain in other letters may be written in its xn-- form.");

    /// <summary>A refusal while too much mail waits; otherwise null. Asked before anything is stored.</summary>
    public Refusal? Busy => queue.HasRoom
        ? null
        : new Refusal(RefusalReason.TemporarilyUnavailable, "Too many mails wait to be sent. Try again later.", TimeSpan.FromMinutes(1));

    public PreparedAttempt Prepare(
        string registrationId, RegistrationType type, string email, DateTimeOffset now, DateTimeOffset registrationExpires)
    {
        var lifetimes = settings.Manifest.Lifetimes;
        var id = Identifiers.ClaimAttempt();
        var token = Identifiers.ClaimAttemptTokenSecret();
        var expires = Earlier(now + lifetimes.ClaimLink, registrationExpires);
        var code = MailsCode(type) ? OneTimeCodes.Create() : null;
        return new PreparedAttempt(
            new NewClaimAttempt(
                id,
                SecretHash.Of(token),
                email,
                now,
                expires,
                code is null ? null : new OneTimeCode(codes.Hash(id, registrationId, code), Earlier(now + lifetimes.OneTimeCode, registrationExpires))),
            token,
            code);
    }

    public void Send(PreparedAttempt attempt, ImmutableArray<string> scopes, AgentIdentity? agent, RequestOrigin origin)
    {
        var service = settings.Manifest.ServiceName;
        var minutes = Math.Max(1, (int)(attempt.Record.ExpiresAt - attempt.Record.CreatedAt).TotalMinutes).ToString(CultureInfo.InvariantCulture);
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
                .Append(code.AsSpan(0, 3)).Append(' ').Append(code.AsSpan(3)).Append("\n\n")
                .Append("The code is good for ").Append(minutes).Append(" minutes. If this was not you, give it to nobody, and open this page to refuse:\n\n");
        }
        else
        {
            text.Append("If you asked an agent to do this, open this page. It shows a code to tell your agent:\n\n");
        }

        text.Append(urls.ClaimView(attempt.Token)).Append("\n\n")
            .Append("The page is good for ").Append(minutes).Append(" minutes. Nobody from ").Append(service).Append(" will ever ask you for the code.\n")
            .Append("If this was not you, do nothing, or choose \"This wasn't me\" on the page.\n\n")
            .Append("Requested ").Append(attempt.Record.CreatedAt.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture));
        if (origin.AddressText is { } address)
        {
            text.Append(" from ").Append(address);
        }

        text.Append(".\n");
        if (settings.Manifest.Contact is { } contact)
        {
            text.Append("Questions: ").Append(contact).Append('\n');
        }

        queue.Enqueue(new AgentMailMessage(attempt.Record.Email, $"Confirm agent access to {service}", text.ToString()));
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private bool MailsCode(RegistrationType type) => type switch
    {
        RegistrationType.Anonymous => settings.Manifest.Anonymous?.MailsCode == true,
        RegistrationType.EmailVerification => settings.Manifest.VerifiedEmail?.MailsCode == true,
        _ => false,
    };
}
