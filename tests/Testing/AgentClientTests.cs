using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Testing;

/// <summary>The agent against a small service that answers as the protocol's examples do, and remembers what it was asked.</summary>
public class AgentClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Discovery_walks_from_the_challenge_to_the_endpoints()
    {
        await using var service = await FakeService.StartAsync();

        var agent = await service.DiscoverAsync();

        Assert.Equal(service.Origin + "/api", agent.Service.Resource);
        Assert.Equal(service.Origin + "/tenant", agent.Service.Issuer);
        Assert.Equal(["tickets.read"], agent.Service.Scopes);
        Assert.Equal(service.Url("/tenant/agent/auth"), agent.Service.RegisterUri);
        Assert.Equal(service.Url("/tenant/agent/auth/claim"), agent.Service.ClaimUri);
        Assert.Equal(service.Url("/tenant/agent/auth/claim/complete"), agent.Service.CompleteUri);
        Assert.Equal(service.Url("/tenant/agent/auth/revoke"), agent.Service.RevocationUri);
        Assert.Equal(["anonymous", "identity_assertion"], agent.Service.IdentityTypes);
    }

    [Fact]
    public async Task Discovery_names_the_step_that_fails()
    {
        await using var service = await FakeService.StartAsync();

        service.Challenge = "Bearer";
        await AssertFailsAsync(service, "without `resource_metadata`");
        service.Challenge = $"Bearer resource_metadata=\"{service.Origin}/nowhere\"";
        await AssertFailsAsync(service, "/nowhere answered 404");
        service.Challenge = $"Bearer error=\"invalid_token\", resource_metadata=\"{service.Origin}/prm\"";
        await service.DiscoverAsync();
        service.Resource = "https://other.example/api";
        await AssertFailsAsync(service, "speaks for https://other.example/api");
        service.Resource = service.Origin + "/api";
        service.Issuer = service.Origin + "/other";
        await AssertFailsAsync(service, "not for");
    }

    [Fact]
    public async Task Discovery_wants_a_401()
    {
        await using var service = await FakeService.StartAsync();
        using var http = new HttpClient();

        var failure = await Assert.ThrowsAsync<AgentDiscoveryException>(() => AgentClient.DiscoverAsync(http, service.Url("/prm"), Cancellation));

        Assert.Contains("answered 200; expected 401", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registrations_post_what_the_protocol_wants()
    {
        await using var service = await FakeService.StartAsync();
        var agent = await service.DiscoverAsync();
        service.Answer = (200, """{"registration_id":"reg_1","registration_type":"anonymous","credential_type":"api_key","credential":"agk_x","credential_expires":null,"scopes":["a"],"claim_url":"https://x.example/c","claim_token":"clm_x","claim_token_expires":"2026-05-21T12:00:00.000Z","post_claim_scopes":["b"]}""");

        var registration = (await agent.RegisterAnonymouslyAsync(cancellationToken: Cancellation)).Required;
        Assert.Equal("""{"type":"anonymous","requested_credential_type":"api_key"}""", service.LastBody);
        Assert.Equal("agk_x", registration.Credential);
        Assert.Null(registration.CredentialExpires);
        Assert.Equal(["a"], registration.Scopes);
        Assert.Equal(["b"], registration.PostClaimScopes);
        Assert.Equal("clm_x", registration.ClaimToken);
        Assert.Equal(new DateTimeOffset(2026, 5, 21, 12, 0, 0, TimeSpan.Zero), registration.ClaimTokenExpires);

        await agent.RegisterByEmailAsync("alice@example.com", "access_token", Cancellation);
        Assert.Equal("""{"type":"identity_assertion","assertion_type":"verified_email","assertion":"alice@example.com","requested_credential_type":"access_token"}""", service.LastBody);
        await agent.RegisterWithIdJagAsync("a.b.c", cancellationToken: Cancellation);
        Assert.Equal("""{"type":"identity_assertion","assertion_type":"urn:ietf:params:oauth:token-type:id-jag","assertion":"a.b.c"}""", service.LastBody);
    }

    [Fact]
    public async Task Errors_are_typed_with_what_comes_along()
    {
        await using var service = await FakeService.StartAsync();
        var agent = await service.DiscoverAsync();
        service.Answer = (401, """{"error":"interaction_required","message":"Ask.","registration_id":"reg_1","claim_token":"clm_1","post_claim_scopes":["a"]}""");

        var answer = await agent.RegisterWithIdJagAsync("a.b.c", cancellationToken: Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Null(answer.Value);
        Assert.Equal("interaction_required", answer.Error!.Code);
        Assert.Equal("clm_1", answer.Error.Pending!.ClaimToken);
        Assert.Contains("interaction_required: Ask.", Assert.Throws<InvalidOperationException>(() => answer.Required).Message, StringComparison.Ordinal);
        service.Answer = (429, """{"error":"rate_limited","message":"Later."}""");
        Assert.Equal(TimeSpan.FromSeconds(7), (await agent.RegisterAnonymouslyAsync(cancellationToken: Cancellation)).Error!.RetryAfter);
        service.Answer = (502, "<html>");
        Assert.Equal("", (await agent.RegisterAnonymouslyAsync(cancellationToken: Cancellation)).Error!.Code);
    }

    [Fact]
    public async Task Claims_are_started_and_completed()
    {
        await using var service = await FakeService.StartAsync();
        var agent = await service.DiscoverAsync();
        service.Answer = (200, """{"registration_id":"reg_1","claim_attempt_id":"cla_1","status":"initiated","expires_at":"2026-05-21T12:00:00.000Z"}""");
        Assert.Equal("cla_1", (await agent.ClaimAsync("clm_1", "alice@example.com", Cancellation)).Required.ClaimAttemptId);
        Assert.Equal("""{"claim_token":"clm_1","email":"alice@example.com"}""", service.LastBody);

        service.Answer = (200, """{"registration_id":"reg_1","status":"claimed","scopes":["a"]}""");
        var claimed = (await agent.CompleteAsync("clm_1", "123456", Cancellation)).Required;

        Assert.Equal("/tenant/agent/auth/claim/complete", service.LastPath);
        Assert.Equal("""{"claim_token":"clm_1","otp":"123456"}""", service.LastBody);
        Assert.Equal("claimed", claimed.Status);
        Assert.Null(claimed.Credential);
    }

    [Fact]
    public async Task Calls_carry_the_credential_in_the_header()
    {
        await using var service = await FakeService.StartAsync();
        var agent = await service.DiscoverAsync();
        service.Answer = (200, "{}");

        using var answer = await agent.CallAsync(HttpMethod.Post, new Uri("/api/tickets", UriKind.Relative), "agk_x", new JsonObject { ["a"] = 1 }, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Bearer agk_x", service.LastAuthorization);
        Assert.Equal("""{"a":1}""", service.LastBody);
    }

    [Fact]
    public async Task Credential_goes_to_no_other_service()
    {
        await using var service = await FakeService.StartAsync();
        await using var other = await TestApp.StartAsync(_ => throw new InvalidOperationException("It got here."));
        var agent = await service.DiscoverAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => agent.CallAsync(HttpMethod.Get, other.Url("/api/tickets"), "agk_x", cancellationToken: Cancellation));
    }

    private static async Task AssertFailsAsync(FakeService service, string expected)
    {
        var failure = await Assert.ThrowsAsync<AgentDiscoveryException>(service.DiscoverAsync);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    private sealed class FakeService : IAsyncDisposable
    {
        private readonly HttpClient _http = new();
        private TestApp _app = null!;

        public string Origin => _app.Origin;

        public string Challenge { get; set; } = "";

        public string Resource { get; set; } = "";

        public string Issuer { get; set; } = "";

        public (int Status, string Body) Answer { get; set; } = (200, "{}");

        public string LastPath { get; private set; } = "";

        public string LastBody { get; private set; } = "";

        public string LastAuthorization { get; private set; } = "";

        public static async Task<FakeService> StartAsync()
        {
            var service = new FakeService();
            service._app = await TestApp.StartAsync(service.AnswerAsync);
            service.Challenge = $"Bearer resource_metadata=\"{service.Origin}/prm\"";
            service.Resource = service.Origin + "/api";
            service.Issuer = service.Origin + "/tenant";
            return service;
        }

        public Uri Url(string path) => _app.Url(path);

        public Task<AgentClient> DiscoverAsync() => AgentClient.DiscoverAsync(_http, Url("/api/tickets"), Cancellation);

        public async ValueTask DisposeAsync()
        {
            _http.Dispose();
            await _app.DisposeAsync();
        }

        private async Task AnswerAsync(HttpContext context)
        {
            switch (context.Request.Method, context.Request.Path.Value)
            {
                case ("GET", "/api/tickets"):
                    context.Response.StatusCode = 401;
                    context.Response.Headers.WWWAuthenticate = Challenge;
                    return;
                case ("GET", "/prm"):
                    await context.Response.WriteAsync($$"""{"resource":"{{Resource}}","authorization_servers":["{{Origin}}/tenant"]}""");
                    return;
                case ("GET", "/.well-known/oauth-authorization-server/tenant"):
                    var auth = $"{Origin}/tenant/agent/auth";
                    await context.Response.WriteAsync(
                        $$"""{"issuer":"{{Issuer}}","scopes_supported":["tickets.read"],"agent_auth":{"skill":"{{Origin}}/auth.md","register_uri":"{{auth}}","claim_uri":"{{auth}}/claim","revocation_uri":"{{auth}}/revoke","identity_types_supported":["anonymous","identity_assertion"]} }""");
                    return;
                case ("POST", _):
                    LastPath = context.Request.Path;
                    LastAuthorization = context.Request.Headers.Authorization.ToString();
                    LastBody = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
                    context.Response.StatusCode = Answer.Status;
                    context.Response.Headers.RetryAfter = "7";
                    await context.Response.WriteAsync(Answer.Body);
                    return;
                default:
                    context.Response.StatusCode = 404;
                    return;
            }
        }
    }
}
