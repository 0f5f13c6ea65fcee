using System.Net;
using AgentAuth.Limits;
using AgentAuth.Manifest;
using AgentAuth.Storage;
using AgentAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

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

    [Abuse(38, "one token twice", "`400 replay_detected`")]
    [Fact]
    public async Task Abuse_38_the_same_jti_twice_is_replay_detected()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var assertion = pair.Mint();

        (await pair.RegisterAsync(assertion)).Is(HttpStatusCode.OK);
        (await pair.RegisterAsync(assertion)).Is(HttpStatusCode.BadRequest, "replay_detected");

        var refusal = (await pair.Service.Store.ReadAuditAsync(null, 1, TestContext.Current.CancellationToken))[0];
        Assert.Equal((AgentAuditEvents.RegistrationRefused, "replay_detected", pair.Provider.Issuer), (refusal.Name, refusal.Outcome, refusal.Issuer));
    }

    [Abuse(38, "one token twice, with a restart in between", "`400 replay_detected`")]
    [Fact]
    public async Task Abuse_38_a_jti_is_remembered_across_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("agentauth-restart-");
        await using var first = await ServiceWithProvider.StartAsync(folder: folder.FullName);
        var assertion = first.Mint();
        (await first.RegisterAsync(assertion)).Is(HttpStatusCode.OK);
        await first.Service.DisposeAsync();

        await using (var second = await ServiceWithProvider.StartServiceAsync(first.Provider, first.Service.Time, folder: folder.FullName))
        {
            (await second.RegisterByAssertionAsync(assertion)).Is(HttpStatusCode.BadRequest, "replay_detected");
        }

        folder.Delete(recursive: true);
    }

    [Abuse(38, "a token that expires on its way to the store", "`400 expired`")]
    [Fact]
    public async Task Abuse_38_an_assertion_that_expires_before_it_is_used_up_is_expired()
    {
        await using var pair = await ServiceWithProvider.StartAsync(services: RecordingStore.Use);
        RecordingStore.Before(pair.Service, nameof(IAgentAuthStore.RegisterAsync), () => pair.Service.Time.Advance(TimeSpan.FromMinutes(16)));

        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.BadRequest, "expired");
    }

    [Fact]
    public async Task A_refusal_is_audited_although_the_agent_hangs_up()
    {
        using var hangsUp = new CancellationTokenSource();
        await using var pair = await ServiceWithProvider.StartAsync(services: RecordingStore.Use, endpoints: app => app.Use((context, next) =>
        {
            context.RequestAborted = hangsUp.Token;
            return next(context);
        }));
        RecordingStore.Before(pair.Service, nameof(IAgentAuthStore.WriteAuditAsync), hangsUp.Cancel);

        try
        {
            await pair.RegisterAsync(pair.Mint(request => request with { Audience = "https://elsewhere.example" }));
        }
        catch (HttpRequestException)
        {
            // The row is written behind the answer: the connection may be gone before that is out.
        }

        await pair.Service.Services.GetRequiredService<RefusalTrail>().WrittenAsync();
        var row = Assert.Single(await pair.Service.Store.ReadAuditAsync(null, 10, TestContext.Current.CancellationToken));
        Assert.Equal((AgentAuditEvents.RegistrationRefused, "invalid_audience"), (row.Name, row.Outcome));
    }

    [Abuse(39, "a second replica on the same database", "it does not start: the embedded store serves one process")]
    [Abuse(61, "guesses at a second replica", "it does not start")]
    [Abuse(83, "a second replica that might not hear of a revocation", "it does not start")]
    [Fact]
    public async Task Abuse_39_and_61_and_83_a_second_replica_on_one_database_does_not_start()
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        // The time that it waits for the first one to leave goes by at once.
        var impatient = new FakeTimeProvider(pair.Service.Time.GetUtcNow()) { AutoAdvanceAmount = TimeSpan.FromMinutes(1) };
        var refusal = await Assert.ThrowsAsync<AgentAuthStorageException>(() => ServiceWithProvider.StartServiceAsync(pair.Provider, impatient, folder: pair.Service.Folder));

        Assert.Contains("A SQLite database serves one process", refusal.Message, StringComparison.Ordinal);
    }

    [Abuse(39, "64 posts of one token at once", "one `200`, 63 `400 replay_detected`")]
    [Fact]
    public async Task Abuse_39_of_64_parallel_posts_of_one_token_exactly_one_succeeds()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var assertion = pair.Mint();

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => pair.RegisterAsync(assertion)));

        IsOneOf(answers);
        Assert.Single(await pair.Service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken), row => row.Name == AgentAuditEvents.RegistrationCreated);
    }

    [Abuse(100, "64 different tokens with one `jti` at once", "one `200`, 63 `400 replay_detected`")]
    [Fact]
    public async Task Abuse_100_of_64_tokens_that_share_a_jti_exactly_one_succeeds()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var assertions = Enumerable.Range(0, 64).Select(i => pair.Mint(request => request with { JwtId = "one", AgentContextId = $"c-{i}" })).ToArray();
        Assert.Equal(64, assertions.Distinct().Count());

        IsOneOf(await Task.WhenAll(assertions.Select(assertion => pair.RegisterAsync(assertion))));
    }

    [Abuse(42, "an ID-JAG or a logout token while the store of used tokens is down", "`503 temporarily_unavailable`, nothing issued or revoked")]
    [Abuse(42, "the same token when the store is back", "`200`")]
    [Fact]
    public async Task Abuse_42_a_replay_store_that_is_down_is_503_and_nothing_is_issued_or_burnt()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var key = (await pair.RegisterAsync(pair.Mint())).Text("credential");
        var (assertion, ofAnother, logout) = (pair.Mint(), pair.Mint(request => request with { User = pair.Provider.User("bob") }), pair.MintLogout());

        await pair.Service.ChangeDatabaseAsync("ALTER TABLE replays RENAME TO elsewhere");
        foreach (var down in (Answer[])[await pair.RegisterAsync(assertion), await pair.RegisterAsync(ofAnother), await pair.LogoutAsync(logout)])
        {
            down.Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
            Assert.True(down.Headers.ContainsKey("Retry-After"));
            Assert.False(down.Json.TryGetProperty("credential", out _));
        }

        await pair.Service.ChangeDatabaseAsync("ALTER TABLE elsewhere RENAME TO replays");
        Assert.Single(await pair.Service.Store.ReadAuditAsync(null, 10, TestContext.Current.CancellationToken));
        var access = pair.Service.Services.GetRequiredService<IAgentAccess>();
        Assert.Equal(1, Assert.Single((await access.ListAsync(cancellationToken: TestContext.Current.CancellationToken)).Registrations).LiveCredentials);
        Assert.Equal(HttpStatusCode.OK, (await pair.Service.GetAsync("/api/tickets", key)).Status);
        (await pair.RegisterAsync(assertion)).Is(HttpStatusCode.OK);
        Assert.Equal("{\"revoked\":2}", (await pair.LogoutAsync(logout)).Body);
    }

    [Abuse(43, "refused by a real provider's unverified email, then corrected", "`400 missing_verified_email`, then `200`")]
    [Fact]
    public async Task Abuse_43_a_token_refused_for_another_reason_is_not_burnt()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var refused = pair.Mint(request => request with { JwtId = "one", Claims = claims => claims["email_verified"] = false });

        (await pair.RegisterAsync(refused)).Is(HttpStatusCode.BadRequest, "missing_verified_email");
        (await pair.RegisterAsync(pair.Mint(request => request with { JwtId = "one" }))).Is(HttpStatusCode.OK);
    }

    [Abuse(23, "a real provider that is not trusted", "`400 invalid_issuer`, and it is not asked")]
    [Fact]
    public async Task Abuse_23_an_untrusted_issuer_is_refused_without_any_request()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        await using var stranger = await DemoIdentityProvider.StartAsync(options: new DemoIdentityProviderOptions { Clock = pair.Service.Time }, cancellationToken: TestContext.Current.CancellationToken);

        var answer = await pair.RegisterAsync(stranger.MintIdJag(new IdJagRequest { Audience = TestService.Issuer }));

        answer.Is(HttpStatusCode.BadRequest, "invalid_issuer");
        Assert.Equal(0, stranger.KeyRequests);
    }

    [Abuse(45, "the verified address of an account that was never linked", "`401 interaction_required`: its owner is mailed")]
    [Fact]
    public async Task Abuse_45_an_address_with_an_account_needs_its_owners_consent_and_then_is_linked()
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

        var code = await pair.Service.ShowCodeAsync(mail.Text.Split("token=")[1].Split('\r')[0]);
        var completed = await pair.Service.PostAsync("/agent/auth/claim/complete", new { claim_token = answer.Text("claim_token"), otp = code });
        Assert.Equal(account, (await pair.Service.GetAsync("/api/tickets", completed.Text("credential"))).Body);

        // From now on the pair is known.
        var again = await pair.RegisterAsync(pair.Mint());
        Assert.Equal(account, (await pair.Service.GetAsync("/api/tickets", again.Text("credential"))).Body);
    }

    [Abuse(46, "another `sub` with the address of a linked account", "`401 interaction_required`: its owner is mailed")]
    [Fact]
    public async Task Abuse_46_a_new_sub_with_a_known_address_is_not_the_old_account_unless_its_owner_says_so()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var account = await pair.AccountByEmailAsync("alice@example.com");
        var first = await pair.RegisterAsync(pair.Mint());
        await pair.CompleteAsync(first, await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync()));
        var reassigned = new DemoUser("alice2", "another-subject", "alice@example.com");

        // The first subject is linked for good, and that is nothing to the second.
        Assert.Equal(account, await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint())));
        var answer = await pair.RegisterAsync(pair.Mint(request => request with { User = reassigned }));
        answer.Is(HttpStatusCode.Unauthorized, "interaction_required");
        Assert.False(answer.Json.TryGetProperty("credential", out _));

        var completed = await pair.CompleteAsync(answer, await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync()));
        Assert.Equal(account, await AccountOfAsync(pair, completed));
    }

    [Abuse(45, "the verified address of an account, where auth.md takes the provider's word for addresses", "`200`, in that account")]
    [Fact]
    public async Task Abuse_45_a_provider_trusted_with_addresses_links_at_once()
    {
        await using var pair = await ServiceWithProvider.StartAsync(trustsEmail: true);
        var account = await pair.AccountByEmailAsync("alice@example.com");

        var answer = await pair.RegisterAsync(pair.Mint());

        answer.Is(HttpStatusCode.OK);
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

    [Abuse(51, "No required `amr`, none of the accepted `acr`, or a sign-in of unknown age", "`400 insufficient_user_authentication` with `max_age` and `acr_values`")]
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
        Assert.Equal((AgentAuditEvents.RegistrationRefused, "insufficient_user_authentication"), (refusal.Name, refusal.Outcome));

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
    public async Task Parallel_first_id_jags_of_one_user_all_get_the_account_that_the_first_one_makes()
    {
        const int Herd = 32;
        var accounts = new HeldAccounts();
        await using var pair = await ServiceWithProvider.StartAsync(services: services =>
        {
            var builtIn = services.Last(service => service.ServiceType == typeof(IAgentAccounts)).ImplementationType!;
            services.AddSingleton<IAgentAccounts>(container => accounts.Around((IAgentAccounts)ActivatorUtilities.CreateInstance(container, builtIn)));
        });
        using var arrived = new ArrivedRequests(pair.Service, Herd);

        // The account is there, and nobody is registered with it yet.
        var first = pair.RegisterAsync(pair.Mint());
        await accounts.IsMade.WaitAsync(TestContext.Current.CancellationToken);
        var others = Enumerable.Range(1, Herd - 1).Select(_ => pair.RegisterAsync(pair.Mint())).ToList();
        await arrived.All.WaitAsync(TestContext.Current.CancellationToken);
        accounts.Release();

        var answers = await Task.WhenAll([first, .. others]);
        Assert.All(answers, answer => answer.Is(HttpStatusCode.OK));
        Assert.Single((await Task.WhenAll(answers.Select(answer => AccountOfAsync(pair, answer)))).Distinct());
        Assert.True(pair.Service.Mail.IsEmpty);
    }

    [Fact]
    public async Task Where_auth_md_rejects_strangers_nobody_is_provisioned()
    {
        await using var pair = await ServiceWithProvider.StartAsync(TestService.Manifest with { AccountMatching = new AccountMatchingPolicy { Provisions = false } });

        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.Forbidden, "registration_rejected");
        Assert.Null(await pair.Service.Accounts.FindAsync("alice@example.com", TestContext.Current.CancellationToken));
    }

    [Abuse(49, "scopes in the token, some beyond policy", "`200` with those of both, which is what the credential can do")]
    [Theory]
    [InlineData("tickets.read admin.all", new[] { "tickets.read" })]
    [InlineData("tickets.write", new[] { "tickets.write" })]
    public async Task Abuse_49_scopes_in_the_token_narrow_and_never_widen(string scope, string[] granted)
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        var answer = await pair.RegisterAsync(pair.Mint(request => request with { Scope = scope }));

        answer.Is(HttpStatusCode.OK);
        Assert.Equal(granted, answer.Texts("scopes"));
        Assert.Equal(
            granted.Contains("tickets.write") ? HttpStatusCode.OK : HttpStatusCode.Forbidden,
            (await pair.Service.SendAsync(HttpMethod.Post, "/api/tickets", answer.Text("credential"), null)).Status);
    }

    [Abuse(49, "only foreign scopes in the token", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_49_a_token_whose_scopes_are_all_foreign_gets_nothing()
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        (await pair.RegisterAsync(pair.Mint(request => request with { Scope = "admin.all" }))).Is(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Abuse(83, "the next request after a logout token's `200`", "`401 invalid_token`")]
    [Fact]
    public async Task Abuse_83_a_logout_token_kills_every_credential_before_it_is_answered()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var token = (await pair.RegisterAsync(pair.Mint())).Text("credential");
        var key = (await pair.RegisterAsync(pair.Mint(), "api_key")).Text("credential");
        Assert.Equal(HttpStatusCode.OK, (await pair.Service.GetAsync("/api/tickets", token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await pair.Service.GetAsync("/api/tickets", key)).Status);

        var revoked = await pair.LogoutAsync(pair.MintLogout());

        revoked.Is(HttpStatusCode.OK);
        Assert.Equal("{\"revoked\":2}", revoked.Body);
        (await pair.Service.GetAsync("/api/tickets", token)).Is(HttpStatusCode.Unauthorized, "invalid_token");
        (await pair.Service.GetAsync("/api/tickets", key)).Is(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Abuse(95, "the next ID-JAG after a logout token", "`401 interaction_required`, not linked silently")]
    [Fact]
    public async Task Abuse_95_a_logout_token_ends_the_delegation_too()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        await pair.AccountByEmailAsync("alice@example.com");
        var waiting = await pair.RegisterAsync(pair.Mint());
        await pair.CompleteAsync(waiting, await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync()));
        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.OK);

        await pair.LogoutAsync(pair.MintLogout());

        pair.Service.Time.Advance(TimeSpan.FromSeconds(1));
        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.Unauthorized, "interaction_required");
    }

    [Abuse(82, "an ID-JAG from before a revocation, shown after it", "`400 expired`")]
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

    [Abuse(80, "a logout token of a provider that is not trusted", "`400 invalid_issuer`, nothing revoked")]
    [Fact]
    public async Task Abuse_80_a_provider_that_is_not_trusted_revokes_nobody()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        await using var other = await DemoIdentityProvider.StartAsync(options: new DemoIdentityProviderOptions { Clock = pair.Service.Time }, cancellationToken: TestContext.Current.CancellationToken);
        var key = (await pair.RegisterAsync(pair.Mint())).Text("credential");

        (await pair.LogoutAsync(other.MintLogoutToken(new LogoutTokenRequest { Audience = TestService.Issuer }))).Is(HttpStatusCode.BadRequest, "invalid_issuer");
        (await pair.Service.GetAsync("/api/tickets", key)).Is(HttpStatusCode.OK);
    }

    [Abuse(81, "one logout token twice", "`400 replay_detected`")]
    [Fact]
    public async Task Abuse_81_the_same_logout_token_again_is_replay_detected()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var logout = pair.MintLogout();

        (await pair.LogoutAsync(logout)).Is(HttpStatusCode.OK);
        (await pair.LogoutAsync(logout)).Is(HttpStatusCode.BadRequest, "replay_detected");
    }

    [Abuse(79, "a real provider's tokens, each posted where the other belongs", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_79_tokens_at_the_wrong_door_are_invalid_request()
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        (await pair.LogoutAsync(pair.Mint())).Is(HttpStatusCode.BadRequest, "invalid_request");
        (await pair.RegisterAsync(pair.MintLogout())).Is(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task A_logout_token_in_a_form_is_accepted()
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        Assert.Equal("{\"revoked\":0}", (await pair.Service.PostFormAsync("/agent/auth/revoke", "logout_token", pair.MintLogout())).Body);
    }

    [Abuse(99, "JSON posted to revoke", "`415 invalid_request`, nothing revoked")]
    [Abuse(99, "JSON in place of the token", "`400 invalid_request`, nothing revoked")]
    [Fact]
    public async Task Abuse_99_JSON_and_other_things_posted_to_revoke_are_refused_and_revoke_nothing()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var key = (await pair.RegisterAsync(pair.Mint())).Text("credential");
        var logout = pair.MintLogout();

        foreach (var json in (string[])[$"{{\"logout_token\":\"{logout}\"}}", $"\"{logout}\"", "{", "", new('[', 5000)])
        {
            (await pair.Service.SendAsync(HttpMethod.Post, "/agent/auth/revoke", null, TestService.JsonContent(json))).Is(HttpStatusCode.UnsupportedMediaType, "invalid_request");
            (await pair.LogoutAsync(json)).Is(HttpStatusCode.BadRequest, "invalid_request");
            (await pair.Service.PostFormAsync("/agent/auth/revoke", "logout_token", json)).Is(HttpStatusCode.BadRequest, "invalid_request");
        }

        (await pair.Service.PostFormAsync("/agent/auth/revoke", "token", logout)).Is(HttpStatusCode.BadRequest, "invalid_request");
        (await pair.Service.GetAsync("/api/tickets", key)).Is(HttpStatusCode.OK);
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

    private static async Task<string> AccountOfAsync(ServiceWithProvider pair, Answer answer) =>
        (await pair.Service.GetAsync("/api/tickets", answer.Text("credential"))).Body;

    private static void IsOneOf(Answer[] answers)
    {
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK).Is(HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => answer.Is(HttpStatusCode.BadRequest, "replay_detected"));
    }

    /// <summary>The built-in accounts, which do not come back from making one before a test lets them.</summary>
    private sealed class HeldAccounts : IAgentAccounts
    {
        private readonly TaskCompletionSource _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private IAgentAccounts _inner = null!;

        public Task IsMade => _made.Task;

        public HeldAccounts Around(IAgentAccounts inner)
        {
            _inner = inner;
            return this;
        }

        public void Release() => _release.SetResult();

        public ValueTask<AgentAccountAnswer> FindByEmailAsync(string email, AgentAccountRequest request, CancellationToken cancellationToken) =>
            _inner.FindByEmailAsync(email, request, cancellationToken);

        public ValueTask<AgentAccountAnswer> FindByIdAsync(string accountId, CancellationToken cancellationToken) => _inner.FindByIdAsync(accountId, cancellationToken);

        public async ValueTask<AgentAccountAnswer> MakeAsync(AgentAccountRequest request, CancellationToken cancellationToken)
        {
            var made = await _inner.MakeAsync(request, cancellationToken);
            _made.TrySetResult();
            await _release.Task.WaitAsync(cancellationToken);
            return made;
        }
    }
}
