using System.Net;
using AgentAuth.Audit;
using AgentAuth.Manifest;

namespace AgentAuth.Wire;

public sealed class ClaimEndpointsTests
{
    [Fact]
    public async Task An_anonymous_key_gains_the_post_claim_scopes_when_its_registration_is_claimed()
    {
        await using var service = await TestService.StartAsync();
        var (key, token) = await RegisterAsync(service);

        var started = await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        Assert.Equal(HttpStatusCode.OK, started.Status);
        Assert.Equal("initiated", started.Text("status"));
        Assert.StartsWith("cla_", started.Text("claim_attempt_id"), StringComparison.Ordinal);
        Assert.Equal("2026-11-24T12:10:00.000Z", started.Text("expires_at"));
        var code = await service.ShowCodeAsync(await service.NextLinkTokenAsync());
        var completed = await service.PostAsync("/agent/auth/claim/complete", new { claim_token = token, otp = $" {code[..3]}-{code[3..]} " });

        Assert.Equal(HttpStatusCode.OK, completed.Status);
        Assert.Equal("claimed", completed.Text("status"));
        Assert.False(completed.Json.TryGetProperty("credential", out _));
        Assert.Equal("created", (await service.SendAsync(HttpMethod.Post, "/api/tickets", key, null)).Body);
        Assert.StartsWith("acc_", (await service.GetAsync("/api/tickets", key)).Body, StringComparison.Ordinal);
        service.Time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/api/tickets", key)).Status);
    }

    [Fact]
    public async Task With_rotation_the_claim_returns_a_new_key_and_the_old_one_dies()
    {
        await using var service = await TestService.StartAsync(
            TestService.Manifest with { Anonymous = new AnonymousMethod { RotateOnClaim = true } });
        var (key, token) = await RegisterAsync(service);
        var code = await MailedCodeAsync(service, token);

        var completed = await service.PostAsync("/agent/auth/claim/complete", new { claim_token = token, otp = code });

        Assert.Equal(["tickets.read", "tickets.write"], completed.Texts("scopes"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("/api/tickets", key)).Status);
        Assert.Equal("created", (await service.SendAsync(HttpMethod.Post, "/api/tickets", completed.Text("credential"), null)).Body);
    }

    [Fact]
    public async Task With_mailed_codes_the_mail_holds_the_code_itself()
    {
        await using var service = await TestService.StartAsync(
            TestService.Manifest with { Anonymous = new AnonymousMethod { MailsCode = true } });
        var (_, token) = await RegisterAsync(service);
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var mail = await service.Mail.NextAsync();
        var code = System.Text.RegularExpressions.Regex.Match(mail.Text, @"^    (\d{3} \d{3})$", System.Text.RegularExpressions.RegexOptions.Multiline).Groups[1].Value;

        var completed = await service.PostAsync("/agent/auth/claim/complete", new { claim_token = token, otp = code });

        Assert.Equal("claimed", completed.Text("status"));
    }

    [Fact]
    public async Task An_email_registration_gets_its_credential_from_the_claim()
    {
        await using var service = await TestService.StartAsync();
        var registered = await service.RegisterByEmailAsync("user@example.com", "access_token");
        var code = await service.ShowCodeAsync(await service.NextLinkTokenAsync());

        var completed = await service.PostAsync("/agent/auth/claim/complete", new { claim_token = registered.Text("claim_token"), otp = code });

        Assert.Equal("access_token", completed.Text("credential_type"));
        Assert.Equal("2026-11-24T13:00:00.000Z", completed.Text("credential_expires"));
        Assert.Equal("created", (await service.SendAsync(HttpMethod.Post, "/api/tickets", completed.Text("credential"), null)).Body);
        service.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("/api/tickets", completed.Text("credential"))).Status);
    }

    [Fact]
    public async Task One_address_is_one_account()
    {
        await using var service = await TestService.StartAsync();

        Assert.Equal(await AccountAsync("user@example.com"), await AccountAsync("USER@example.com"));
        Assert.NotEqual(await AccountAsync("user@example.com"), await AccountAsync("other@example.com"));

        async Task<string> AccountAsync(string email)
        {
            var registered = await service.RegisterByEmailAsync(email);
            var code = await service.ShowCodeAsync(await service.NextLinkTokenAsync());
            var completed = await service.PostAsync("/agent/auth/claim/complete", new { claim_token = registered.Text("claim_token"), otp = code });
            return (await service.GetAsync("/api/tickets", completed.Text("credential"))).Body;
        }
    }

    [Fact]
    public async Task Abuse_59_a_wrong_code_is_otp_invalid_with_the_challenge()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        var code = await MailedCodeAsync(service, token);

        var answer = await service.PostAsync("/agent/auth/claim/complete", new { claim_token = token, otp = Wrong(code) });

        answer.Is(HttpStatusCode.Unauthorized, "otp_invalid");
        Assert.Equal("Bearer resource_metadata=\"https://api.tickets.example/.well-known/oauth-protected-resource\"", answer.Headers["WWW-Authenticate"]);
    }

    [Fact]
    public async Task Abuse_60_the_sixth_guess_is_refused_even_when_it_is_right()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        var code = await MailedCodeAsync(service, token);

        for (var guess = 1; guess <= 4; guess++)
        {
            (await CompleteAsync(service, token, Wrong(code))).Is(HttpStatusCode.Unauthorized, "otp_invalid");
        }

        (await CompleteAsync(service, token, Wrong(code))).Is(HttpStatusCode.Gone, "otp_expired");
        (await CompleteAsync(service, token, code)).Is(HttpStatusCode.Gone, "otp_expired");
    }

    [Fact]
    public async Task Abuse_61_of_16_parallel_guesses_at_most_5_are_evaluated()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        var code = await MailedCodeAsync(service, token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => CompleteAsync(service, token, Wrong(code))));

        var audit = await service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken);
        Assert.Equal(5, audit.Count(e => e.Name == AuditEvents.ClaimFailed));
        Assert.Equal(4, answers.Count(a => a.Error == "otp_invalid"));
        Assert.Equal(12, answers.Count(a => a.Error == "otp_expired"));
    }

    [Fact]
    public async Task Abuse_62_a_fresh_code_does_not_reset_the_registrations_guesses_and_the_tenth_wrong_one_kills_its_key()
    {
        await using var service = await TestService.StartAsync();
        var (key, token) = await RegisterAsync(service);
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var link = await service.NextLinkTokenAsync();
        for (var guess = 1; guess <= 9; guess++)
        {
            var code = await service.ShowCodeAsync(link);
            (await CompleteAsync(service, token, Wrong(code))).Is(HttpStatusCode.Unauthorized, "otp_invalid");
        }

        var last = await service.ShowCodeAsync(link);
        (await CompleteAsync(service, token, Wrong(last))).Is(HttpStatusCode.Gone, "claim_expired");
        (await CompleteAsync(service, token, last)).Is(HttpStatusCode.Gone, "claim_expired");
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("/api/tickets", key)).Status);
    }

    [Fact]
    public async Task Abuse_63_a_superseded_code_is_otp_invalid()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var link = await service.NextLinkTokenAsync();
        var first = await service.ShowCodeAsync(link);
        string second;
        do
        {
            second = await service.ShowCodeAsync(link);
        }
        while (second == first);

        (await CompleteAsync(service, token, first)).Is(HttpStatusCode.Unauthorized, "otp_invalid");
        Assert.Equal("claimed", (await CompleteAsync(service, token, second)).Text("status"));
    }

    [Fact]
    public async Task Abuse_64_another_registrations_code_is_otp_invalid()
    {
        await using var service = await TestService.StartAsync();
        var (_, mine) = await RegisterAsync(service);
        var (_, theirs) = await RegisterAsync(service);
        var myCode = await MailedCodeAsync(service, mine);
        string theirCode;
        do
        {
            await service.PostAsync("/agent/auth/claim", new { claim_token = theirs, email = $"{Guid.NewGuid():N}@example.com" });
            theirCode = await service.ShowCodeAsync(await service.NextLinkTokenAsync());
        }
        while (theirCode == myCode);

        (await CompleteAsync(service, mine, theirCode)).Is(HttpStatusCode.Unauthorized, "otp_invalid");
    }

    [Fact]
    public async Task Abuse_65_an_old_code_is_otp_expired_and_a_fresh_mail_helps()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        var code = await MailedCodeAsync(service, token);
        service.Time.Advance(TimeSpan.FromMinutes(10));

        (await CompleteAsync(service, token, code)).Is(HttpStatusCode.Gone, "otp_expired");
        Assert.Equal("claimed", (await CompleteAsync(service, token, await MailedCodeAsync(service, token))).Text("status"));
    }

    [Fact]
    public async Task Abuse_67_of_parallel_completes_with_the_right_code_one_claims()
    {
        await using var service = await TestService.StartAsync();
        var registered = await service.RegisterByEmailAsync("user@example.com");
        var code = await service.ShowCodeAsync(await service.NextLinkTokenAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CompleteAsync(service, registered.Text("claim_token"), code)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.Is(HttpStatusCode.Conflict, "previously_claimed"));
    }

    [Fact]
    public async Task Abuse_69_completing_before_any_code_is_otp_not_generated()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);

        (await CompleteAsync(service, token, "123456")).Is(HttpStatusCode.BadRequest, "otp_not_generated");
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        (await CompleteAsync(service, token, "123456")).Is(HttpStatusCode.BadRequest, "otp_not_generated");
    }

    [Fact]
    public async Task Abuse_70_and_91_a_new_address_kills_the_link_and_the_code_of_the_one_before()
    {
        await using var service = await TestService.StartAsync();
        var (key, token) = await RegisterAsync(service);
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "attacker@example.com" });
        var attackersLink = await service.NextLinkTokenAsync();
        var attackersCode = await service.ShowCodeAsync(attackersLink);

        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "victim@example.com" });

        (await CompleteAsync(service, token, attackersCode)).Is(HttpStatusCode.BadRequest, "otp_not_generated");
        (await service.PostAsync("/agent/auth/claim/attempt/challenge", new { claim_attempt_token = attackersLink })).Is(HttpStatusCode.Gone, "claim_superseded");
        Assert.Equal("nobody", (await service.GetAsync("/api/tickets", key)).Body);
        Assert.Null(await service.Store.FindAccountAsync("victim@example.com", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Abuse_71_opening_the_link_changes_nothing()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var link = await service.NextLinkTokenAsync();
        var before = await service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken);

        await service.GetAsync($"/agent/auth/claim/view?token={link}");
        await service.GetAsync($"/agent/auth/claim/view?token={link}");

        Assert.Equal(before, await service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken));
        (await CompleteAsync(service, token, "123456")).Is(HttpStatusCode.BadRequest, "otp_not_generated");
    }

    [Fact]
    public async Task Abuse_72_an_unknown_claim_token_is_invalid_claim_token()
    {
        await using var service = await TestService.StartAsync();

        (await CompleteAsync(service, "clm_unknown", "123456")).Is(HttpStatusCode.Unauthorized, "invalid_claim_token");
        (await service.PostAsync("/agent/auth/claim", new { claim_token = "", email = "user@example.com" })).Is(HttpStatusCode.Unauthorized, "invalid_claim_token");
    }

    [Theory]
    [InlineData("\"１２３４５６\"", "otp_invalid")]
    [InlineData("\"12345\"", "otp_invalid")]
    [InlineData("\"\"", "otp_invalid")]
    [InlineData("null", "invalid_request")]
    [InlineData("123456", "invalid_request")]
    public async Task Abuse_74_odd_codes_are_refused_without_a_500(string otp, string error)
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        await MailedCodeAsync(service, token);

        var answer = await service.SendAsync(
            HttpMethod.Post, "/agent/auth/claim/complete", null, TestService.JsonContent($"{{\"claim_token\":\"{token}\",\"otp\":{otp}}}"));

        Assert.Equal(error, answer.Error);
        Assert.Equal("invalid_request", (await CompleteAsync(service, token, new string('1', 10_000))).Error);
    }

    [Theory]
    [InlineData("a@example.com\\r\\nBcc: victim@example.com")]
    [InlineData("Mallory <a@example.com>")]
    [InlineData("a@b@example.com")]
    [InlineData("")]
    public async Task Abuse_75_odd_addresses_are_invalid_request_and_no_mail_goes_out(string email)
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);

        var answer = await service.SendAsync(
            HttpMethod.Post, "/agent/auth/claim", null, TestService.JsonContent($"{{\"claim_token\":\"{token}\",\"email\":\"{email}\"}}"));

        answer.Is(HttpStatusCode.BadRequest, "invalid_request");
        Assert.True(service.Mail.IsEmpty);
    }

    [Fact]
    public async Task The_same_address_again_is_the_same_attempt_and_no_second_mail()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);

        var first = await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var again = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "User@Example.com" })));

        await service.Mail.NextAsync();
        Assert.All(again, answer => Assert.Equal(first.Body, answer.Body));
        Assert.True(service.Mail.IsEmpty);
    }

    [Fact]
    public async Task An_email_registration_whose_link_lapsed_restarts_with_its_own_address_only()
    {
        await using var service = await TestService.StartAsync();
        var token = (await service.RegisterByEmailAsync("user@example.com")).Text("claim_token");
        await service.NextLinkTokenAsync();
        service.Time.Advance(TimeSpan.FromMinutes(10));

        (await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "other@example.com" })).Is(HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal("api_key", (await CompleteAsync(service, token, await MailedCodeAsync(service, token))).Text("credential_type"));
    }

    [Fact]
    public async Task A_claimed_registration_cannot_be_claimed_again()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var link = await service.NextLinkTokenAsync();
        await CompleteAsync(service, token, await service.ShowCodeAsync(link));

        (await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" })).Is(HttpStatusCode.Conflict, "claimed_or_in_flight");
        (await service.PostAsync("/agent/auth/claim/attempt/challenge", new { claim_attempt_token = link })).Is(HttpStatusCode.Conflict, "claim_completed");
        (await CompleteAsync(service, token, "123456")).Is(HttpStatusCode.Conflict, "previously_claimed");
    }

    [Fact]
    public async Task This_wasnt_me_ends_the_registration_and_its_key()
    {
        await using var service = await TestService.StartAsync();
        var (key, token) = await RegisterAsync(service);
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var link = await service.NextLinkTokenAsync();
        var code = await service.ShowCodeAsync(link);

        var page = await service.PostFormAsync("/agent/auth/claim/attempt/decline", "claim_attempt_token", link);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Refused", page.Body, StringComparison.Ordinal);
        (await service.GetAsync("/api/tickets", key)).Is(HttpStatusCode.Unauthorized, "invalid_token");
        (await CompleteAsync(service, token, code)).Is(HttpStatusCode.Gone, "claim_expired");
        var audit = await service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken);
        Assert.Contains(audit, e => e.Name == AuditEvents.ClaimDeclined);
        Assert.Single(audit, e => e.Name == AuditEvents.CredentialUsedAfterRevocation);
    }

    [Fact]
    public async Task Three_mails_an_hour_go_to_one_recipient()
    {
        await using var service = await TestService.StartAsync(configure: options => options.Limits.Enabled = true);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await service.RegisterByEmailAsync("user@example.com")).Status);
        }

        (await service.RegisterByEmailAsync("user@example.com")).Is(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task Every_step_is_audited()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        var code = await MailedCodeAsync(service, token);
        await CompleteAsync(service, token, Wrong(code));
        await CompleteAsync(service, token, code);

        var audit = await service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken);

        Assert.Equal(
            [AuditEvents.ClaimConfirmed, AuditEvents.ClaimFailed, AuditEvents.OtpGenerated, AuditEvents.ClaimRequested, AuditEvents.RegistrationCreated],
            audit.Select(e => e.Name));
        Assert.All(audit, e => Assert.Equal("127.0.0.1", e.RemoteAddress));
        Assert.Single(audit.Select(e => e.RegistrationId).Distinct());
    }

    [Fact]
    public async Task Abuse_90_no_secret_is_logged_or_audited()
    {
        await using var service = await TestService.StartAsync();
        var (key, token) = await RegisterAsync(service);
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var link = await service.NextLinkTokenAsync();
        var code = await service.ShowCodeAsync(link);
        await CompleteAsync(service, token, Wrong(code));
        await CompleteAsync(service, token, code);
        await service.GetAsync("/api/tickets", key);

        var audit = string.Join('\n', await service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken));
        Assert.All([key, token, code], secret =>
        {
            Assert.DoesNotContain(secret, audit, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, service.Log.Text, StringComparison.Ordinal);
        });
        Assert.DoesNotContain(link, service.Log.Text, StringComparison.Ordinal);
    }

    private static async Task<(string Key, string ClaimToken)> RegisterAsync(TestService service)
    {
        var answer = await service.RegisterAnonymouslyAsync();
        return (answer.Text("credential"), answer.Text("claim_token"));
    }

    private static async Task<string> MailedCodeAsync(TestService service, string claimToken)
    {
        var started = await service.PostAsync("/agent/auth/claim", new { claim_token = claimToken, email = "user@example.com" });
        Assert.Equal(HttpStatusCode.OK, started.Status);
        return await service.ShowCodeAsync(await service.NextLinkTokenAsync());
    }

    private static Task<Answer> CompleteAsync(TestService service, string claimToken, string code) =>
        service.PostAsync("/agent/auth/claim/complete", new { claim_token = claimToken, otp = code });

    private static string Wrong(string code) => code == "000000" ? "000001" : "000000";
}
