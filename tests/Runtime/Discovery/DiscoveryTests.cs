using System.Net;

namespace AgentAuth.Discovery;

public sealed class DiscoveryTests
{
    [Theory]
    [InlineData("/auth.md", "text/markdown; charset=utf-8", "# TicketDesk auth.md\n")]
    [InlineData("/.well-known/oauth-protected-resource", "application/json", "{\"resource\":\"https://api.tickets.example\"}")]
    [InlineData("/.well-known/oauth-authorization-server", "application/json", "{\"issuer\":\"https://auth.tickets.example\"}")]
    [InlineData("//.well-known/oauth-authorization-server", "application/json", "{\"issuer\":\"https://auth.tickets.example\"}")]
    public async Task Documents_are_public_cacheable_and_readable_from_any_origin(string path, string type, string content)
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.SendAsync(HttpMethod.Get, "/", null, null, request => request.RequestUri = new Uri(service.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(type, answer.Headers["Content-Type"]);
        Assert.Equal(content, answer.Body);
        Assert.Equal("public, max-age=300", answer.Headers["Cache-Control"]);
        Assert.Equal("*", answer.Headers["Access-Control-Allow-Origin"]);
        Assert.Matches("^\"[0-9a-f]{32}\"$", answer.Headers["ETag"]);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("W/{0}")]
    [InlineData("\"other\", {0}")]
    [InlineData("*")]
    public async Task A_known_document_is_304_without_a_body(string known)
    {
        await using var service = await TestService.StartAsync();
        var etag = (await service.GetAsync("/auth.md")).Headers["ETag"];

        var answer = await service.SendAsync(HttpMethod.Get, "/auth.md", null, null, request =>
            request.Headers.TryAddWithoutValidation("If-None-Match", string.Format(null, known, etag)));

        Assert.Equal(HttpStatusCode.NotModified, answer.Status);
        Assert.Equal(etag, answer.Headers["ETag"]);
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task Another_documents_etag_is_answered_in_full()
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.SendAsync(HttpMethod.Get, "/auth.md", null, null, request =>
            request.Headers.TryAddWithoutValidation("If-None-Match", "\"other\""));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task HEAD_answers_like_GET_without_the_body()
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.SendAsync(HttpMethod.Head, "/auth.md", null, null);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("21", answer.Headers["Content-Length"]);
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task Identifiers_with_a_path_are_served_where_the_RFCs_put_them_plainly_and_appended()
    {
        await using var service = await TestService.StartAsync(configure: options =>
        {
            options.Issuer = "https://tickets.example/tenant";
            options.Resource = "https://tickets.example/v1/";
        });

        foreach (var path in new[] { "/.well-known/oauth-authorization-server/tenant", "/.well-known/oauth-authorization-server", "/tenant/.well-known/oauth-authorization-server" })
        {
            Assert.Equal("{\"issuer\":\"https://tickets.example/tenant\"}", (await service.GetAsync(path)).Body);
        }

        foreach (var path in new[] { "/.well-known/oauth-protected-resource/v1/", "/.well-known/oauth-protected-resource/v1", "/.well-known/oauth-protected-resource", "/v1/.well-known/oauth-protected-resource" })
        {
            Assert.Equal("{\"resource\":\"https://tickets.example/v1/\"}", (await service.GetAsync(path)).Body);
        }

        Assert.Equal(
            "Bearer resource_metadata=\"https://tickets.example/.well-known/oauth-protected-resource/v1/\", scope=\"tickets.read\"",
            (await service.GetAsync("/api/tickets")).Headers["WWW-Authenticate"]);
        Assert.Equal("https://tickets.example/tenant/agent/auth/claim", (await service.RegisterAnonymouslyAsync()).Text("claim_url"));
        Assert.Equal("anonymous", (await service.PostAsync("/tenant/agent/auth", new { type = "anonymous" })).Text("registration_type"));
    }

    [Abuse(89, "a spoofed `Host`, `X-Forwarded-*` or `Forwarded`", "`200` and `401 unauthorized` as ever: documents, challenge, `claim_url` and mailed link are from settings")]
    [Fact]
    public async Task Abuse_89_a_spoofed_host_changes_nothing()
    {
        await using var service = await TestService.StartAsync();
        string[] names = ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Original-Host", "Forwarded"];
        foreach (var name in names)
        {
            Task<Answer> SpoofAsync(HttpMethod method, string path, object? body = null) => service.SendAsync(
                method, path, null, body is null ? null : TestService.JsonContent(System.Text.Json.JsonSerializer.Serialize(body)), request =>
                {
                    if (name == "Host")
                    {
                        request.Headers.Host = "evil.example";
                    }
                    else
                    {
                        request.Headers.TryAddWithoutValidation(name, name == "Forwarded" ? "host=evil.example;proto=evil" : "evil.example");
                    }
                });

            foreach (var path in (string[])["/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server", "/auth.md"])
            {
                var spoofed = await SpoofAsync(HttpMethod.Get, path);
                spoofed.Is(HttpStatusCode.OK);
                Assert.Equal((await service.GetAsync(path)).Body, spoofed.Body);
            }

            var challenged = await SpoofAsync(HttpMethod.Get, "/api/tickets");
            challenged.Is(HttpStatusCode.Unauthorized, "unauthorized");
            Assert.Equal((await service.GetAsync("/api/tickets")).Headers["WWW-Authenticate"], challenged.Headers["WWW-Authenticate"]);
            Assert.DoesNotContain("evil", challenged.Body, StringComparison.Ordinal);

            var registered = await SpoofAsync(HttpMethod.Post, "/agent/auth", new { type = "identity_assertion", assertion_type = "verified_email", assertion = "user@example.com" });
            Assert.Equal("https://auth.tickets.example/agent/auth/claim", registered.Text("claim_url"));
            var mail = await service.Mail.NextAsync();
            Assert.Contains("https://auth.tickets.example/agent/auth/claim/view?token=", mail.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", mail.Text, StringComparison.Ordinal);
        }
    }
}
