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
            "Bearer resource_metadata=\"https://tickets.example/.well-known/oauth-protected-resource/v1/\"",
            (await service.GetAsync("/api/tickets")).Headers["WWW-Authenticate"]);
        Assert.Equal("https://tickets.example/tenant/agent/auth/claim", (await service.RegisterAnonymouslyAsync()).Text("claim_url"));
        Assert.Equal("anonymous", (await service.PostAsync("/tenant/agent/auth", new { type = "anonymous" })).Text("registration_type"));
    }

    [Fact]
    public async Task Abuse_89_a_spoofed_host_changes_nothing()
    {
        await using var service = await TestService.StartAsync();
        Task<Answer> SpoofAsync(string path) => service.SendAsync(HttpMethod.Get, path, null, null, request =>
        {
            request.Headers.Host = "evil.example";
            request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "evil.example");
        });

        Assert.Equal((await service.GetAsync("/.well-known/oauth-protected-resource")).Body, (await SpoofAsync("/.well-known/oauth-protected-resource")).Body);
        Assert.DoesNotContain("evil", (await SpoofAsync("/api/tickets")).Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }
}
