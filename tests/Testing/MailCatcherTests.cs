using System.Text;

namespace AgentAuth.Testing;

public sealed class MailCatcherTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"agentauth-mail-{Guid.NewGuid():N}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Folder_that_does_not_exist_yet_holds_no_mail() => Assert.Empty(new MailCatcher(_folder).ReadAll());

    [Fact]
    public void Mail_is_taken_apart()
    {
        Write("1.eml", "alice@example.com", "Confirm", "Hello,\r\n\r\nopen http://localhost:5000/agent/auth/claim/view?token=cvt_123456, or read 123 456 out.\r\n");

        var mail = Assert.Single(new MailCatcher(_folder).ReadAll());

        Assert.Equal("alice@example.com", mail.To);
        Assert.Equal("no-reply@service.example", mail.From);
        Assert.Equal("Confirm", mail.Subject);
        Assert.Equal(new Uri("http://localhost:5000/agent/auth/claim/view?token=cvt_123456"), Assert.Single(mail.Links));
        Assert.Equal("123456", mail.Code);
        Assert.StartsWith("Hello,\n\nopen", mail.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no code here", null)]
    [InlineData("1234567", null)]
    [InlineData("12345", null)]
    [InlineData("123-456", "123456")]
    [InlineData("Your code: 000001.", "000001")]
    [InlineData("see https://x.example/654321", null)]
    [InlineData("2026-05-211234", null)]
    public void Code_is_six_digits_that_stand_alone(string body, string? code)
    {
        Write("1.eml", "alice@example.com", "Code", body);

        Assert.Equal(code, new MailCatcher(_folder).ReadAll().Single().Code);
    }

    [Theory]
    [InlineData("Folded\r\n subject", "Folded subject")]
    [InlineData("=?utf-8?B?R3LDvMOfZQ==?=", "Grüße")]
    [InlineData("=?UTF-8?Q?Gr=C3=BC=C3=9Fe_an?= Alice", "Grüße an Alice")]
    [InlineData("=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=", "ab")]
    [InlineData("Grüße", "Grüße")]
    public void Subject_is_unfolded_and_decoded(string header, string subject)
    {
        Write("1.eml", "alice@example.com", header, "x");

        Assert.Equal(subject, new MailCatcher(_folder).ReadAll().Single().Subject);
    }

    [Fact]
    public async Task Each_mail_is_handed_out_once_and_to_its_recipient_only()
    {
        Write("1.eml", "alice@example.com", "First", "x");
        Write("2.eml", "bob@example.com", "Other", "x");
        Write("3.eml", "Alice <Alice@example.com>", "Second", "x");
        var catcher = new MailCatcher(_folder);

        Assert.Equal("First", (await catcher.WaitForAsync("alice@example.com", Cancellation)).Subject);
        Assert.Equal("Second", (await catcher.WaitForAsync("ALICE@example.com", Cancellation)).Subject);
        Assert.Equal("Other", (await catcher.WaitForAsync("bob@example.com", Cancellation)).Subject);
        var third = catcher.WaitForAsync("alice@example.com", Cancellation);
        Assert.False(third.IsCompleted);
        Write("4.eml", "alice@example.com", "Third", "x");
        Assert.Equal("Third", (await third).Subject);
    }

    [Fact]
    public async Task Mail_that_is_still_being_written_is_waited_for()
    {
        Directory.CreateDirectory(_folder);
        var path = Path.Combine(_folder, "1.eml");
        File.WriteAllText(path, "To: alice@example.com\r\nSubject: Ha");
        var wait = new MailCatcher(_folder).WaitForAsync("alice@example.com", Cancellation);
        Assert.False(wait.IsCompleted);

        Write("1.eml", "alice@example.com", "Whole", "x");

        Assert.Equal("Whole", (await wait).Subject);
    }

    [Fact]
    public async Task Waiting_can_be_given_up()
    {
        using var source = new CancellationTokenSource();
        var wait = new MailCatcher(_folder).WaitForAsync("alice@example.com", source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Write(string name, string to, string subject, string body)
    {
        Directory.CreateDirectory(_folder);
        var text = $"From: no-reply@service.example\r\nTo: {to}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
            + $"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}";
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

        // Names are in the order of writing; the file system's clock may be too coarse to tell.
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 5, 21, 12, 0, name[0] - '0', DateTimeKind.Utc));
    }
}
