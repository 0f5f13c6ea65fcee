using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentAuth.Mail;
using AgentAuth.Manifest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Claims;

public sealed class ClaimPageTests
{
    [Fact]
    public async Task The_page_names_who_asks_for_what_for_whom_and_from_where()
    {
        await using var service = await TestService.StartAsync();
        await service.RegisterByEmailAsync("user@example.com");

        var page = await service.GetAsync($"/agent/auth/claim/view?token={await service.NextLinkTokenAsync()}");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("text/html; charset=utf-8", page.Headers["Content-Type"]);
        Assert.Contains("TicketDesk", page.Body, StringComparison.Ordinal);
        Assert.Contains("user@example.com", page.Body, StringComparison.Ordinal);
        Assert.Contains("Create, update and close tickets.", page.Body, StringComparison.Ordinal);
        Assert.Contains("24 November 2026, 12:00 UTC", page.Body, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_may_run_frame_store_or_leak_it()
    {
        await using var service = await TestService.StartAsync();

        var page = await service.GetAsync("/agent/auth/claim/view?token=cvt_unknown");

        Assert.Equal("default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", page.Headers["Content-Security-Policy"]);
        Assert.Equal("no-referrer", page.Headers["Referrer-Policy"]);
        Assert.Equal("DENY", page.Headers["X-Frame-Options"]);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
        Assert.Equal("nosniff", page.Headers["X-Content-Type-Options"]);
        Assert.DoesNotContain("<script", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, page.Status);
    }

    [Fact]
    public async Task Without_JavaScript_the_form_shows_the_code()
    {
        await using var service = await TestService.StartAsync();
        var registered = await service.RegisterByEmailAsync("user@example.com");

        var page = await service.PostFormAsync("/agent/auth/claim/attempt/challenge", "claim_attempt_token", await service.NextLinkTokenAsync());

        var code = System.Text.RegularExpressions.Regex.Match(page.Body, @"(\d{3}) (\d{3})</span>");
        Assert.True(code.Success);
        var completed = await service.PostAsync("/agent/auth/claim/complete", new { claim_token = registered.Text("claim_token"), otp = code.Groups[1].Value + code.Groups[2].Value });
        Assert.Equal("claimed", completed.Text("status"));
    }

    [Fact]
    public async Task The_forms_go_where_the_claim_endpoints_are()
    {
        await using var service = await TestService.StartAsync(configure: options => options.Issuer = "https://tickets.example/tenant");
        await service.RegisterByEmailAsync("user@example.com");

        var page = await service.GetAsync($"/tenant/agent/auth/claim/view?token={await service.NextLinkTokenAsync()}");

        Assert.Contains("action=\"/tenant/agent/auth/claim/attempt/challenge\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("action=\"/tenant/agent/auth/claim/attempt/decline\"", page.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/tenant/agent/auth/claim/view.css")).Status);
    }

    [Theory]
    [InlineData("/agent/auth/claim/view?token={0}")]
    [InlineData("/Agent/auth/claim/view/?utm=x&token={0}#here")]
    [InlineData("/tenant/agent/auth/claim/view?token={0}&token=x")]
    public async Task The_links_token_is_in_no_log_wherever_the_link_is_opened(string link)
    {
        await using var service = await TestService.StartAsync(
            configure: options => options.Issuer = "https://tickets.example/tenant",
            services: services => services.AddHttpLogging(logging => logging.LoggingFields = HttpLoggingFields.Request | HttpLoggingFields.RequestQuery),
            endpoints: app => app.UseHttpLogging());
        await service.RegisterByEmailAsync("user@example.com");
        var token = await service.NextLinkTokenAsync();

        var page = await service.GetAsync(string.Format(CultureInfo.InvariantCulture, link, token));

        Assert.Contains("Request starting HTTP/1.1 GET", service.Log.Text, StringComparison.Ordinal);
        Assert.Contains("PathBase: ", service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, service.Log.Text, StringComparison.Ordinal);

        // What is in there twice is no token.
        Assert.Equal(link.EndsWith('x') ? HttpStatusCode.Gone : HttpStatusCode.OK, page.Status);
    }

    [Abuse(76, "HTML in the service's name or a scope's description", "`200`, escaped on the page")]
    [Fact]
    public async Task Abuse_76_HTML_in_names_is_escaped_on_the_page()
    {
        var manifest = TestService.Manifest with
        {
            ServiceName = "<script>alert(1)</script>",
            Scopes = [new ManifestScope("tickets.read", "<img src=x onerror=alert(1)>", IsPreClaim: true)],
        };
        await using var service = await TestService.StartAsync(manifest);
        await service.RegisterByEmailAsync("user@example.com");

        var page = await service.GetAsync($"/agent/auth/claim/view?token={await service.NextLinkTokenAsync()}");

        page.Is(HttpStatusCode.OK);
        Assert.Contains("&lt;script&gt;", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page.Body, StringComparison.Ordinal);
    }

    [Abuse(76, "HTML in a provider's name", "`200`, escaped on the page; the mail is plain text")]
    [Fact]
    public async Task Abuse_76_HTML_in_a_providers_name_is_escaped_on_the_page_and_is_text_in_the_mail()
    {
        const string Name = "<img src=x onerror=alert(1)>\"'&";
        await using var pair = await ServiceWithProvider.StartAsync(providerName: Name);
        await pair.AccountByEmailAsync("alice@example.com");
        await pair.RegisterAsync(pair.Mint());
        var mail = await pair.Service.Mail.NextAsync();

        var page = await pair.Service.GetAsync($"/agent/auth/claim/view?token={mail.Text.Split("token=")[1].Split('\r')[0]}");

        page.Is(HttpStatusCode.OK);
        Assert.Contains("An AI agent of <span dir=\"auto\">&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;</span> asks for access", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page.Body, StringComparison.Ordinal);

        // A mail has no HTML part in which it could be anything but text.
        Assert.StartsWith($"An AI agent of {Name} asks for access", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Name, mail.Subject, StringComparison.Ordinal);
        await new FolderMail(pair.Service.Folder, "no-reply@tickets.example", pair.Service.Time).SendAsync(mail, TestContext.Current.CancellationToken);
        var file = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(pair.Service.Folder, "*.eml")), TestContext.Current.CancellationToken);
        Assert.Contains("\r\nContent-Type: text/plain; charset=utf-8\r\n", file, StringComparison.Ordinal);
    }

    [Finding("G25", "A registration made at one time and place, and its mail to the victim asked for at another; the page, the page with the code, the refusal and the mail", "Each says who asks for what and for whom, and when and from where the mail was asked for; the pages before and with the code warn")]
    [Fact]
    public async Task G25_every_page_and_the_mail_say_who_asked_for_this_mail_and_from_where()
    {
        await using var service = await TestService.StartAsync(endpoints: TakeAddressFromHeader);
        var registered = await PostFromAsync(service, "198.51.100.1", "/agent/auth", new { type = "anonymous" });
        service.Time.Advance(TimeSpan.FromMinutes(45));
        await PostFromAsync(service, "203.0.113.7", "/agent/auth/claim", new { claim_token = registered.Text("claim_token"), email = "victim@example.com" });
        var mail = await service.Mail.NextAsync();
        var link = mail.Text.Split("token=")[1].Split('\r')[0];
        service.Time.Advance(TimeSpan.FromMinutes(2));

        var question = await service.GetAsync($"/agent/auth/claim/view?token={link}");
        var code = await service.PostFormAsync("/agent/auth/claim/attempt/challenge", "claim_attempt_token", link);
        var refused = await service.PostFormAsync("/agent/auth/claim/attempt/decline", "claim_attempt_token", link);
        var again = await service.GetAsync($"/agent/auth/claim/view?token={link}");

        Assert.All([question.Body, code.Body, refused.Body, mail.Text], text =>
        {
            Assert.Contains("An AI agent", text, StringComparison.Ordinal);
            Assert.Contains("TicketDesk", text, StringComparison.Ordinal);
            Assert.Contains("24 November 2026, 12:45 UTC", text, StringComparison.Ordinal);
            Assert.Contains(" from 203.0.113.7", text, StringComparison.Ordinal);
            Assert.DoesNotContain("198.51.100.1", text, StringComparison.Ordinal);
            Assert.DoesNotContain("12:00 UTC", text, StringComparison.Ordinal);
            Assert.Contains("agents@tickets.example", text, StringComparison.Ordinal);
        });
        Assert.All([question.Body, code.Body, refused.Body, mail.To], text => Assert.Contains("victim@example.com", text, StringComparison.Ordinal));
        Assert.All([question.Body, code.Body, mail.Text], text => Assert.Contains("Create, update and close tickets.", text, StringComparison.Ordinal));
        Assert.All([question.Body, code.Body, mail.Text], text => Assert.Contains("to anybody who asks you for it unexpectedly", text, StringComparison.Ordinal));

        // No dead end: what is over needs no other mail.
        Assert.Equal(HttpStatusCode.Gone, again.Status);
        Assert.Contains("This request has ended", again.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("another mail", again.Body, StringComparison.Ordinal);
    }

    [Finding("G25", "An ID-JAG whose owner is asked; the page with the code", "It names the provider of the agent, as the trust list has it")]
    [Fact]
    public async Task G25_the_page_with_the_code_names_the_agents_provider()
    {
        await using var pair = await ServiceWithProvider.StartAsync(providerName: "Example Agents");
        await pair.AccountByEmailAsync("alice@example.com");
        await pair.RegisterAsync(pair.Mint());

        var page = await pair.Service.PostFormAsync("/agent/auth/claim/attempt/challenge", "claim_attempt_token", await pair.Service.NextLinkTokenAsync());

        Assert.Contains("An AI agent of <span dir=\"auto\">Example Agents</span> asks for access to <strong dir=\"auto\">TicketDesk</strong> for <strong dir=\"auto\">alice@example.com</strong>", page.Body, StringComparison.Ordinal);
    }

    [Finding("G25", "A second mail that somebody else asks for, for the same registration", "Its page names the second request, and the first link is dead")]
    [Fact]
    public async Task G25_each_mail_has_its_own_origin()
    {
        await using var service = await TestService.StartAsync(endpoints: TakeAddressFromHeader);
        var registered = await PostFromAsync(service, "198.51.100.1", "/agent/auth", new { type = "anonymous" });
        await PostFromAsync(service, "203.0.113.7", "/agent/auth/claim", new { claim_token = registered.Text("claim_token"), email = "one@example.com" });
        var first = await service.NextLinkTokenAsync();
        service.Time.Advance(TimeSpan.FromMinutes(1));
        await PostFromAsync(service, "203.0.113.8", "/agent/auth/claim", new { claim_token = registered.Text("claim_token"), email = "two@example.com" });

        var page = await service.GetAsync($"/agent/auth/claim/view?token={await service.NextLinkTokenAsync()}");

        Assert.Contains("24 November 2026, 12:01 UTC</time> from 203.0.113.8", page.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await service.GetAsync($"/agent/auth/claim/view?token={first}")).Status);
    }

    [Finding("W12", "`GET` and `HEAD` of `…/attempt/challenge` and `…/attempt/decline`, as a restored or reloaded tab sends them", "The page as the link shows it, from a sealed cookie for these addresses alone; no code, no audit row, no token in a header. Other methods: 405 with `Allow`")]
    [Theory]
    [InlineData("challenge", "Let an agent act for you?", HttpStatusCode.OK)]
    [InlineData("decline", "This request has ended", HttpStatusCode.Gone)]
    public async Task W12_a_restored_tab_has_the_page_again_and_does_nothing(string step, string title, HttpStatusCode status)
    {
        await using var service = await TestService.StartAsync();
        await service.RegisterByEmailAsync("user@example.com");
        var link = await service.NextLinkTokenAsync();
        var path = $"/agent/auth/claim/attempt/{step}";
        var pressed = await PressAsync(service, step, link);
        var audit = await AuditAsync(service);

        var again = await service.SendAsync(HttpMethod.Get, path, null, null, request => request.Headers.Add("Cookie", CookieOf(pressed)));
        var head = await service.SendAsync(HttpMethod.Head, path, null, null, request => request.Headers.Add("Cookie", CookieOf(pressed)));
        var put = await service.SendAsync(HttpMethod.Put, path, null, null);

        again.Is(status);
        Assert.Contains($"<h1>{title}</h1>", again.Body, StringComparison.Ordinal);
        Assert.Equal(status == HttpStatusCode.OK, again.Body.Contains($"value=\"{link}\"", StringComparison.Ordinal));
        Assert.Equal("no-store", again.Headers["Cache-Control"]);
        Assert.Equal("no-referrer", again.Headers["Referrer-Policy"]);
        Assert.Equal((status, ""), (head.Status, head.Body));
        Assert.Equal(audit, await AuditAsync(service));
        put.Is(HttpStatusCode.MethodNotAllowed, "invalid_request");
        Assert.Equal("GET, HEAD, POST", put.Headers["Allow"]);

        var cookie = pressed.Headers["Set-Cookie"];
        Assert.DoesNotContain(link, cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(link[4..], cookie, StringComparison.Ordinal);
        Assert.EndsWith("; max-age=600; path=/agent/auth/claim/attempt; secure; samesite=strict; httponly", cookie, StringComparison.Ordinal);
    }

    [Finding("W12", "The same in a browser that remembers no page, or with a cookie that somebody made up", "A page that says to go back, or to open the link again")]
    [Fact]
    public async Task W12_a_browser_that_remembers_no_page_is_sent_back_to_the_link()
    {
        await using var service = await TestService.StartAsync();
        await service.RegisterByEmailAsync("user@example.com");
        var link = await service.NextLinkTokenAsync();
        var cookie = CookieOf(await PressAsync(service, "challenge", link));
        var last = cookie[^1] == 'A' ? 'E' : 'A';
        string?[] cookies = [null, "agentauth-claim=", "agentauth-claim=" + link, "agentauth-claim=%", cookie[..^4], cookie[..^1] + last, cookie + new string('A', 300), "agentauth-claim=" + new string('A', 40)];

        foreach (var sent in cookies)
        {
            var answer = await service.SendAsync(HttpMethod.Get, "/agent/auth/claim/attempt/challenge", null, null, request =>
            {
                if (sent is not null)
                {
                    request.Headers.Add("Cookie", sent);
                }
            });

            answer.Is(HttpStatusCode.OK);
            Assert.Contains("<h1>Open the link again</h1>", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("<form", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("user@example.com", answer.Body, StringComparison.Ordinal);
        }
    }

    [Finding("W12", "A form of another site that posts a link's token here, an app's own page that posts JSON, and a link that is dead", "Nothing is remembered: only a button of the page itself decides which page comes back")]
    [Fact]
    public async Task W12_only_a_button_of_the_page_itself_is_remembered()
    {
        await using var service = await TestService.StartAsync();
        await service.RegisterByEmailAsync("user@example.com");
        var link = await service.NextLinkTokenAsync();

        Answer[] answers =
        [
            await PressAsync(service, "challenge", link, from: "cross-site"),
            await PressAsync(service, "challenge", link, from: "same-site"),
            await service.PostFormAsync("/agent/auth/claim/attempt/challenge", "claim_attempt_token", link),
            await service.PostAsync("/agent/auth/claim/attempt/challenge", new { claim_attempt_token = link }),
            await PressAsync(service, "challenge", "cvt_unknown"),
        ];

        Assert.All(answers, answer => Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys));
    }

    [Finding("W14", "The page a minute, some minutes, hours and days before its link dies", "How much time is left, and how long ago it was asked for, beside the clock")]
    [Theory]
    [InlineData(10, 0, "Just now", "10 minutes left", "10 minutes left")]
    [InlineData(10, 30, "Just now", "9 minutes left", "9 minutes left")]
    [InlineData(10, 60, "1 minute ago", "9 minutes left", "9 minutes left")]
    [InlineData(10, 8 * 60 + 30, "8 minutes ago", "1 minute left", "1 minute left")]
    [InlineData(10, 9 * 60 + 30, "9 minutes ago", "less than a minute left", "less than a minute left")]
    [InlineData(24 * 60, 0, "Just now", "24 hours left", "10 minutes left")]
    [InlineData(24 * 60, 22 * 3600 + 60, "22 hours ago", "119 minutes left", "10 minutes left")]
    [InlineData(72 * 60, 0, "Just now", "3 days left", "10 minutes left")]
    public async Task W14_the_page_says_how_much_time_is_left(int minutes, int seconds, string ago, string left, string leftOfCode)
    {
        var lifetimes = new ManifestLifetimes { ClaimLink = TimeSpan.FromMinutes(minutes), UnclaimedRegistration = TimeSpan.FromMinutes(minutes) };
        await using var service = await TestService.StartAsync(TestService.Manifest with { Lifetimes = lifetimes });
        await service.RegisterByEmailAsync("user@example.com");
        var link = await service.NextLinkTokenAsync();
        service.Time.Advance(TimeSpan.FromSeconds(seconds));

        var page = await service.GetAsync($"/agent/auth/claim/view?token={link}");
        var code = await service.PostFormAsync("/agent/auth/claim/attempt/challenge", "claim_attempt_token", link);

        Assert.Matches($"<dt>Asked</dt><dd>{ago}, <time ", page.Body);
        Assert.Matches($"<dt>This page is good until</dt><dd><time [^>]*>[^<]* UTC</time> \\({left}\\)</dd>", page.Body);
        Assert.Matches($"<dt>The code is good until</dt><dd><time [^>]*>[^<]* UTC</time> \\({leftOfCode}\\)</dd>", code.Body);
    }

    [Finding("W14", "A mail whose link is good for one minute, with a code that is good for two", "\"1 minute\", and each its own time")]
    [Fact]
    public async Task W14_the_mail_counts_right()
    {
        var manifest = TestService.Manifest with
        {
            Lifetimes = new ManifestLifetimes { ClaimLink = TimeSpan.FromMinutes(1), OneTimeCode = TimeSpan.FromMinutes(2) },
            VerifiedEmail = new VerifiedEmailMethod { Credentials = [CredentialType.ApiKey], MailsCode = true },
        };
        await using var service = await TestService.StartAsync(manifest);
        await service.RegisterByEmailAsync("user@example.com");

        var mail = await service.Mail.NextAsync();

        Assert.Contains("The page is good for 1 minute.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("The code is good for 2 minutes.", mail.Text, StringComparison.Ordinal);
    }

    [Finding("W14", "Names, descriptions and contacts in Arabic, with punctuation", "Each runs by itself (`dir=\"auto\"`), and turns nothing around that stands beside it")]
    [Fact]
    public async Task W14_text_of_others_has_its_own_direction()
    {
        var manifest = TestService.Manifest with
        {
            ServiceName = "مكتب التذاكر!",
            Contact = "الدعم (٢٤)",
            Scopes = [new ManifestScope("tickets.read", "قراءة التذاكر.", IsPreClaim: true)],
        };
        await using var service = await TestService.StartAsync(manifest);
        await service.RegisterByEmailAsync("user@example.com");
        var link = await service.NextLinkTokenAsync();

        var question = await service.GetAsync($"/agent/auth/claim/view?token={link}");
        var code = await service.PostFormAsync("/agent/auth/claim/attempt/challenge", "claim_attempt_token", link);
        var refused = await service.PostFormAsync("/agent/auth/claim/attempt/decline", "claim_attempt_token", link);

        Assert.All([question.Body, code.Body, refused.Body], page =>
        {
            var body = WebUtility.HtmlDecode(page[page.IndexOf("<body>", StringComparison.Ordinal)..]);
            foreach (var foreign in (string[])[manifest.ServiceName, manifest.Contact!, "قراءة التذاكر.", "user@example.com"])
            {
                var places = body.Split(foreign)[..^1];
                Assert.True(places.Length > 0 || (foreign[0] == 'ق' && page == refused.Body), foreign);
                Assert.All(places, before => Assert.EndsWith(" dir=\"auto\">", before, StringComparison.Ordinal));
            }
        });
    }

    [Finding("W13", "A link that no mail ever had, and one that a newer mail has replaced", "A sentence of its own for each")]
    [Fact]
    public async Task W13_a_link_that_is_wrong_and_one_that_was_replaced_are_told_apart()
    {
        await using var service = await TestService.StartAsync();
        var registered = await service.RegisterAnonymouslyAsync();
        await service.PostAsync("/agent/auth/claim", new { claim_token = registered.Text("claim_token"), email = "one@example.com" });
        var first = await service.NextLinkTokenAsync();
        await service.PostAsync("/agent/auth/claim", new { claim_token = registered.Text("claim_token"), email = "two@example.com" });
        await service.NextLinkTokenAsync();

        var replaced = await service.GetAsync($"/agent/auth/claim/view?token={first}");
        var wrong = await service.GetAsync("/agent/auth/claim/view?token=cvt_unknown");

        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.Gone), (replaced.Status, wrong.Status));
        Assert.Contains("This link has been replaced", replaced.Body, StringComparison.Ordinal);
        Assert.Contains("A newer mail has replaced the one with this link. Use the newest mail.", replaced.Body, StringComparison.Ordinal);
        Assert.Contains("This link is not valid", wrong.Body, StringComparison.Ordinal);
        Assert.Contains("No mail has this link.", wrong.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("newer", wrong.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_of_before_the_address_was_kept_has_a_page_without_one()
    {
        await using var service = await TestService.StartAsync();
        await service.RegisterByEmailAsync("user@example.com");
        await service.ChangeDatabaseAsync("UPDATE attempts SET remote_address = NULL");

        var page = await service.GetAsync($"/agent/auth/claim/view?token={await service.NextLinkTokenAsync()}");

        page.Is(HttpStatusCode.OK);
        Assert.Contains("12:00 UTC</time></dd>", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_link_says_so_and_a_form_without_a_token_is_refused()
    {
        await using var service = await TestService.StartAsync();
        await service.RegisterByEmailAsync("user@example.com");
        var link = await service.NextLinkTokenAsync();
        service.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Contains("This link has expired", (await service.GetAsync($"/agent/auth/claim/view?token={link}")).Body, StringComparison.Ordinal);
        Assert.Contains("This link has expired", (await service.PostFormAsync("/agent/auth/claim/attempt/challenge", "claim_attempt_token", link)).Body, StringComparison.Ordinal);
        (await service.PostFormAsync("/agent/auth/claim/attempt/challenge", "other", link)).Is(HttpStatusCode.BadRequest, "invalid_request");
    }

    /// <summary>Presses a button, as a browser says where it stood.</summary>
    private static Task<Answer> PressAsync(TestService service, string step, string link, string from = "same-origin") => service.SendAsync(
        HttpMethod.Post,
        $"/agent/auth/claim/attempt/{step}",
        null,
        new FormUrlEncodedContent([new("claim_attempt_token", link)]),
        request => request.Headers.Add("Sec-Fetch-Site", from));

    private static string CookieOf(Answer answer) => answer.Headers["Set-Cookie"].Split(';')[0];

    private static async Task<int> AuditAsync(TestService service) =>
        (await service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken)).Count;

    private static void TakeAddressFromHeader(WebApplication app) => app.Use((context, next) =>
    {
        context.Connection.RemoteIpAddress = IPAddress.TryParse(context.Request.Headers["X-From"], out var address) ? address : context.Connection.RemoteIpAddress;
        return next(context);
    });

    private static async Task<Answer> PostFromAsync(TestService service, string address, string path, object body)
    {
        var answer = await service.SendAsync(HttpMethod.Post, path, null, TestService.JsonContent(JsonSerializer.Serialize(body)), request => request.Headers.Add("X-From", address));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer;
    }
}
