using System.Net;
using System.Text;

namespace AgentAuth.Wire;

public sealed class RegistrationEndpointTests
{
    [Fact]
    public async Task Anonymous_start_gives_a_key_that_reads_and_cannot_write()
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.RegisterAnonymouslyAsync();

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.StartsWith("reg_", answer.Text("registration_id"), StringComparison.Ordinal);
        Assert.Equal("anonymous", answer.Text("registration_type"));
        Assert.Equal("api_key", answer.Text("credential_type"));
        Assert.StartsWith("agk_", answer.Text("credential"), StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.Json.GetProperty("credential_expires").ValueKind);
        Assert.Equal(["tickets.read"], answer.Texts("scopes"));
        Assert.Equal("https://auth.tickets.example/agent/auth/claim", answer.Text("claim_url"));
        Assert.StartsWith("clm_", answer.Text("claim_token"), StringComparison.Ordinal);
        Assert.Equal("2026-11-25T12:00:00.000Z", answer.Text("claim_token_expires"));
        Assert.Equal(["tickets.read", "tickets.write"], answer.Texts("post_claim_scopes"));

        var key = answer.Text("credential");
        Assert.Equal("nobody", (await service.GetAsync("/api/tickets", key)).Body);
        (await service.SendAsync(HttpMethod.Post, "/api/tickets", key, null)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    [Fact]
    public async Task Email_first_gives_no_credential_and_mails_the_owner()
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.RegisterByEmailAsync("User@Example.com");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("email-verification", answer.Text("registration_type"));
        Assert.False(answer.Json.TryGetProperty("credential", out _));
        Assert.Equal(["tickets.read", "tickets.write"], answer.Texts("post_claim_scopes"));
        var mail = await service.Mail.NextAsync();
        Assert.Equal("user@example.com", mail.To);
        Assert.Contains("https://auth.tickets.example/agent/auth/claim/view?token=cvt_", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Create, update and close tickets. (tickets.write)", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Methods_that_are_off_are_refused_by_name()
    {
        var bare = TestService.Manifest with { Anonymous = null, VerifiedEmail = null, IdentityAssertion = null };
        await using var service = await TestService.StartAsync(bare);

        (await service.RegisterAnonymouslyAsync()).Is(HttpStatusCode.BadRequest, "anonymous_not_enabled");
        (await service.RegisterByEmailAsync("user@example.com")).Is(HttpStatusCode.BadRequest, "verified_email_not_enabled");
        var idJag = new { type = "identity_assertion", assertion_type = "urn:ietf:params:oauth:token-type:id-jag", assertion = "x" };
        (await service.PostAsync("/agent/auth", idJag)).Is(HttpStatusCode.BadRequest, "identity_assertion_not_enabled");
    }

    [Abuse(84, "an anonymous start that asks for an access token", "`400 unsupported_credential_type`")]
    [Fact]
    public async Task Abuse_84_anonymous_asking_for_an_access_token_is_unsupported_credential_type()
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.PostAsync("/agent/auth", new { type = "anonymous", requested_credential_type = "access_token" });

        answer.Is(HttpStatusCode.BadRequest, "unsupported_credential_type");
    }

    [Abuse(99, "malformed JSON, or JSON of another shape, posted to register", "`400 invalid_request`, nothing issued")]
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"anonymous\"")]
    [InlineData("{\"type\":\"anonymous\"")]
    [InlineData("{\"type\":\"anonymous\"} trailing")]
    [InlineData("{\"type\":\"anonymous\"}{}")]
    [InlineData("{\"type\":\"anonymous\",\"type\":\"anonymous\"}")]
    [InlineData("{\"type\":\"anonymous\",\"t\\u0079pe\":\"anonymous\"}")]
    [InlineData("{\"type\":\"anonymous\",\"x\":{\"a\":1,\"a\":2}}")]
    [InlineData("{\"type\":1}")]
    [InlineData("{\"type\":null}")]
    [InlineData("{\"type\":\"\\ud800\"}")]
    [InlineData("{\"type\":\"anonymous\",\"\\ud800\":1}")]
    [InlineData("{\"type\":\"Anonymous\"}")]
    [InlineData("{}")]
    [InlineData("{\"type\":\"anonymous\",\"requested_credential_type\":[]}")]
    [InlineData("{\"type\":\"identity_assertion\"}")]
    [InlineData("{\"type\":\"identity_assertion\",\"assertion_type\":\"verified_email\"}")]
    [InlineData("{\"type\":\"identity_assertion\",\"assertion_type\":\"saml\",\"assertion\":\"x\"}")]
    [InlineData("{\"type\":\"identity_assertion\",\"assertion_type\":\"verified_email\",\"assertion\":{}}")]
    public async Task Abuse_99_malformed_bodies_are_invalid_request_and_issue_nothing(string body)
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.SendAsync(HttpMethod.Post, "/agent/auth", null, TestService.JsonContent(body));

        answer.Is(HttpStatusCode.BadRequest, "invalid_request");
        Assert.Empty(await service.Store.ReadAuditAsync(null, 10, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Invalid_utf8_is_invalid_request()
    {
        await using var service = await TestService.StartAsync();
        byte[] body = [.. "{\"type\":\"anonymous\",\"x\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");

        (await service.SendAsync(HttpMethod.Post, "/agent/auth", null, content)).Is(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Deep_nesting_is_invalid_request()
    {
        await using var service = await TestService.StartAsync();
        var body = "{\"type\":\"anonymous\",\"x\":" + new string('[', 5000) + new string(']', 5000) + "}";

        (await service.SendAsync(HttpMethod.Post, "/agent/auth", null, TestService.JsonContent(body))).Is(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Other_content_types_are_415(string type)
    {
        await using var service = await TestService.StartAsync();
        var content = new StringContent("{\"type\":\"anonymous\"}", Encoding.UTF8);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        (await service.SendAsync(HttpMethod.Post, "/agent/auth", null, content)).Is(HttpStatusCode.UnsupportedMediaType, "invalid_request");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bodies_over_64_KiB_are_413(bool chunked)
    {
        await using var service = await TestService.StartAsync();
        var content = TestService.JsonContent("{\"type\":\"anonymous\",\"x\":\"" + new string('a', 64 * 1024) + "\"}");

        var answer = await service.SendAsync(
            HttpMethod.Post, "/agent/auth", null, content, request => request.Headers.TransferEncodingChunked = chunked);

        answer.Is(HttpStatusCode.RequestEntityTooLarge, "invalid_request");
    }

    [Fact]
    public async Task A_wrong_method_gets_405_with_Allow()
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.GetAsync("/agent/auth");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Equal("POST", answer.Headers["Allow"]);
    }

    [Fact]
    public async Task Unknown_members_are_ignored()
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.PostAsync("/agent/auth", new { type = "anonymous", colour = "blue" });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task The_sixth_anonymous_registration_of_an_hour_is_rate_limited_until_the_window_has_slid()
    {
        await using var service = await TestService.StartAsync(configure: options => options.Limits.Enabled = true);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await service.RegisterAnonymouslyAsync()).Status);
            service.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var answer = await service.RegisterAnonymouslyAsync();
        answer.Is(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal("3300", answer.Headers["Retry-After"]);

        service.Time.Advance(TimeSpan.FromSeconds(3300));
        Assert.Equal(HttpStatusCode.OK, (await service.RegisterAnonymouslyAsync()).Status);
    }

    [Abuse(66, "an expired registration", "`410 claim_expired`")]
    [Abuse(66, "the key of an expired registration", "`401 invalid_token`")]
    [Fact]
    public async Task Abuse_66_an_expired_registration_is_claim_expired_and_its_key_dead()
    {
        await using var service = await TestService.StartAsync();
        var answer = await service.RegisterAnonymouslyAsync();
        var token = answer.Text("claim_token");
        service.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        var code = await service.ShowCodeAsync(await service.NextLinkTokenAsync());

        service.Time.Advance(TimeSpan.FromMilliseconds(1));

        (await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" })).Is(HttpStatusCode.Gone, "claim_expired");
        (await service.PostAsync("/agent/auth/claim/complete", new { claim_token = token, otp = code })).Is(HttpStatusCode.Gone, "claim_expired");
        (await service.GetAsync("/api/tickets", answer.Text("credential"))).Is(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Abuse(98, "an anonymous key whose registration has expired, before any sweep", "`401 invalid_token`")]
    [Fact]
    public async Task Abuse_98_an_anonymous_key_expires_with_its_registration_without_any_sweep()
    {
        await using var service = await TestService.StartAsync(services: TestService.RemoveSweeper);
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        service.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/api/tickets", key)).Status);
        service.Time.Advance(TimeSpan.FromMilliseconds(1));

        (await service.GetAsync("/api/tickets", key)).Is(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.DoesNotContain(await service.Store.ReadAuditAsync(null, 10, TestContext.Current.CancellationToken), row => row.Name == AgentAuditEvents.RegistrationExpired);
    }
}
