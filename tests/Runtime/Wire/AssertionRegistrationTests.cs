using System.Net;
using AgentAuth.Audit;
using AgentAuth.Manifest;
using AgentAuth.Testing;

namespace AgentAuth.Wire;

/// <summary>ID-JAGs and logout tokens over HTTP, with a real provider on loopback whose clock is the service's.</summary>
public sealed class AssertionRegistrationTests
{
    [Fact]
    public async Task An_id_jag_gets_an_access_token_at_once_and_no_refresh_token()
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        var answer = await pair.RegisterAsync(pair.Mint());

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("agent-provider", answer.Text("registration_type"));
        Assert.Equal("access_token", answer.Text("credential_type"));
        Assert.Equal("2026-11-24T13:00:00.000Z", answer.Text("credential_expires"));
        Assert.Equal(["tickets.read", "tickets.write"], answer.Texts("scopes"));
        Assert.False(answer.Json.TryGetProperty("refresh_token", out _));
        Assert.False(answer.Json.TryGetProperty("claim_token", out _));
        Assert.Equal("created", (await pair.Service.SendAsync(HttpMethod.Post, "/api/tickets", answer.Text("credential"), null)).Body);
    }

    [Fact]
    public async Task Abuse_38_the_same_jti_twice_is_replay_detected()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var assertion = pair.Mint();

        Assert.Equal(HttpStatusCode.OK, (await pair.RegisterAsync(assertion)).Status);
        (await pair.RegisterAsync(assertion)).Is(HttpStatusCode.BadRequest, "replay_detected");

        var refusal = (await pair.Service.Store.ReadAuditAsync(null, 1, TestContext.Current.CancellationToken))[0];
        Assert.Equal((AuditEvents.RegistrationRefused, "replay_detected", pair.Provider.Issuer), (refusal.Name, refusal.Outcome, refusal.Issuer));
    }

    [Fact]
    public async Task Abuse_39_of_64_parallel_posts_of_one_token_exactly_one_succeeds()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var assertion = pair.Mint();

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => pair.RegisterAsync(assertion)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => answer.Is(HttpStatusCode.BadRequest, "replay_detected"));
    }

    [Fact]
    public async Task Abuse_43_a_token_refused_for_another_reason_is_not_burnt()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var refused = pair.Mint(request => request with { JwtId = "one", Claims = claims => claims["email_verified"] = false });

        (await pair.RegisterAsync(refused)).Is(HttpStatusCode.BadRequest, "missing_verified_email");
        Assert.Equal(HttpStatusCode.OK, (await pair.RegisterAsync(pair.Mint(request => request with { JwtId = "one" }))).Status);
    }

    [Fact]
    public async Task Abuse_23_an_untrusted_issuer_is_refused_without_any_request()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        await using var stranger = await DemoIdentityProvider.StartAsync(options: new DemoIdentityProviderOptions { Clock = pair.Service.Time }, cancellationToken: TestContext.Current.CancellationToken);

        var answer = await pair.RegisterAsync(stranger.MintIdJag(new IdJagRequest { Audience = TestService.Issuer }));

        answer.Is(HttpStatusCode.BadRequest, "invalid_issuer");
        Assert.Equal(0, stranger.KeyRequests);
    }

    [Fact]
    public async Task Abuse_45_and_46_an_address_with_an_account_needs_its_owners_consent_and_then_is_linked()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var account = await pair.AccountByEmailAsync("alice@example.com");

        var answer = await pair.RegisterAsync(pair.Mint());
        answer.Is(HttpStatusCode.Unauthorized, "interaction_required");
        Assert.Equal("https://auth.tickets.example/agent/auth/claim", answer.Text("claim_url"));
        Assert.Equal("Bearer resource_metadata=\"https://api.tickets.example/.well-known/oauth-protected-resource\"", answer.Headers["WWW-Authenticate"]);
        Assert.False(answer.Json.TryGetProperty("credential", out _));
        var mail = await pair.Service.Mail.NextAsync();
        Assert.Equal("alice@example.com", mail.To);
        Assert.Contains("An AI agent of Demo Agents asks for access to TicketDesk", mail.Text, StringComparison.Ordinal);

        var code = await pair.Service.ShowCodeAsync(mail.Text.Split("token=")[1].Split('\n')[0]);
        var completed = await pair.Service.PostAsync("/agent/auth/claim/complete", new { claim_token = answer.Text("claim_token"), otp = code });
        Assert.Equal(account, (await pair.Service.GetAsync("/api/tickets", completed.Text("credential"))).Body);

        // From now on the pair is known.
        var again = await pair.RegisterAsync(pair.Mint());
        Assert.Equal(account, (await pair.Service.GetAsync("/api/tickets", again.Text("credential"))).Body);
    }

    [Fact]
    public async Task A_provider_trusted_with_addresses_links_at_once()
    {
        await using var pair = await ServiceWithProvider.StartAsync(trustsEmail: true);
        var account = await pair.AccountByEmailAsync("alice@example.com");

        var answer = await pair.RegisterAsync(pair.Mint());

        Assert.Equal(account, (await pair.Service.GetAsync("/api/tickets", answer.Text("credential"))).Body);
    }

    [Theory]
    [InlineData("alice@example.com", true)]
    [InlineData("Alice@EXAMPLE.com", true)]
    [InlineData("alice@mail.example.com", false)]
    [InlineData("alice@badexample.com", false)]
    [InlineData("alice@example.com.evil.example", false)]
    [InlineData("alice@example.org", false)]
    public async Task A_provider_trusted_for_a_domain_links_addresses_at_it_and_no_others(string email, bool links)
    {
        await using var pair = await ServiceWithProvider.StartAsync(trustsEmail: true, trust: provider => provider.EmailDomains.Add("Example.com"));
        var account = await pair.AccountByEmailAsync(email);

        var answer = await pair.RegisterAsync(pair.Mint(request => request with { User = new DemoUser("alice", "user-alice", email) }));

        if (links)
        {
            Assert.Equal(account, (await pair.Service.GetAsync("/api/tickets", answer.Text("credential"))).Body);
        }
        else
        {
            answer.Is(HttpStatusCode.Unauthorized, "interaction_required");
        }
    }

    [Theory]
    [InlineData("alice@example.com", true)]
    [InlineData("alice@example.org", false)]
    public async Task An_account_made_on_a_providers_word_is_its_owners_only_within_the_trusted_domains(string email, bool isConfirmed)
    {
        await using var pair = await ServiceWithProvider.StartAsync(trustsEmail: true, trust: provider => provider.EmailDomains.Add("example.com"));
        var first = await pair.RegisterAsync(pair.Mint(request => request with { User = new DemoUser("alice", "user-alice", email) }));
        var providersAccount = (await pair.Service.GetAsync("/api/tickets", first.Text("credential"))).Body;

        Assert.Equal(isConfirmed, providersAccount == await pair.AccountByEmailAsync(email));
    }

    [Fact]
    public async Task Abuse_51_an_authentication_that_is_not_enough_is_told_what_would_be()
    {
        await using var pair = await ServiceWithProvider.StartAsync(trust: provider =>
        {
            provider.Requires.Add("mfa");
            provider.Acr.Add("urn:example:strong");
            provider.Acr.Add("urn:example:stronger");
            provider.MaxAuthenticationAge = TimeSpan.FromMinutes(90);
        });

        var answer = await pair.RegisterAsync(pair.Mint());
        answer.Is(HttpStatusCode.BadRequest, "insufficient_user_authentication");
        Assert.Equal(5400, answer.Json.GetProperty("max_age").GetInt64());
        Assert.Equal("urn:example:strong urn:example:stronger", answer.Text("acr_values"));
        var refusal = (await pair.Service.Store.ReadAuditAsync(null, 1, TestContext.Current.CancellationToken))[0];
        Assert.Equal((AuditEvents.RegistrationRefused, "insufficient_user_authentication"), (refusal.Name, refusal.Outcome));

        var enough = await pair.RegisterAsync(pair.Mint(request => request with
        {
            AuthenticationMethods = ["pwd", "mfa"],
            AuthenticationContext = "urn:example:stronger",
            AuthenticationTime = pair.Service.Time.GetUtcNow().AddMinutes(-91),
        }));
        Assert.Equal(HttpStatusCode.OK, enough.Status);
    }

    [Fact]
    public async Task What_is_not_required_is_not_told()
    {
        await using var pair = await ServiceWithProvider.StartAsync(trust: provider => provider.Requires.Add("mfa"));

        var answer = await pair.RegisterAsync(pair.Mint());

        answer.Is(HttpStatusCode.BadRequest, "insufficient_user_authentication");
        Assert.Equal(["error", "message", "error_description"], answer.Json.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_provider_whose_keys_are_pinned_is_never_asked_for_them()
    {
        using var http = new HttpClient();
        await using var pair = await ServiceWithProvider.StartAsync(trust: provider =>
        {
            var set = http.GetStringAsync(provider.Issuer + "/.well-known/jwks.json", TestContext.Current.CancellationToken).GetAwaiter().GetResult();
            provider.PinnedKeys.Add(System.Text.Json.JsonDocument.Parse(set).RootElement.GetProperty("keys")[0].GetRawText());
        });

        Assert.Equal(HttpStatusCode.OK, (await pair.RegisterAsync(pair.Mint())).Status);
        Assert.Equal(HttpStatusCode.OK, (await pair.LogoutAsync(pair.MintLogout())).Status);
        (await pair.RegisterAsync(pair.Mint(request => request with { Header = header => header["kid"] = "other" }))).Is(HttpStatusCode.BadRequest, "invalid_signature");
        pair.Provider.RotateKeys();
        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.BadRequest, "invalid_signature");

        // The one is this test's.
        Assert.Equal(1, pair.Provider.KeyRequests);
    }

    [Fact]
    public async Task Only_named_clients_are_accepted_where_some_are_named()
    {
        await using var pair = await ServiceWithProvider.StartAsync(trust: provider => provider.Clients.Add("own-client"));

        Assert.Equal(HttpStatusCode.OK, (await pair.RegisterAsync(pair.Mint(request => request with { ClientId = "own-client" }))).Status);
        (await pair.RegisterAsync(pair.Mint(request => request with { ClientId = pair.Provider.ClientId }))).Is(HttpStatusCode.BadRequest, "invalid_client_id");
    }

    [Fact]
    public async Task An_account_made_on_a_providers_word_is_not_handed_to_whoever_confirms_the_address()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var first = await pair.RegisterAsync(pair.Mint());
        var providersAccount = (await pair.Service.GetAsync("/api/tickets", first.Text("credential"))).Body;

        Assert.NotEqual(providersAccount, await pair.AccountByEmailAsync("alice@example.com"));

        // Another user of the provider with the same address has to ask its owner.
        var other = pair.Mint(request => request with { User = new DemoUser("alice2", "other-subject", "alice@example.com") });
        (await pair.RegisterAsync(other)).Is(HttpStatusCode.Unauthorized, "interaction_required");
    }

    [Fact]
    public async Task Where_auth_md_rejects_strangers_nobody_is_provisioned()
    {
        await using var pair = await ServiceWithProvider.StartAsync(TestService.Manifest with { AccountMatching = new AccountMatchingPolicy { Provisions = false } });

        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.Forbidden, "registration_rejected");
        Assert.Null(await pair.Service.Store.FindAccountAsync("alice@example.com", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("tickets.read admin.all", new[] { "tickets.read" })]
    [InlineData("tickets.write", new[] { "tickets.write" })]
    public async Task Abuse_49_scopes_in_the_token_narrow_and_never_widen(string scope, string[] granted)
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        Assert.Equal(granted, (await pair.RegisterAsync(pair.Mint(request => request with { Scope = scope }))).Texts("scopes"));
    }

    [Fact]
    public async Task A_token_whose_scopes_are_all_foreign_gets_nothing()
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        (await pair.RegisterAsync(pair.Mint(request => request with { Scope = "admin.all" }))).Is(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Abuse_83_and_95_a_logout_token_kills_every_credential_before_it_is_answered_and_the_delegation_too()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        await pair.AccountByEmailAsync("alice@example.com");
        var waiting = await pair.RegisterAsync(pair.Mint());
        var code = await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync());
        var token = (await pair.Service.PostAsync("/agent/auth/claim/complete", new { claim_token = waiting.Text("claim_token"), otp = code })).Text("credential");
        var key = (await pair.RegisterAsync(pair.Mint(), "api_key")).Text("credential");

        var revoked = await pair.LogoutAsync(pair.MintLogout());

        Assert.Equal((HttpStatusCode.OK, "{\"revoked\":2}"), (revoked.Status, revoked.Body));
        (await pair.Service.GetAsync("/api/tickets", token)).Is(HttpStatusCode.Unauthorized, "invalid_token");
        (await pair.Service.GetAsync("/api/tickets", key)).Is(HttpStatusCode.Unauthorized, "invalid_token");
        pair.Service.Time.Advance(TimeSpan.FromSeconds(1));
        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.Unauthorized, "interaction_required");
    }

    [Fact]
    public async Task Abuse_82_an_assertion_from_before_the_revocation_is_refused_after_it()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        await pair.RegisterAsync(pair.Mint());
        var early = pair.Mint();
        pair.Service.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("{\"revoked\":1}", (await pair.LogoutAsync(pair.MintLogout())).Body);
        pair.Service.Time.Advance(TimeSpan.FromSeconds(1));

        (await pair.RegisterAsync(early)).Is(HttpStatusCode.BadRequest, "expired");
        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.Unauthorized, "interaction_required");
    }

    [Fact]
    public async Task A_revocation_ends_a_registration_that_waits_for_its_owner()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        await pair.AccountByEmailAsync("alice@example.com");
        var waiting = await pair.RegisterAsync(pair.Mint());
        var code = await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync());

        await pair.LogoutAsync(pair.MintLogout());

        (await pair.Service.PostAsync("/agent/auth/claim/complete", new { claim_token = waiting.Text("claim_token"), otp = code })).Is(HttpStatusCode.Gone, "claim_expired");
    }

    [Fact]
    public async Task Abuse_80_a_provider_cannot_revoke_anothers_user()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        await using var other = await DemoIdentityProvider.StartAsync(options: new DemoIdentityProviderOptions { Clock = pair.Service.Time }, cancellationToken: TestContext.Current.CancellationToken);
        var key = (await pair.RegisterAsync(pair.Mint())).Text("credential");

        (await pair.LogoutAsync(other.MintLogoutToken(new LogoutTokenRequest { Audience = TestService.Issuer }))).Is(HttpStatusCode.BadRequest, "invalid_issuer");
        Assert.Equal(HttpStatusCode.OK, (await pair.Service.GetAsync("/api/tickets", key)).Status);
    }

    [Fact]
    public async Task Abuse_81_the_same_logout_token_again_is_replay_detected()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var logout = pair.MintLogout();

        Assert.Equal(HttpStatusCode.OK, (await pair.LogoutAsync(logout)).Status);
        (await pair.LogoutAsync(logout)).Is(HttpStatusCode.BadRequest, "replay_detected");
    }

    [Fact]
    public async Task Abuse_93_a_jti_may_be_an_id_jags_and_a_logout_tokens()
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await pair.RegisterAsync(pair.Mint(request => request with { JwtId = "same" }))).Status);
        Assert.Equal(HttpStatusCode.OK, (await pair.LogoutAsync(pair.Provider.MintLogoutToken(new LogoutTokenRequest { Audience = TestService.Issuer, JwtId = "same" }))).Status);
    }

    [Fact]
    public async Task Abuse_79_tokens_at_the_wrong_door_are_invalid_request()
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        (await pair.LogoutAsync(pair.Mint())).Is(HttpStatusCode.BadRequest, "invalid_request");
        (await pair.RegisterAsync(pair.MintLogout())).Is(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task A_logout_token_in_a_form_is_accepted_and_json_is_415()
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        Assert.Equal("{\"revoked\":0}", (await pair.Service.PostFormAsync("/agent/auth/revoke", "logout_token", pair.MintLogout())).Body);
        (await pair.Service.PostAsync("/agent/auth/revoke", new { logout_token = pair.MintLogout() })).Is(HttpStatusCode.UnsupportedMediaType, "invalid_request");
    }

    [Fact]
    public async Task A_provider_that_is_down_is_temporarily_unavailable_and_burns_nothing()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var assertion = pair.Mint();
        await pair.Provider.DisposeAsync();

        var answer = await pair.RegisterAsync(assertion);

        answer.Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.True(answer.Headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task Abuse_90_no_assertion_and_no_credential_is_logged_or_audited()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var assertion = pair.Mint();
        var token = (await pair.RegisterAsync(assertion)).Text("credential");
        await pair.RegisterAsync(assertion);
        await pair.Service.GetAsync("/api/tickets", token);

        var audit = string.Join('\n', await pair.Service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken));
        foreach (var secret in new[] { token, assertion, assertion.Split('.')[2] })
        {
            Assert.DoesNotContain(secret, pair.Service.Log.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, audit, StringComparison.Ordinal);
        }
    }
}
