using System.Net;
using System.Text.Json.Nodes;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Testing;

namespace AgentAuth.Wire.OAuth;

/// <summary>The token endpoint over HTTP: what enterprise clients send, and what hostile ones do.</summary>
public sealed class TokenEndpointTests
{
    [Theory]
    [InlineData("post")]
    [InlineData("basic")]
    [InlineData("assertion")]
    public async Task A_registered_client_gets_a_token_by_each_way_to_prove_who_it_is(string way)
    {
        await using var client = await OAuthClient.StartAsync();
        var token = client.Mint();

        var answer = way switch
        {
            "post" => await client.RedeemAsync(token),
            "basic" => await client.PostAsync(OAuthPaths.Token, OAuthClient.Basic(OAuthClient.Id, OAuthClient.Secret), Grant(token)),
            _ => await client.PostAsync(
                OAuthPaths.Token, null, [.. Grant(token), ("client_assertion_type", OAuthNames.JwtBearerClient), ("client_assertion", client.ClientAssertion())]),
        };

        answer.Is(HttpStatusCode.OK);
        Assert.Equal(
            ["access_token", "expires_in", "resource", "scope", "token_type"],
            answer.Json.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(("Bearer", TestService.Resource, 3600L), (answer.Text("token_type"), answer.Text("resource"), answer.Json.GetProperty("expires_in").GetInt64()));
        Assert.Equal(("no-store", "no-cache", "*"), (answer.Headers["Cache-Control"], answer.Headers["Pragma"], answer.Headers["Access-Control-Allow-Origin"]));
        (await client.Pair.Service.GetAsync("/api/tickets", answer.Text("access_token"))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_public_client_is_the_issuer_itself_or_one_that_a_document_vouches_for()
    {
        await using var client = await OAuthClient.StartAsync();

        (await client.PostAsync(OAuthPaths.Token, null, Grant(client.Pair.Mint()))).Is(HttpStatusCode.OK);
        (await client.PostAsync(OAuthPaths.Token, null, [.. Grant(client.Pair.Mint()), ("client_id", client.Pair.Provider.Issuer)])).Is(HttpStatusCode.OK);
        (await client.PostAsync(OAuthPaths.Token, null, [.. Grant(client.Pair.Mint()), ("client_id", "somebody-else")])).Is(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Fact]
    public async Task Scopes_are_those_that_assertion_request_and_client_have_in_common()
    {
        await using var client = await OAuthClient.StartAsync(entry => entry.Scopes.Add("tickets.read"));

        Assert.Equal("tickets.read", (await client.RedeemAsync(client.Mint())).Text("scope"));
        Assert.Equal("tickets.read", (await client.RedeemAsync(client.Mint(), ("scope", "tickets.read tickets.write unknown"))).Text("scope"));
        (await client.RedeemAsync(client.Mint(), ("scope", "tickets.write"))).Is(HttpStatusCode.BadRequest, "invalid_scope");
        (await client.RedeemAsync(client.Mint(request => request with { Scope = "tickets.write" }))).Is(HttpStatusCode.BadRequest, "invalid_scope");
    }

    [Fact]
    public async Task A_client_of_one_provider_redeems_no_assertion_of_another()
    {
        await using var other = await DemoIdentityProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var pair = await ServiceWithProvider.StartAsync(configure: options =>
        {
            options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = other.Issuer });
            var entry = new AgentAuthClientOptions { Id = OAuthClient.Id, Provider = other.Issuer };
            entry.SecretHashes.Add("sha256:" + Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(OAuthClient.Secret))));
            options.Clients.Add(entry);
        });
        var token = pair.Mint(request => request with { ClientId = OAuthClient.Id });

        var answer = await pair.Service.SendAsync(HttpMethod.Post, OAuthPaths.Token, null, new FormUrlEncodedContent(
            Grant(token).Append(("client_id", OAuthClient.Id)).Append(("client_secret", OAuthClient.Secret)).Select(p => KeyValuePair.Create(p.Item1, p.Item2!))));

        answer.Is(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Fact]
    public async Task An_enterprise_assertion_needs_no_address_and_its_audience_is_the_issuer_alone()
    {
        await using var client = await OAuthClient.StartAsync();
        var bare = client.Mint(request => request with
        {
            Claims = claims =>
            {
                claims.Remove("email");
                claims.Remove("email_verified");
                claims.Remove("phone_number");
                claims.Remove("phone_number_verified");
                claims["aud"] = new JsonArray(TestService.Issuer);
                claims["resource"] = new JsonArray("https://other.example", TestService.Resource);
            },
        });

        (await client.RedeemAsync(bare)).Is(HttpStatusCode.OK);
        (await client.RedeemAsync(client.Mint(request => request with { Audience = TestService.Resource }))).Is(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Fact]
    public async Task An_address_without_email_verified_counts_where_the_provider_is_trusted_with_it()
    {
        await using var trusted = await OAuthClient.StartAsync(trustsEmail: true);
        await using var untrusted = await OAuthClient.StartAsync();
        static IdJagRequest Unsaid(IdJagRequest request) => request with { Claims = claims => claims.Remove("email_verified") };
        var account = await trusted.Pair.AccountByEmailAsync("alice@example.com");
        await untrusted.Pair.AccountByEmailAsync("alice@example.com");

        var linked = await trusted.RedeemAsync(trusted.Mint(Unsaid));
        var apart = await untrusted.RedeemAsync(untrusted.Mint(Unsaid));

        Assert.Equal(account, (await trusted.Pair.Service.GetAsync("/api/tickets", linked.Text("access_token"))).Body);
        Assert.NotEqual(account, (await untrusted.Pair.Service.GetAsync("/api/tickets", apart.Text("access_token"))).Body);
    }

    [Fact]
    public async Task An_account_that_its_owner_has_to_open_is_interaction_required_without_a_mail_or_a_secret()
    {
        await using var client = await OAuthClient.StartAsync();
        await client.Pair.AccountByEmailAsync("alice@example.com");

        var answer = await client.RedeemAsync(client.Mint());

        answer.Is(HttpStatusCode.BadRequest, "interaction_required");
        Assert.Equal(["error", "error_description", "error_uri", "message"], answer.Json.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(TestService.Issuer + "/auth.md", answer.Text("error_uri"));
        Assert.True(client.Pair.Service.Mail.IsEmpty);
    }

    [Theory]
    [InlineData("grant_type=authorization_code", "unsupported_grant_type")]
    [InlineData("grant_type=", "invalid_request")]
    [InlineData("assertion=a.b.c", "invalid_request")]
    [InlineData("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer", "invalid_request")]
    [InlineData("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=x&assertion=y", "invalid_request")]
    [InlineData("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=x.y.z", "invalid_grant")]
    [InlineData("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=x&resource=a&resource=b", "invalid_target")]
    [InlineData("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=x&authorization_details=%5B%5D", "invalid_request")]
    [InlineData("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=x&client_assertion=y", "invalid_request")]
    public async Task A_request_that_is_none_gets_the_error_of_its_kind(string form, string error)
    {
        await using var client = await OAuthClient.StartAsync();

        (await client.SendAsync(OAuthPaths.Token, null, form)).Is(HttpStatusCode.BadRequest, error);
    }

    [Fact]
    public async Task Other_methods_media_types_and_origins_are_answered_as_OAuth_does()
    {
        await using var client = await OAuthClient.StartAsync();
        var service = client.Pair.Service;

        (await service.GetAsync(OAuthPaths.Token)).Is(HttpStatusCode.MethodNotAllowed, "invalid_request");
        (await service.PostAsync(OAuthPaths.Token, new { grant_type = "x" })).Is(HttpStatusCode.UnsupportedMediaType, "invalid_request");
        var preflight = await service.SendAsync(HttpMethod.Options, OAuthPaths.Token, null, null, request => request.Headers.Add("Origin", "https://inspector.example"));
        Assert.Equal((HttpStatusCode.NoContent, "*"), (preflight.Status, preflight.Headers["Access-Control-Allow-Origin"]));
    }

    [Fact]
    public async Task Too_many_requests_are_told_by_OAuths_name()
    {
        await using var client = await OAuthClient.StartAsync(limits: true);
        Answer answer;
        var sent = 0;
        do
        {
            answer = await client.RedeemAsync("x.y.z", ("client_secret", "wrong"));
        }
        while (answer.Status != HttpStatusCode.TooManyRequests && ++sent < 200);

        answer.Is(HttpStatusCode.TooManyRequests, "rate_limit_exceeded");
        Assert.True(int.Parse(answer.Headers["Retry-After"], null) > 0);
    }

    [Fact]
    public async Task One_assertion_at_two_doors_at_once_succeeds_once()
    {
        await using var client = await OAuthClient.StartAsync();
        var token = client.Pair.Mint();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            i % 2 == 0 ? client.Pair.RegisterAsync(token) : client.PostAsync(OAuthPaths.Token, null, Grant(token))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Contains(answer.Error, (string[])["replay_detected", "invalid_grant"]));
    }

    [Abuse(110, "ID-JAG at the token endpoint with `resource` of another server", "`400 invalid_target`")]
    [Fact]
    public async Task Abuse_110_another_resource()
    {
        await using var client = await OAuthClient.StartAsync();

        (await client.RedeemAsync(client.Mint(), ("resource", "https://other.example"))).Is(HttpStatusCode.BadRequest, "invalid_target");
        (await client.RedeemAsync(client.Mint(request => request with { Claims = claims => claims["resource"] = "https://other.example" }))).Is(HttpStatusCode.BadRequest, "invalid_target");
        (await client.RedeemAsync(client.Mint(), ("resource", TestService.Resource + "/"))).Is(HttpStatusCode.OK);
    }

    [Abuse(116, "token endpoint: an ID-JAG whose `iss` is the service, a logout token", "`400 invalid_grant`")]
    [Fact]
    public async Task Abuse_116_tokens_of_another_kind_and_of_ourselves()
    {
        await using var client = await OAuthClient.StartAsync();

        (await client.RedeemAsync(client.Mint(request => request with { Claims = claims => claims["iss"] = TestService.Issuer }))).Is(HttpStatusCode.BadRequest, "invalid_grant");
        (await client.RedeemAsync(client.Pair.MintLogout())).Is(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Abuse(117, "client secret that is wrong; in two places; in the URL", "`401 invalid_client`; `400 invalid_request`; `400 invalid_request`, nothing is logged")]
    [Fact]
    public async Task Abuse_117_client_secrets()
    {
        await using var client = await OAuthClient.StartAsync();
        var token = client.Mint();

        var wrong = await client.RedeemAsync(token, ("client_secret", OAuthClient.Secret[..^1]));
        wrong.Is(HttpStatusCode.Unauthorized, "invalid_client");
        Assert.Contains("Basic realm=", wrong.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        (await client.PostAsync(OAuthPaths.Token, OAuthClient.Basic(OAuthClient.Id, OAuthClient.Secret), [.. Grant(token), ("client_secret", OAuthClient.Secret)]))
            .Is(HttpStatusCode.BadRequest, "invalid_request");
        (await client.PostAsync($"{OAuthPaths.Token}?client_secret={OAuthClient.Secret}", null, Grant(token))).Is(HttpStatusCode.BadRequest, "invalid_request");
        (await client.RedeemAsync(token)).Is(HttpStatusCode.OK);
    }

    [Abuse(121, "ID-JAG of a client that has a secret, without it, at the token endpoint and at `/agent/auth`", "`401 invalid_client`; `400 invalid_client_id`; it stays good")]
    [Fact]
    public async Task Abuse_121_a_confidential_clients_assertion_in_other_hands()
    {
        await using var client = await OAuthClient.StartAsync();
        var token = client.Mint();

        (await client.RedeemAsync(token, ("client_secret", null))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await client.RedeemAsync(token, ("client_secret", null), ("client_id", null))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await client.Pair.RegisterAsync(token)).Is(HttpStatusCode.BadRequest, "invalid_client_id");
        (await client.RedeemAsync(token)).Is(HttpStatusCode.OK);
    }

    [Abuse(122, "claim token, API key or access token as an assertion; an ID-JAG as a token to end", "`400 invalid_grant`; `200` and nothing ends")]
    [Fact]
    public async Task Abuse_122_secrets_of_another_kind()
    {
        await using var client = await OAuthClient.StartAsync();
        var registered = await client.Pair.Service.RegisterAnonymouslyAsync();

        (await client.RedeemAsync(registered.Text("claim_token"))).Is(HttpStatusCode.BadRequest, "invalid_grant");
        (await client.RedeemAsync(registered.Text("credential"))).Is(HttpStatusCode.BadRequest, "invalid_grant");
        var token = client.Pair.Mint();
        (await client.PostAsync(OAuthPaths.Revoke, null, ("token", token))).Is(HttpStatusCode.OK);
        (await client.PostAsync(OAuthPaths.Revoke, null, ("token", registered.Text("claim_token")))).Is(HttpStatusCode.OK);
        (await client.Pair.RegisterAsync(token)).Is(HttpStatusCode.OK);
        (await client.Pair.Service.GetAsync("/api/tickets", registered.Text("credential"))).Is(HttpStatusCode.OK);
    }

    [Abuse(126, "ID-JAG that is older than the revocation", "`400 invalid_grant`")]
    [Fact]
    public async Task Abuse_126_an_assertion_older_than_the_revocation()
    {
        await using var client = await OAuthClient.StartAsync();
        var older = client.Mint();
        var first = await client.RedeemAsync(client.Mint());
        client.Pair.Service.Time.Advance(TimeSpan.FromSeconds(2));
        (await client.Pair.LogoutAsync(client.Pair.MintLogout())).Is(HttpStatusCode.OK);

        (await client.RedeemAsync(older)).Is(HttpStatusCode.BadRequest, "invalid_grant");
        (await client.Pair.Service.GetAsync("/api/tickets", first.Text("access_token"))).Is(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Abuse(128, "ID-JAG with a `tenant`, an empty one, several", "`400 invalid_grant`: no provider here has tenants")]
    [Fact]
    public async Task Abuse_128_tenants()
    {
        await using var client = await OAuthClient.StartAsync();

        foreach (var tenant in new JsonNode[] { "acme", "", new JsonArray("a", "b") })
        {
            (await client.RedeemAsync(client.Mint(request => request with { Claims = claims => claims["tenant"] = tenant }))).Is(HttpStatusCode.BadRequest, "invalid_grant");
        }
    }

    [Abuse(135, "`client_assertion` that is replayed, for another audience, expired, of another key, or not there", "`401 invalid_client`")]
    [Fact]
    public async Task Abuse_135_client_assertions()
    {
        await using var client = await OAuthClient.StartAsync();
        await using var stranger = await OAuthClient.StartAsync();
        var once = client.ClientAssertion();
        Task<Answer> Redeem(string? assertion) => client.PostAsync(
            OAuthPaths.Token, null, [.. Grant(client.Mint()), ("client_assertion_type", assertion is null ? null : OAuthNames.JwtBearerClient), ("client_assertion", assertion)]);

        (await Redeem(once)).Is(HttpStatusCode.OK);
        (await Redeem(once)).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await Redeem(client.ClientAssertion(claims => claims["aud"] = "https://other.example"))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await Redeem(client.ClientAssertion(claims => claims["aud"] = new JsonArray(TestService.Issuer, "https://other.example")))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await Redeem(client.ClientAssertion(claims => claims["exp"] = 1))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await Redeem(client.ClientAssertion(claims => claims["exp"] = 4102444800))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await Redeem(client.ClientAssertion(claims => claims.Remove("jti")))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await Redeem(client.ClientAssertion(claims => claims["iss"] = "other"))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await Redeem(client.ClientAssertion(claims => claims["nbf"] = 4102444800))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await Redeem(stranger.ClientAssertion())).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await Redeem(null)).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await Redeem(client.ClientAssertion(claims => claims["aud"] = TestService.Issuer + OAuthPaths.Token))).Is(HttpStatusCode.OK);
    }

    [Abuse(141, "`Basic id:`, of a public client and of a registered one; Basic and a client in the body", "`200`; `401 invalid_client`; `400 invalid_request`")]
    [Fact]
    public async Task Abuse_141_Basic_without_a_secret()
    {
        await using var client = await OAuthClient.StartAsync();

        (await client.PostAsync(OAuthPaths.Token, OAuthClient.Basic(Uri.EscapeDataString(client.Pair.Provider.Issuer), ""), Grant(client.Pair.Mint()))).Is(HttpStatusCode.OK);
        (await client.PostAsync(OAuthPaths.Token, OAuthClient.Basic(OAuthClient.Id, ""), Grant(client.Mint()))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await client.PostAsync(OAuthPaths.Token, OAuthClient.Basic(OAuthClient.Id, OAuthClient.Secret), [.. Grant(client.Mint()), ("client_id", "other")])).Is(HttpStatusCode.BadRequest, "invalid_request");
        (await client.PostAsync(OAuthPaths.Token, "Basic %%%", Grant(client.Mint()))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await client.PostAsync(OAuthPaths.Token, "Bearer x", Grant(client.Mint()))).Is(HttpStatusCode.Unauthorized, "invalid_client");
    }

    private static (string, string?)[] Grant(string token) => [("grant_type", OAuthNames.JwtBearerGrant), ("assertion", token)];
}
