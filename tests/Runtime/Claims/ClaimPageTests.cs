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

        var page = await pair.Service.GetAsync($"/agent/auth/claim/view?token={mail.Text.Split("token=")[1].Split('\n')[0]}");

        page.Is(HttpStatusCode.OK);
        Assert.Contains("An AI agent of &lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp; asks for access", page.Body, StringComparison.Ordinal);
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
        var link = mail.Text.Split("token=")[1].Split('\n')[0];
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

        Assert.Contains("An AI agent of Example Agents asks for access to <strong>TicketDesk</strong> for <strong>alice@example.com</strong>", page.Body, StringComparison.Ordinal);
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
