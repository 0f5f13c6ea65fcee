using System.Net;
using System.Text.RegularExpressions;
using AgentAuth.Claims;
using AgentAuth.Manifest;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Wire;

public sealed partial class ClaimEndpointsTests
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
        var code = Regex.Match(mail.Text, @"^    (\d{4} \d{4})\r?$", RegexOptions.Multiline).Groups[1].Value;

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

    [Abuse(59, "a wrong code", "`401 otp_invalid`, with `WWW-Authenticate`")]
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

    [Abuse(60, "the sixth guess at a code, even the right one", "`410 otp_expired`")]
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

    [Abuse(61, "16 guesses at once", "five compared: four `401 otp_invalid`, twelve `410 otp_expired`")]
    [Fact]
    public async Task Abuse_61_of_16_parallel_guesses_at_most_5_are_evaluated()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        var code = await MailedCodeAsync(service, token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => CompleteAsync(service, token, Wrong(code))));

        var audit = await service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken);
        Assert.Equal(5, audit.Count(e => e.Name == AgentAuditEvents.ClaimFailed));
        Assert.Equal(4, answers.Count(a => a.Error == "otp_invalid"));
        Assert.All(answers.Where(a => a.Error == "otp_invalid"), a => a.Is(HttpStatusCode.Unauthorized, "otp_invalid"));
        Assert.All(answers.Where(a => a.Error != "otp_invalid"), a => a.Is(HttpStatusCode.Gone, "otp_expired"));
    }

    [Abuse(62, "the tenth wrong guess, each at a fresh code", "`410 claim_expired`, and the key is dead")]
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

    [Abuse(62, "a wrong guess of an agent that hangs up when it is counted", "audited")]
    [Fact]
    public async Task Abuse_62_a_wrong_guess_of_an_agent_that_hangs_up_is_audited()
    {
        using var hangsUp = new CancellationTokenSource();
        await using var service = await TestService.StartAsync(services: RecordingStore.Use, endpoints: app => app.Use((context, next) =>
        {
            context.RequestAborted = context.Request.Path == "/agent/auth/claim/complete" ? hangsUp.Token : context.RequestAborted;
            return next(context);
        }));
        var (_, token) = await RegisterAsync(service);
        var code = await MailedCodeAsync(service, token);
        RecordingStore.Before(service, nameof(IAgentAuthStore.RecordWrongGuessAsync), hangsUp.Cancel);

        await CompleteAsync(service, token, Wrong(code));

        var row = (await service.Store.ReadAuditAsync(null, 1, TestContext.Current.CancellationToken))[0];
        Assert.Equal((AgentAuditEvents.ClaimFailed, "otp_invalid"), (row.Name, row.Outcome));
    }

    [Abuse(63, "a code that a fresh one replaced", "`401 otp_invalid`")]
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

    [Abuse(64, "another registration's code", "`401 otp_invalid`")]
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

    [Abuse(65, "a code of ten minutes ago", "`410 otp_expired`")]
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

    [Abuse(67, "the right code, four times at once", "one `200`, three `409 previously_claimed`")]
    [Fact]
    public async Task Abuse_67_of_parallel_completes_with_the_right_code_one_claims()
    {
        await using var service = await TestService.StartAsync();
        var registered = await service.RegisterByEmailAsync("user@example.com");
        var code = await service.ShowCodeAsync(await service.NextLinkTokenAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CompleteAsync(service, registered.Text("claim_token"), code)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK).Is(HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.Is(HttpStatusCode.Conflict, "previously_claimed"));
    }

    [Abuse(68, "the right code beside \"this wasn't me\", a revocation or the expiry", "claimed before it, or `410 claim_expired` and the key is dead")]
    [Theory]
    [InlineData("decline")]
    [InlineData("revoke")]
    [InlineData("expire")]
    public async Task Abuse_68_completing_beside_the_end_of_the_registration_leaves_no_key_with_more_scopes(string end)
    {
        await using var service = await TestService.StartAsync();
        for (var round = 0; round < 10; round++)
        {
            var registered = await service.RegisterAnonymouslyAsync();
            var (key, token) = (registered.Text("credential"), registered.Text("claim_token"));
            service.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
            await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
            var link = await service.NextLinkTokenAsync();
            var code = await service.ShowCodeAsync(link);

            // In the first round one after the other, then at once.
            var ending = Task.Run(EndAsync, TestContext.Current.CancellationToken);
            await (round == 0 ? ending : Task.CompletedTask);
            var completed = await CompleteAsync(service, token, code);
            await ending;

            if (round == 0 || completed.Status != HttpStatusCode.OK)
            {
                completed.Is(HttpStatusCode.Gone, "claim_expired");
            }

            // Whoever claimed has a live key, unless that was revoked behind the claim; whoever did not has none at all.
            var isLive = completed.Status == HttpStatusCode.OK && end != "revoke";
            var (read, write) = (await service.GetAsync("/api/tickets", key), await service.SendAsync(HttpMethod.Post, "/api/tickets", key, null));
            Assert.Equal(isLive ? (HttpStatusCode.OK, HttpStatusCode.OK) : (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (read.Status, write.Status));

            async Task EndAsync()
            {
                switch (end)
                {
                    case "decline":
                        await service.PostAsync("/agent/auth/claim/attempt/decline", new { claim_attempt_token = link });
                        break;
                    case "revoke":
                        var access = service.Services.GetRequiredService<IAgentAccess>();
                        await access.RevokeAsync(AgentAccessTarget.Registration(registered.Text("registration_id")), new AgentRevocationNote("olga"), TestContext.Current.CancellationToken);
                        break;
                    default:
                        service.Time.Advance(TimeSpan.FromMilliseconds(1));
                        break;
                }
            }
        }
    }

    [Abuse(69, "a guess before there is a code", "`400 otp_not_generated`")]
    [Fact]
    public async Task Abuse_69_completing_before_any_code_is_otp_not_generated()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);

        (await CompleteAsync(service, token, "123456")).Is(HttpStatusCode.BadRequest, "otp_not_generated");
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        (await CompleteAsync(service, token, "123456")).Is(HttpStatusCode.BadRequest, "otp_not_generated");
    }

    [Abuse(70, "a mailed link that a newer one replaced", "`410 claim_superseded`")]
    [Fact]
    public async Task Abuse_70_a_replaced_link_is_claim_superseded()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var link = await service.NextLinkTokenAsync();

        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "other@example.com" });

        (await service.PostAsync("/agent/auth/claim/attempt/challenge", new { claim_attempt_token = link })).Is(HttpStatusCode.Gone, "claim_superseded");
        (await service.PostAsync("/agent/auth/claim/attempt/decline", new { claim_attempt_token = link })).Is(HttpStatusCode.Gone, "claim_superseded");
        Assert.Equal(HttpStatusCode.Gone, (await service.GetAsync($"/agent/auth/claim/view?token={link}")).Status);
    }

    [Abuse(91, "a code for one address, after a new attempt for another", "`400 otp_not_generated`, and `401 otp_invalid` once there is a new code; no account touched")]
    [Fact]
    public async Task Abuse_91_a_code_for_one_address_claims_nothing_for_another()
    {
        await using var service = await TestService.StartAsync();
        var (key, token) = await RegisterAsync(service);
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "attacker@example.com" });
        var attackersCode = await service.ShowCodeAsync(await service.NextLinkTokenAsync());

        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "victim@example.com" });
        var victimsLink = await service.NextLinkTokenAsync();
        (await CompleteAsync(service, token, attackersCode)).Is(HttpStatusCode.BadRequest, "otp_not_generated");

        // Nor once the victim has looked at a code.
        while (await service.ShowCodeAsync(victimsLink) == attackersCode)
        {
        }

        (await CompleteAsync(service, token, attackersCode)).Is(HttpStatusCode.Unauthorized, "otp_invalid");
        Assert.Equal("nobody", (await service.GetAsync("/api/tickets", key)).Body);
        Assert.Null(await service.Accounts.FindAsync("victim@example.com", TestContext.Current.CancellationToken));
    }

    [Abuse(71, "a mail scanner's GET of the link", "`200`, and nothing has changed")]
    [Fact]
    public async Task Abuse_71_opening_the_link_changes_nothing()
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var link = await service.NextLinkTokenAsync();
        var before = await service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken);

        (await service.GetAsync($"/agent/auth/claim/view?token={link}")).Is(HttpStatusCode.OK);
        (await service.GetAsync($"/agent/auth/claim/view?token={link}")).Is(HttpStatusCode.OK);

        Assert.Equal(before, await service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken));
        (await CompleteAsync(service, token, "123456")).Is(HttpStatusCode.BadRequest, "otp_not_generated");

        // Nor does it end a code that is there.
        var code = await service.ShowCodeAsync(link);
        (await service.GetAsync($"/agent/auth/claim/view?token={link}")).Is(HttpStatusCode.OK);
        Assert.Equal("claimed", (await CompleteAsync(service, token, code)).Text("status"));
    }

    [Abuse(72, "a claim token that is unknown, or nearly right", "`401 invalid_claim_token`, after one look-up of its hash")]
    [Fact]
    public async Task Abuse_72_an_unknown_claim_token_is_invalid_claim_token()
    {
        await using var service = await TestService.StartAsync(services: RecordingStore.Use);
        var (_, token) = await RegisterAsync(service);

        // However much of a good one is in it: tokens are looked up by their hash, and each takes one question.
        foreach (var unknown in (string[])["", "clm_unknown", token[..^1], token + "0", token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), token.ToUpperInvariant()])
        {
            var (completed, byComplete) = await RecordingStore.AskedByAsync(service, () => CompleteAsync(service, unknown, "123456"));
            var (started, byStart) = await RecordingStore.AskedByAsync(service, () => service.PostAsync("/agent/auth/claim", new { claim_token = unknown, email = "user@example.com" }));

            completed.Is(HttpStatusCode.Unauthorized, "invalid_claim_token");
            started.Is(HttpStatusCode.Unauthorized, "invalid_claim_token");
            Assert.Equal([nameof(IAgentAuthStore.ReserveGuessAsync)], byComplete);
            Assert.Equal([nameof(IAgentAuthStore.FindClaimAsync)], byStart);
        }
    }

    [Abuse(73, "an address with an account, and one without", "`200` alike but for random values, after the same work; the mail goes out behind the answer")]
    [Fact]
    public async Task Abuse_73_an_address_with_an_account_is_answered_like_one_without()
    {
        var mail = new HeldMail();
        await using var service = await TestService.StartAsync(services: services =>
        {
            RecordingStore.Use(services);
            services.AddSingleton<IAgentMail>(mail);
        });
        const string Known = "known@example.com";
        const string Other = "other@example.com";
        mail.Release();
        var mine = await service.RegisterByEmailAsync(Known);
        await CompleteAsync(service, mine.Text("claim_token"), await service.ShowCodeAsync(LinkIn(await mail.NextAsync())));
        Assert.NotNull((await service.Accounts.FindAsync(Known, TestContext.Current.CancellationToken))?.AccountId);
        Assert.Null(await service.Accounts.FindAsync(Other, TestContext.Current.CancellationToken));

        // No mail can be sent while this is answered: the answer does not wait for it.
        mail.Hold();
        foreach (var ask in (Func<string, Task<Answer>>[])[
            email => service.RegisterByEmailAsync(email),
            async email => await service.PostAsync("/agent/auth/claim", new { claim_token = (await RegisterAsync(service)).ClaimToken, email })])
        {
            var (known, byKnown) = await RecordingStore.AskedByAsync(service, () => ask(Known));
            var (other, byOther) = await RecordingStore.AskedByAsync(service, () => ask(Other));

            known.Is(HttpStatusCode.OK);
            other.Is(HttpStatusCode.OK);
            Assert.Equal(WithoutRandomness(known.Body), WithoutRandomness(other.Body));
            Assert.Equal(HeadersOf(known), HeadersOf(other));
            Assert.Equal(byKnown, byOther);
            Assert.DoesNotContain(nameof(IAgentAccounts.FindByEmailAsync), byKnown);
        }

        mail.Release();
        AgentMailMessage[] mails = [await mail.NextAsync(), await mail.NextAsync(), await mail.NextAsync(), await mail.NextAsync()];

        // They are sent at once, so in no order; the two ways of asking make the same mail.
        Assert.Equal([Known, Known, Other, Other], mails.Select(m => m.To).Order());
        Assert.Single(mails.Select(m => (m.Subject, WithoutRandomness(m.Text))).Distinct());

        static string WithoutRandomness(string text) => Secret().Replace(text, match => match.Groups[1].Value + new string('*', match.Groups[2].Length));

        static IEnumerable<string> HeadersOf(Answer answer) => answer.Headers.Where(h => h.Key != "Date").Select(h => $"{h.Key}: {h.Value}").Order();

        static string LinkIn(AgentMailMessage mail) => mail.Text.Split("token=")[1].Split('\r')[0];
    }

    [Abuse(74, "full-width digits, or too few or many, as the code", "`400 invalid_request`, and no guess is used up")]
    [Theory]
    [InlineData("\"１２３４５６\"")]
    [InlineData("\"12345\"")]
    [InlineData("\"1234567\"")]
    [InlineData("\"\"")]
    [InlineData("\"12345\\u0000\"")]
    public async Task Abuse_74_a_code_that_is_not_six_digits_is_invalid_request(string otp) => await OddCodeAsync(otp);

    [Abuse(74, "null, a number, an array or 10 KB as the code", "`400 invalid_request`")]
    [Theory]
    [InlineData("null")]
    [InlineData("123456")]
    [InlineData("[\"123456\"]")]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task Abuse_74_a_code_that_is_no_text_or_10_KB_of_it_is_invalid_request(string? otp) =>
        await OddCodeAsync(otp ?? $"\"{new string('1', 10_000)}\"");

    [Finding("W10", "A code typed with white space or dashes of any kind: no-break, thin and zero-width spaces, en dash, minus", "`200`: they do not count")]
    [Theory]
    [InlineData("{0}\u00a0{1}")]
    [InlineData("\u2009{0}\u2011{1}\ufeff")]
    [InlineData("{0}\u2212{1}\r\n")]
    public async Task W10_white_space_and_dashes_of_every_kind_in_a_code_do_not_count(string form)
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        var code = await MailedCodeAsync(service, token);

        Assert.Equal("claimed", (await CompleteAsync(service, token, string.Format(null, form, code[..3], code[3..]))).Text("status"));
    }

    [Finding("W10", "What cannot be a code: letters, or too few or many digits", "`400 invalid_request`, and no guess is used up; the limit of requests an address may make counts on")]
    [Fact]
    public async Task W10_what_cannot_be_a_code_uses_up_no_guess_but_the_limit_of_its_address()
    {
        await using var service = await TestService.StartAsync(configure: options => options.Limits.Enabled = true);
        var (_, token) = await RegisterAsync(service);
        var code = await MailedCodeAsync(service, token);

        var answers = new List<Answer>();
        for (var i = 0; i < 31; i++)
        {
            answers.Add(await CompleteAsync(service, token, "l23456"));
        }

        Assert.All(answers.SkipLast(1), answer => answer.Is(HttpStatusCode.BadRequest, "invalid_request"));
        answers[^1].Is(HttpStatusCode.TooManyRequests, "rate_limited");
        service.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, (await service.Store.FindClaimAsync(SecretHash.Of(token), TestContext.Current.CancellationToken))!.Guesses);
    }

    [Abuse(75, "an address with a line break, a display name, two @, 300 characters", "`400 invalid_request`, and no mail")]
    [Theory]
    [InlineData("a@example.com\\r\\nBcc: victim@example.com")]
    [InlineData("Mallory <a@example.com>")]
    [InlineData("a@b@example.com")]
    [InlineData("a@example.com, victim@example.com")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Abuse_75_odd_addresses_are_invalid_request_and_no_mail_goes_out(string? email)
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        email ??= new string('a', 288) + "@example.com"; // 300 characters.

        var answer = await service.SendAsync(
            HttpMethod.Post, "/agent/auth/claim", null, TestService.JsonContent($"{{\"claim_token\":\"{token}\",\"email\":\"{email}\"}}"));
        var registered = await service.SendAsync(
            HttpMethod.Post, "/agent/auth", null, TestService.JsonContent($"{{\"type\":\"identity_assertion\",\"assertion_type\":\"verified_email\",\"assertion\":\"{email}\"}}"));

        answer.Is(HttpStatusCode.BadRequest, "invalid_request");
        registered.Is(HttpStatusCode.BadRequest, "invalid_request");
        Assert.True(service.Mail.IsEmpty);
    }

    [Abuse(99, "malformed JSON posted to the steps of a claim", "`400 invalid_request`")]
    [Theory]
    [InlineData("/agent/auth/claim")]
    [InlineData("/agent/auth/claim/complete")]
    [InlineData("/agent/auth/claim/attempt/challenge")]
    [InlineData("/agent/auth/claim/attempt/decline")]
    public async Task Abuse_99_malformed_bodies_of_a_claim_are_invalid_request(string path)
    {
        await using var service = await TestService.StartAsync();

        foreach (var body in (string[])["", "null", "[]", "{", "{}", "{\"claim_token\":1}", "{\"claim_attempt_token\":null}", "{\"claim_token\":\"\\ud800\",\"claim_attempt_token\":\"\\ud800\"}", new('[', 5000)])
        {
            (await service.SendAsync(HttpMethod.Post, path, null, TestService.JsonContent(body))).Is(HttpStatusCode.BadRequest, "invalid_request");
        }
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
        Assert.Contains(audit, e => e.Name == AgentAuditEvents.ClaimDeclined);
        Assert.Single(audit, e => e.Name == AgentAuditEvents.CredentialUsedAfterRevocation);
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
            [AgentAuditEvents.ClaimConfirmed, AgentAuditEvents.ClaimFailed, AgentAuditEvents.OtpGenerated, AgentAuditEvents.ClaimRequested, AgentAuditEvents.RegistrationCreated],
            audit.Select(e => e.Name));
        Assert.All(audit, e => Assert.Equal("127.0.0.1", e.RemoteAddress));
        Assert.Single(audit.Select(e => e.RegistrationId).Distinct());
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

    private static async Task OddCodeAsync(string otp)
    {
        await using var service = await TestService.StartAsync();
        var (_, token) = await RegisterAsync(service);
        var code = await MailedCodeAsync(service, token);

        // More often than a code may be guessed at.
        for (var i = 0; i <= ClaimCeremony.Guesses.PerRegistration; i++)
        {
            (await service.SendAsync(
                HttpMethod.Post, "/agent/auth/claim/complete", null, TestService.JsonContent($"{{\"claim_token\":\"{token}\",\"otp\":{otp}}}")))
                .Is(HttpStatusCode.BadRequest, "invalid_request");
        }

        Assert.Equal("claimed", (await CompleteAsync(service, token, code)).Text("status"));
    }

    [GeneratedRegex("\\b(reg_|clm_|cla_|cvt_|[\\w.]+@)([A-Za-z0-9.]+)")]
    private static partial Regex Secret();

    /// <summary>Mail that is sent only while a test lets it.</summary>
    private sealed class HeldMail : IAgentMail
    {
        private readonly CaughtMail _caught = new();
        private volatile TaskCompletionSource _gate = new();

        public void Hold() => _gate = new TaskCompletionSource();

        public void Release() => _gate.TrySetResult();

        public Task<AgentMailMessage> NextAsync() => _caught.NextAsync();

        public async Task SendAsync(AgentMailMessage message, CancellationToken cancellationToken)
        {
            await _gate.Task.WaitAsync(cancellationToken);
            await _caught.SendAsync(message, cancellationToken);
        }
    }
}
