using System.Net.Mail;
using System.Text;
using System.Text.RegularExpressions;
using AgentAuth.Manifest;

namespace AgentAuth.Mail;

/// <summary>The mails as an app sends them that hands them to <see cref="SmtpClient"/> as they are.</summary>
public sealed partial class SmtpClientTests
{
    [Finding("D11", "A mail that the app's `IAgentMail` hands to `SmtpClient` as it is, with a name in ASCII and with one in other letters", "Lines end in CRLF, in `AgentMailMessage.Text` and in what is received: no `=0A` alone, and no bare LF")]
    [Theory]
    [InlineData("TicketDesk", false)]
    [InlineData("Bücherei", false)]
    [InlineData("TicketDesk", true)]
    [InlineData("Bücherei", true)]
    public async Task D11_a_mail_goes_through_SmtpClient_line_by_line(string name, bool mailsCode)
    {
        var manifest = TestService.Manifest with
        {
            ServiceName = name,
            VerifiedEmail = new VerifiedEmailMethod { Credentials = [CredentialType.ApiKey], MailsCode = mailsCode },
        };
        await using var service = await TestService.StartAsync(manifest);
        await service.RegisterByEmailAsync("user@example.com");
        var mail = await service.Mail.NextAsync();
        using var server = new LoopbackSmtp();

        using (var client = new SmtpClient("127.0.0.1", server.Port))
        using (var message = new MailMessage("no-reply@tickets.example", mail.To, mail.Subject, mail.Text))
        {
            await client.SendMailAsync(message, TestContext.Current.CancellationToken);
        }

        // SmtpClient writes every line break of a text in ASCII as it finds it: =0A is no line break to those who read mails.
        var sent = await server.Received;
        Assert.DoesNotMatch(BareLineBreak(), sent);
        Assert.DoesNotMatch("(?<!=0D)=0A", sent);
        Assert.DoesNotMatch(BareLineBreak(), mail.Text);
        Assert.EndsWith("\r\n", mail.Text, StringComparison.Ordinal);
        Assert.Equal(mail.Text.TrimEnd(), BodyOf(sent).TrimEnd());
    }

    private static string BodyOf(string mail)
    {
        var (headers, body) = mail.Split("\r\n\r\n", 2) is [var first, var rest] ? (first, rest) : ("", "");
        return Encoding.UTF8.GetString(headers.Contains("base64", StringComparison.OrdinalIgnoreCase)
            ? Convert.FromBase64String(body.Replace("\r\n", "", StringComparison.Ordinal))
            : Encoding.Latin1.GetBytes(Escape().Replace(body.Replace("=\r\n", "", StringComparison.Ordinal), escape => ((char)Convert.ToInt32(escape.Value[1..], 16)).ToString())));
    }

    [GeneratedRegex("=[0-9A-F]{2}")]
    private static partial Regex Escape();

    [GeneratedRegex("(?<!\r)\n|\r(?!\n)")]
    private static partial Regex BareLineBreak();
}
