using System.Net;
using System.Text.RegularExpressions;
using AgentAuth.Limits;
using AgentAuth.Manifest;
using AgentAuth.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Claims;

/// <summary>Whoever presses a button without end, or guesses without end.</summary>
public sealed partial class ClaimFloodTests
{
    private static AgentAuthManifest MailsCodes { get; } = TestService.Manifest with
    {
        VerifiedEmail = new VerifiedEmailMethod { Credentials = [CredentialType.ApiKey], MailsCode = true },
        Anonymous = new AnonymousMethod { MailsCode = true },
    };

    [Finding("G14", "1,000 POSTs of one's own link's challenge", "20 codes and rows, then `410 claim_expired`, which writes nothing; a fresh mail helps")]
    [Fact]
    public async Task G14_a_link_shows_twenty_codes_and_no_more()
    {
        await using var service = await TestService.StartAsync(services: RecordingStore.Use);
        var token = (await service.RegisterAnonymouslyAsync()).Text("claim_token");
        var first = await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var link = await service.NextLinkTokenAsync();
        for (var i = 0; i < 20; i++)
        {
            await service.ShowCodeAsync(link);
        }

        var (refused, asked) = await RecordingStore.AskedByAsync(service, async () =>
        {
            List<Answer> answers = [];
            for (var i = 0; i < 980; i++)
            {
                answers.Add(await service.PostAsync("/agent/auth/claim/attempt/challenge", new { claim_attempt_token = link }));
            }

            return answers;
        });

        Assert.All(refused, answer => answer.Is(HttpStatusCode.Gone, "claim_expired"));
        Assert.Equal([nameof(IAgentAuthStore.FindAttemptAsync)], asked.Distinct());
        Assert.Equal(20, (await service.Store.ReadAuditAsync(null, 5000, TestContext.Current.CancellationToken)).Count(row => row.Name == AgentAuditEvents.OtpGenerated));
        var second = await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        Assert.NotEqual(first.Text("claim_attempt_id"), second.Text("claim_attempt_id"));
        await service.ShowCodeAsync(await service.NextLinkTokenAsync());
    }

    [Finding("G14", "presses on \"Show the code\" beyond the limit of an address", "`429` with `Retry-After`, on the page and in JSON; from another address, and \"This wasn't me\", it goes on")]
    [Fact]
    public async Task G14_an_address_presses_the_buttons_of_the_page_so_often()
    {
        await using var service = await TestService.StartAsync(
            TestService.Manifest with { Limits = new ManifestLimits { ClaimPagePerAddress = RateLimit.PerHour(2) } }, options => options.Limits.Enabled = true, endpoints: Crowd.Use);
        await service.RegisterByEmailFromAsync(Crowd.Address(1), "user@example.com");
        var link = await service.NextLinkTokenAsync();
        for (var i = 0; i < 2; i++)
        {
            (await ChallengeAsync(Crowd.Address(1))).Is(HttpStatusCode.OK);
        }

        var page = await service.PostFormFromAsync(Crowd.Address(1), "/agent/auth/claim/attempt/challenge", "claim_attempt_token", link);
        var json = await ChallengeAsync(Crowd.Address(1));

        json.Is(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal((HttpStatusCode.TooManyRequests, "3600", "3600"), (page.Status, page.Headers["Retry-After"], json.Headers["Retry-After"]));
        Assert.Contains("Please wait", page.Body, StringComparison.Ordinal);
        (await ChallengeAsync(Crowd.Address(2))).Is(HttpStatusCode.OK);

        // What has no link behind it does not count: whoever shares the address presses for himself alone.
        for (var i = 0; i < 5; i++)
        {
            (await service.PostFromAsync(Crowd.Address(3), "/agent/auth/claim/attempt/challenge", new { claim_attempt_token = "cvt_unknown" })).Is(HttpStatusCode.Gone, "claim_superseded");
        }

        (await ChallengeAsync(Crowd.Address(3))).Is(HttpStatusCode.OK);
        (await service.PostFromAsync(Crowd.Address(1), "/agent/auth/claim/attempt/decline", new { claim_attempt_token = link })).Is(HttpStatusCode.OK);

        Task<Answer> ChallengeAsync(string address) => service.PostFromAsync(address, "/agent/auth/claim/attempt/challenge", new { claim_attempt_token = link });
    }

    [Finding("G14", "1,000 POSTs of one's own link's decline", "one decline, and rows for one; the others are answered after a look")]
    [Fact]
    public async Task G14_a_decline_is_written_once()
    {
        await using var service = await TestService.StartAsync(services: RecordingStore.Use);
        await service.RegisterByEmailAsync("user@example.com");
        var link = await service.NextLinkTokenAsync();
        var (_, asked) = await RecordingStore.AskedByAsync(service, async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await service.PostAsync("/agent/auth/claim/attempt/decline", new { claim_attempt_token = link });
            }

            return 0;
        });

        Assert.Single(asked, nameof(IAgentAuthStore.DeclineAsync));
        Assert.Single(await service.Store.ReadAuditAsync(null, 5000, TestContext.Current.CancellationToken), row => row.Name == AgentAuditEvents.ClaimDeclined);
    }

    [Finding("G15", "`Mail: code`, many registrations for one person's address, tags in it too, and guesses at each of them", "ten guesses in 24 hours in all, then `410 otp_expired` even for the right code, whichever registration it is of, over a restart too")]
    [Fact]
    public async Task G15_wrong_guesses_count_for_the_mailbox_over_all_registrations()
    {
        var folder = Directory.CreateTempSubdirectory("agentauth-guesses-");
        string right, waiting;
        await using (var service = await TestService.StartAsync(MailsCodes, folder: folder.FullName))
        {
            for (var i = 0; i < 5; i++)
            {
                var (token, code) = await MailedAsync(service, $"victim+{i}@example.com");
                (await CompleteAsync(service, token, Wrong(code))).Is(HttpStatusCode.Unauthorized, "otp_invalid");
                (await CompleteAsync(service, token, Wrong(code))).Is(HttpStatusCode.Unauthorized, "otp_invalid");
            }

            (waiting, right) = await MailedAsync(service, "victim@example.com");
            var refused = await CompleteAsync(service, waiting, right);
            refused.Is(HttpStatusCode.Gone, "otp_expired");
            Assert.Contains("open the link in the mail", refused.Text("message"), StringComparison.Ordinal);

            // Another person is not concerned.
            var (other, othersCode) = await MailedAsync(service, "other@example.com");
            (await CompleteAsync(service, other, othersCode)).Is(HttpStatusCode.OK);
        }

        await using (var service = await TestService.StartAsync(MailsCodes, folder: folder.FullName))
        {
            (await CompleteAsync(service, waiting, right)).Is(HttpStatusCode.Gone, "otp_expired");
            service.Time.Advance(TimeSpan.FromHours(24));
            var (token, code) = await MailedAsync(service, "victim@example.com");
            (await CompleteAsync(service, token, code)).Is(HttpStatusCode.OK);
        }

        folder.Delete(recursive: true);
    }

    [Finding("G15", "the owner of an address at which strangers guess without end", "the page behind the mailed link shows a code that is accepted: nobody else can use its guesses up")]
    [Fact]
    public async Task G15_the_owner_is_not_locked_out_by_those_who_guess()
    {
        await using var service = await TestService.StartAsync(MailsCodes);
        for (var i = 0; i < 2; i++)
        {
            var (token, code) = await MailedAsync(service, "victim@example.com");
            for (var guess = 0; guess < 5; guess++)
            {
                await CompleteAsync(service, token, Wrong(code));
            }
        }

        var registered = await service.RegisterByEmailAsync("victim@example.com");
        var mail = await service.Mail.NextAsync();
        (await CompleteAsync(service, registered.Text("claim_token"), CodeIn(mail))).Is(HttpStatusCode.Gone, "otp_expired");
        var shown = await service.ShowCodeAsync(mail.Text.Split("token=")[1].Split('\r')[0]);

        Assert.Equal(6, shown.Length);
        (await CompleteAsync(service, registered.Text("claim_token"), shown)).Is(HttpStatusCode.OK);
    }

    [Finding("G15", "guesses at the codes that pages showed to one person, spread over many registrations", "20 in 24 hours, then `429` with `Retry-After`")]
    [Fact]
    public async Task G15_guesses_at_shown_codes_count_for_the_mailbox_too()
    {
        await using var service = await TestService.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            var registered = await service.RegisterByEmailAsync("user@example.com");
            var code = await service.ShowCodeAsync(await service.NextLinkTokenAsync());
            for (var guess = 0; guess < 5; guess++)
            {
                await CompleteAsync(service, registered.Text("claim_token"), Wrong(code));
            }
        }

        var last = await service.RegisterByEmailAsync("user@example.com");
        var right = await service.ShowCodeAsync(await service.NextLinkTokenAsync());
        service.Time.Advance(TimeSpan.FromMinutes(1));
        var refused = await CompleteAsync(service, last.Text("claim_token"), right);

        refused.Is(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal("86340", refused.Headers["Retry-After"]);
    }

    [Finding("G15", "a person who claims 15 registrations a day with mailed codes", "right codes do not count")]
    [Fact]
    public async Task G15_right_codes_do_not_count()
    {
        await using var service = await TestService.StartAsync(MailsCodes);
        for (var i = 0; i < 15; i++)
        {
            var (token, code) = await MailedAsync(service, "user@example.com");
            (await CompleteAsync(service, token, code)).Is(HttpStatusCode.OK);
        }
    }

    [Finding("G15", "a person's own right code, sent more often than a mailbox has guesses while the service cannot answer", "`503`; none of them counts, and then the code claims")]
    [Fact]
    public async Task G15_a_right_code_that_came_to_nothing_does_not_count()
    {
        await using var service = await TestService.StartAsync(MailsCodes, services: RecordingStore.Use);
        var (token, code) = await MailedAsync(service, "user@example.com");
        RecordingStore.Before(service, nameof(IAgentAccounts.FindByEmailAsync), () => throw new AgentAuthStorageException("Down."));
        for (var i = 0; i < 12; i++)
        {
            (await CompleteAsync(service, token, code)).Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        }

        RecordingStore.Before(service, "", () => { });

        (await CompleteAsync(service, token, code)).Is(HttpStatusCode.OK);
    }

    [Finding("G15", "64 guesses at once, over 16 registrations of one mailbox", "ten are compared")]
    [Fact]
    public async Task G15_parallel_guesses_do_not_outrun_the_count()
    {
        await using var service = await TestService.StartAsync(MailsCodes);
        List<(string Token, string Code)> all = [];
        for (var i = 0; i < 16; i++)
        {
            all.Add(await MailedAsync(service, "victim@example.com"));
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => CompleteAsync(service, all[i % 16].Token, Wrong(all[i % 16].Code))));

        Assert.Equal(10, answers.Count(answer => answer.Error == "otp_invalid"));
        Assert.Equal(54, answers.Count(answer => answer.Error == "otp_expired"));
        Assert.Equal(
            10, (await service.Store.ReadAuditAsync(null, 5000, TestContext.Current.CancellationToken)).Count(row => row.Name == AgentAuditEvents.ClaimFailed));
    }

    [Fact]
    public async Task A_mailed_code_has_eight_digits()
    {
        await using var service = await TestService.StartAsync(MailsCodes);

        Assert.Matches("^[0-9]{8}$", (await MailedAsync(service, "user@example.com")).Code);
    }

    [Fact]
    public async Task Counts_of_guesses_are_swept_when_they_are_over()
    {
        await using var service = await TestService.StartAsync(MailsCodes, services: TestService.RemoveSweeper);
        var (token, code) = await MailedAsync(service, "user@example.com");
        await CompleteAsync(service, token, Wrong(code));
        service.Time.Advance(TimeSpan.FromDays(2));

        await service.Store.SweepAsync(service.Time.GetUtcNow(), 100, TestContext.Current.CancellationToken);

        // The row is gone: it would be in the way of this one.
        await service.ChangeDatabaseAsync("INSERT INTO guesses (mailbox, shown, since, count) VALUES ('user@example.com', 0, 1, 1)");
    }

    private static async Task<(string Token, string Code)> MailedAsync(TestService service, string email)
    {
        var registered = await service.RegisterByEmailAsync(email);
        return (registered.Text("claim_token"), CodeIn(await service.Mail.NextAsync()));
    }

    private static string CodeIn(AgentMailMessage mail) => Code().Match(mail.Text).Value.Replace(" ", "", StringComparison.Ordinal).Trim();

    private static Task<Answer> CompleteAsync(TestService service, string token, string code) =>
        service.PostAsync("/agent/auth/claim/complete", new { claim_token = token, otp = code });

    private static string Wrong(string code) => (code[0] == '9' ? '0' : (char)(code[0] + 1)) + code[1..];

    [GeneratedRegex("^    [0-9]{4} [0-9]{4}\r?$", RegexOptions.Multiline)]
    private static partial Regex Code();
}
