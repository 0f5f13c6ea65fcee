using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Mail;

public sealed class FolderMailTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Fact]
    public async Task A_mail_is_one_RFC_5322_file()
    {
        var lines = await SendAsync(new AgentMailMessage("user@example.com", "Confirm agent access to TicketDesk", "Grüße\n\nhttps://x.example/?token=a=b\n"));

        Assert.Contains("From: no-reply@tickets.example", lines);
        Assert.Contains("To: user@example.com", lines);
        Assert.Contains("Subject: Confirm agent access to TicketDesk", lines);
        Assert.Contains("Date: Tue, 24 Nov 2026 12:00:00 +0000", lines);
        Assert.Contains("Grüße", lines);
        Assert.Contains("https://x.example/?token=a=b", lines);
        Assert.Equal(1, lines.TakeWhile(l => l.Length > 0).Count(l => l.StartsWith("Message-ID: <", StringComparison.Ordinal)));
    }

    [Abuse(75, "a line break in what becomes a subject", "encoded; no header is injected")]
    [Theory]
    [InlineData("Zugriff auf Bücherei")]
    [InlineData("Evil\r\nBcc: victim@example.com")]
    [InlineData("日本語のとても長いサービス名日本語のとても長いサービス名日本語のとても長いサービス名")]
    public async Task Abuse_75_a_subject_that_is_not_plain_ASCII_is_encoded_and_injects_no_header(string subject)
    {
        var lines = await SendAsync(new AgentMailMessage("user@example.com", subject, "text"));

        var header = lines.TakeWhile(l => l.Length > 0).ToArray();
        Assert.DoesNotContain(header, l => l.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        var encoded = header.SkipWhile(l => !l.StartsWith("Subject: ", StringComparison.Ordinal)).TakeWhile(l => l[0] is 'S' or ' ').ToArray();
        var words = encoded.Select(l => l.Replace("Subject:", "", StringComparison.Ordinal).Trim()).ToArray();
        Assert.All(words, w => Assert.True(w.Length <= 75));
        Assert.Equal(subject, string.Concat(words.Select(w => Encoding.UTF8.GetString(Convert.FromBase64String(w["=?utf-8?B?".Length..^2])))));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string[]> SendAsync(AgentMailMessage message)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        await new FolderMail(_folder, "no-reply@tickets.example", time).SendAsync(message, TestContext.Current.CancellationToken);
        return (await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_folder, "*.eml")), TestContext.Current.CancellationToken)).Split("\r\n");
    }
}
