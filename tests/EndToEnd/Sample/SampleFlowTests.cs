using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentAuth.Testing;

namespace AgentAuth.EndToEnd.Sample;

/// <summary>The three flows and a revocation against the sample in its own process.</summary>
public sealed class SampleFlowTests(RunningSample sample) : IClassFixture<RunningSample>
{
    private static readonly Uri s_tickets = new("/api/tickets", UriKind.Relative);
    private static readonly Uri s_customers = new("/api/customers", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_gets_from_a_401_to_the_tickets_with_an_ID_JAG_that_is_good_once()
    {
        var agent = await sample.DiscoverAsync();
        var assertion = sample.Provider.MintIdJag(new IdJagRequest { Audience = agent.Service.Issuer, User = Somebody("alice") });

        var registered = (await agent.RegisterWithIdJagAsync(assertion, "access_token", Cancelled)).Required;

        Assert.Equal("agent-provider", registered.RegistrationType);
        Assert.Equal(["tickets.read", "tickets.write", "customers.read"], registered.Scopes);
        Assert.NotEmpty(await ReadArrayAsync(agent, s_tickets, registered.Credential!));
        using var created = await CreateTicketAsync(agent, registered.Credential!, "Written by an agent");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        using var found = await agent.CallAsync(HttpMethod.Get, created.Headers.Location!, registered.Credential!, cancellationToken: Cancelled);
        Assert.Equal("Written by an agent", (string?)(await ReadObjectAsync(found))["ticket"]!["title"]);

        var replayed = await agent.RegisterWithIdJagAsync(assertion, "access_token", Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, replayed.Status);
        Assert.Equal("replay_detected", replayed.Error!.Code);
    }

    [Fact]
    public async Task An_anonymous_key_reads_and_after_a_claim_the_same_key_writes()
    {
        var agent = await sample.DiscoverAsync();
        var registered = (await agent.RegisterAnonymouslyAsync("api_key", Cancelled)).Required;
        var key = registered.Credential!;
        Assert.Equal(["tickets.read"], registered.Scopes);
        Assert.NotEmpty(await ReadArrayAsync(agent, s_tickets, key));
        using (var refused = await CreateTicketAsync(agent, key, "Too early"))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("error=\"insufficient_scope\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.Contains("scope=\"tickets.write\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }

        await ClaimAsync(agent, registered.ClaimToken!, "dana@example.com");

        using var written = await CreateTicketAsync(agent, key, "Now it may");
        Assert.Equal(HttpStatusCode.Created, written.StatusCode);
    }

    [Fact]
    public async Task Email_first_gives_a_credential_after_the_code_and_none_before()
    {
        var agent = await sample.DiscoverAsync();
        var registered = (await agent.RegisterByEmailAsync("erin@example.com", "api_key", Cancelled)).Required;
        Assert.Null(registered.Credential);

        var mail = await sample.Mail.WaitForAsync("erin@example.com", Cancelled);
        var code = await sample.Person.ShowCodeAsync(mail.Links[0], Cancelled);
        var completed = (await agent.CompleteAsync(registered.ClaimToken!, code, Cancelled)).Required;

        Assert.Equal("claimed", completed.Status);
        Assert.NotEmpty(await ReadArrayAsync(agent, s_customers, completed.Credential!));
    }

    [Fact]
    public async Task A_logout_token_kills_the_credential_before_the_provider_has_its_answer()
    {
        var agent = await sample.DiscoverAsync();
        var bob = Somebody("bob");
        var assertion = sample.Provider.MintIdJag(new IdJagRequest { Audience = agent.Service.Issuer, User = bob });
        var key = (await agent.RegisterWithIdJagAsync(assertion, "api_key", Cancelled)).Required.Credential!;
        Assert.NotEmpty(await ReadArrayAsync(agent, s_tickets, key));

        using var revoked = await sample.Provider.SendLogoutAsync(
            agent.Service.RevocationUri!, new LogoutTokenRequest { Audience = agent.Service.Issuer, User = bob }, Cancelled);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);

        using var dead = await agent.CallAsync(HttpMethod.Get, s_tickets, key, cancellationToken: Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, dead.StatusCode);
        Assert.Contains("error=\"invalid_token\"", dead.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("{\"title\":\"  \"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"title\":7}", HttpStatusCode.BadRequest)]
    [InlineData("{\"title\":\"\\ud800\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"title\":\"x\",\"customerId\":99}", HttpStatusCode.BadRequest)]
    [InlineData("{\"title\":\"x\",\"customerId\":99999999999999999999}", HttpStatusCode.BadRequest)]
    [InlineData("{\"title\":\"a\\u0000b\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"title\":\"x\",\"customerId\":1}", HttpStatusCode.Created)]
    public async Task A_bad_ticket_is_answered_with_problem_details(string json, HttpStatusCode expected)
    {
        using var request = Post(s_tickets, await GetKeyAsync(), json);

        using var answer = await sample.Http.SendAsync(request, Cancelled);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Created ? "application/json" : "application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_title_that_is_too_long_is_refused_in_a_sentence()
    {
        using var request = Post(s_tickets, await GetKeyAsync(), $$"""{"title":"{{new string('x', 201)}}"}""");

        using var answer = await sample.Http.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("1 to 200 characters", (string?)(await ReadObjectAsync(answer))["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/tickets/1", HttpStatusCode.OK)]
    [InlineData("/api/tickets/4711", HttpStatusCode.NotFound)]
    [InlineData("/api/tickets/one", HttpStatusCode.BadRequest)]
    [InlineData("/api/tickets/99999999999999999999", HttpStatusCode.BadRequest)]
    public async Task A_ticket_is_found_by_its_number_only(string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await GetKeyAsync());

        using var answer = await sample.Http.SendAsync(request, Cancelled);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? "application/json" : "application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Health_asks_for_no_credential()
    {
        Assert.Equal("ok", await sample.Http.GetStringAsync(new Uri("/health", UriKind.Relative), Cancelled));
    }

    [Fact]
    public async Task The_audit_panel_shows_what_happened_and_no_secret()
    {
        var agent = await sample.DiscoverAsync();
        var registered = (await agent.RegisterAnonymouslyAsync("api_key", Cancelled)).Required;

        var audit = await sample.Http.GetStringAsync(new Uri("/demo/audit", UriKind.Relative), Cancelled);

        Assert.Contains(registered.RegistrationId, audit, StringComparison.Ordinal);
        Assert.DoesNotContain(registered.Credential!, audit, StringComparison.Ordinal);
        Assert.DoesNotContain(registered.ClaimToken!, audit, StringComparison.Ordinal);
    }

    [Fact]
    public void A_busy_provider_port_is_a_warning_and_not_the_end()
    {
        // The provider of this process has the port that the sample was told to start its own on.
        Assert.Contains("The demo provider does not run", sample.Output, StringComparison.Ordinal);
    }

    private DemoUser Somebody(string name) => sample.Provider.User(name);

    private async Task<string> GetKeyAsync()
    {
        var agent = await sample.DiscoverAsync();
        var assertion = sample.Provider.MintIdJag(new IdJagRequest { Audience = agent.Service.Issuer, User = Somebody("alice") });
        return (await agent.RegisterWithIdJagAsync(assertion, "api_key", Cancelled)).Required.Credential!;
    }

    private async Task ClaimAsync(AgentClient agent, string claimToken, string email)
    {
        Assert.Equal("initiated", (await agent.ClaimAsync(claimToken, email, Cancelled)).Required.Status);
        var mail = await sample.Mail.WaitForAsync(email, Cancelled);
        var code = await sample.Person.ShowCodeAsync(mail.Links[0], Cancelled);
        Assert.Equal("claimed", (await agent.CompleteAsync(claimToken, code, Cancelled)).Required.Status);
    }

    private static Task<HttpResponseMessage> CreateTicketAsync(AgentClient agent, string credential, string title) =>
        agent.CallAsync(HttpMethod.Post, s_tickets, credential, new JsonObject { ["title"] = title }, Cancelled);

    private static async Task<JsonArray> ReadArrayAsync(AgentClient agent, Uri url, string credential)
    {
        using var answer = await agent.CallAsync(HttpMethod.Get, url, credential, cancellationToken: Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Assert.IsType<JsonArray>(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled)));
    }

    private static async Task<JsonObject> ReadObjectAsync(HttpResponseMessage answer) =>
        Assert.IsType<JsonObject>(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled)));

    private static HttpRequestMessage Post(Uri url, string credential, string json) => new(HttpMethod.Post, url)
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", credential) },
        Content = new StringContent(json, Encoding.UTF8, "application/json"),
    };
}
