using System.Globalization;
using System.Net;
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
}
