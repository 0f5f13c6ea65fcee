using System.Net;
using System.Text.Json.Nodes;
using AgentAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Operators;

/// <summary>What an operator's revocation does to agents over HTTP, with a real provider.</summary>
public sealed class AgentAccessTests
{
    private static readonly AgentRevocationNote s_note = new("olga", "a lost laptop");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Abuse(83, "the next request after an operator's revocation of any target", "`401 invalid_token`")]
    [Abuse(95, "the next ID-JAG after an operator's revocation of any target", "`401 interaction_required`, not linked silently")]
    [Theory]
    [InlineData("registration")]
    [InlineData("agent")]
    [InlineData("account")]
    [InlineData("provider")]
    [InlineData("everything")]
    public async Task Abuse_83_and_95_a_revocation_kills_at_once_and_the_next_id_jag_does_not_link_silently(string kind)
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var account = await pair.AccountByEmailAsync("alice@example.com");
        var waiting = await pair.RegisterAsync(pair.Mint());
        var linked = await pair.CompleteAsync(waiting, await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync()));
        Assert.Equal(account, (await pair.Service.GetAsync("/api/tickets", linked.Text("credential"))).Body);

        var revoked = await AccessOf(pair).RevokeAsync(
            kind switch
            {
                "registration" => AgentAccessTarget.Registration(linked.Text("registration_id")),
                "agent" => AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = pair.Provider.Issuer }),
                "account" => AgentAccessTarget.Account(account),
                "provider" => AgentAccessTarget.Provider(pair.Provider.Issuer),
                _ => AgentAccessTarget.Everything,
            },
            s_note,
            Token);

        // The registration by email that made the account is the account's as well.
        Assert.Equal(kind is "account" or "everything" ? new AgentAccessRevoked(2, 2) : new AgentAccessRevoked(1, 1), revoked);
        (await pair.Service.GetAsync("/api/tickets", linked.Text("credential"))).Is(HttpStatusCode.Unauthorized, "invalid_token");
        pair.Service.Time.Advance(TimeSpan.FromSeconds(1));
        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.Unauthorized, "interaction_required");
    }

    [Abuse(82, "24 ID-JAGs beside a revocation", "each refused as `expired`, or given a credential that is dead")]
    [Theory]
    [InlineData("agent")]
    [InlineData("provider")]
    [InlineData("everything")]
    public async Task Abuse_82_of_posts_that_race_a_revocation_no_credential_survives(string kind)
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var target = kind switch
        {
            "agent" => AgentAccessTarget.Agents(new AgentIdentityFilter { AgentPlatform = "desk" }),
            "provider" => AgentAccessTarget.Provider(pair.Provider.Issuer),
            _ => AgentAccessTarget.Everything,
        };

        var posts = Enumerable.Range(0, 24).Select(i => Task.Run(() => pair.RegisterAsync(pair.Mint(r => r with { User = new DemoUser($"u{i}", $"s{i}", $"u{i}@example.com"), AgentPlatform = "desk" }))));
        var revocation = Task.Run(() => AccessOf(pair).RevokeAsync(target, s_note, Token).AsTask());
        var answers = await Task.WhenAll(posts);
        await revocation;

        foreach (var answer in answers)
        {
            if (answer.Status == HttpStatusCode.OK)
            {
                (await pair.Service.GetAsync("/api/tickets", answer.Text("credential"))).Is(HttpStatusCode.Unauthorized, "invalid_token");
            }
            else
            {
                answer.Is(HttpStatusCode.BadRequest, "expired");
            }
        }
    }

    [Abuse(94, "a logout token with `aud` as text, for a credential from an ID-JAG with `aud` as an array", "`200`, 1 revoked")]
    [Abuse(94, "that credential's next use", "`401 invalid_token`")]
    [Fact]
    public async Task Abuse_94_a_credential_from_an_id_jag_with_an_audience_array_is_revoked_all_the_same()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var assertion = pair.Mint(request => request with { Claims = claims => claims["aud"] = new JsonArray(TestService.Issuer) });
        var key = (await pair.RegisterAsync(assertion, "api_key")).Text("credential");

        var revoked = await pair.LogoutAsync(pair.MintLogout());
        revoked.Is(HttpStatusCode.OK);
        Assert.Equal("{\"revoked\":1}", revoked.Body);
        (await pair.Service.GetAsync("/api/tickets", key)).Is(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Abuse(98, "an anonymous key whose registration has expired", "`401 invalid_token`")]
    [Fact]
    public async Task Abuse_98_a_registration_that_expired_is_neither_live_nor_revoked_again()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var key = await pair.Service.RegisterAnonymouslyAsync();
        pair.Service.Time.Advance(TimeSpan.FromHours(24));

        (await pair.Service.GetAsync("/api/tickets", key.Text("credential"))).Is(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal(0, Assert.Single((await AccessOf(pair).ListAsync(cancellationToken: Token)).Registrations).LiveCredentials);
        Assert.Empty((await AccessOf(pair).ListAsync(new AgentRegistrationQuery { IsLive = true }, Token)).Registrations);
        Assert.Equal(new AgentAccessRevoked(0, 0), await AccessOf(pair).RevokeAsync(AgentAccessTarget.Everything, s_note, Token));
    }

    [Fact]
    public async Task Anonymous_and_email_starts_that_everything_overtook_are_asked_to_try_again_and_get_nothing()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        await AccessOf(pair).RevokeAsync(AgentAccessTarget.Everything, s_note, Token);

        (await pair.Service.RegisterAnonymouslyAsync()).Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        (await pair.Service.RegisterByEmailAsync("bob@example.com")).Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.Empty((await AccessOf(pair).ListAsync(cancellationToken: Token)).Registrations);

        pair.Service.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await pair.Service.RegisterAnonymouslyAsync()).Status);
        await pair.Service.RegisterByEmailAsync("carol@example.com");
        Assert.Equal("carol@example.com", (await pair.Service.Mail.NextAsync()).To);
    }

    [Fact]
    public async Task A_user_ends_only_what_is_theirs()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var registered = await pair.RegisterAsync(pair.Mint());
        var id = registered.Text("registration_id");
        var account = (await pair.Service.GetAsync("/api/tickets", registered.Text("credential"))).Body;

        Assert.Equal(new AgentAccessRevoked(0, 0), await AccessOf(pair).RevokeAsync(AgentAccessTarget.RegistrationOf("acc_of_somebody_else", id), s_note, Token));
        Assert.Equal(new AgentAccessRevoked(0, 0), await AccessOf(pair).RevokeAsync(AgentAccessTarget.Registration("reg_unknown"), s_note, Token));
        Assert.Equal(HttpStatusCode.OK, (await pair.Service.GetAsync("/api/tickets", registered.Text("credential"))).Status);
        Assert.Equal(new AgentAccessRevoked(1, 1), await AccessOf(pair).RevokeAsync(AgentAccessTarget.RegistrationOf(account, id), s_note, Token));
    }

    [Fact]
    public async Task Each_revoked_registration_has_a_row_with_the_agent_the_operator_and_the_reason()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var registered = await pair.RegisterAsync(MintWithAgent(pair));
        await AccessOf(pair).RevokeAsync(AgentAccessTarget.Registration(registered.Text("registration_id")), s_note with { RemoteAddress = IPAddress.Loopback }, Token);
        await AccessOf(pair).RevokeAsync(AgentAccessTarget.Account("acc_nobody"), s_note, Token);

        var audit = await pair.Service.Store.ReadAuditAsync(null, 10, Token);

        Assert.Equal([AgentAuditEvents.RegistrationRevoked, AgentAuditEvents.RegistrationRevoked, AgentAuditEvents.RegistrationCreated], audit.Select(e => e.Name));
        Assert.All(audit.Take(2), row => Assert.Equal(("olga", "a lost laptop"), (row.RevokedBy, row.Reason)));
        Assert.Equal((null, "acc_nobody"), (audit[0].RegistrationId, audit[0].AccountId));
        Assert.Equal((registered.Text("registration_id"), AgentRegistrationType.AgentProvider, "127.0.0.1"), (audit[1].RegistrationId, audit[1].RegistrationType, audit[1].RemoteAddress));
        Assert.NotNull(audit[1].AccountId);
        NamesAgent(audit[1], pair);
    }

    [Fact]
    public async Task Every_event_of_an_id_jag_names_the_agent()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        await pair.AccountByEmailAsync("alice@example.com");
        var before = (await pair.Service.Store.ReadAuditAsync(null, 100, Token)).Count;
        var waiting = await pair.RegisterAsync(MintWithAgent(pair));
        var link = await pair.Service.NextLinkTokenAsync();
        await pair.CompleteAsync(waiting, "000000");
        var code = await pair.Service.ShowCodeAsync(link);
        await pair.CompleteAsync(waiting, code == "000000" ? "000001" : "000000");
        var key = (await pair.CompleteAsync(waiting, code)).Text("credential");
        await pair.LogoutAsync(pair.MintLogout());
        await pair.Service.GetAsync("/api/tickets", key);
        pair.Service.Time.Advance(TimeSpan.FromSeconds(1));
        await pair.RegisterAsync(MintWithAgent(pair, "2"));
        await pair.Service.PostAsync("/agent/auth/claim/attempt/decline", new { claim_attempt_token = await pair.Service.NextLinkTokenAsync() });
        await pair.RegisterAsync(MintWithAgent(pair, "3"));
        pair.Service.Time.Advance(TimeSpan.FromHours(24));
        await pair.Service.Store.SweepAsync(pair.Service.Time.GetUtcNow(), 100, Token);

        var audit = await pair.Service.Store.ReadAuditAsync(null, 100, Token);
        var rows = audit.Take(audit.Count - before).ToArray();

        Assert.Equal(
            [
                "claim.confirmed", "claim.declined", "claim.failed", "claim.requested", "credential.used_after_revocation", "otp.generated",
                "registration.created", "registration.expired", "registration.revoked",
            ],
            rows.Select(row => row.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.All(rows, row => NamesAgent(row, pair));
    }

    [Fact]
    public async Task An_actor_is_found_however_it_is_written()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        await pair.RegisterAsync(MintWithAgent(pair));

        var found = await AccessOf(pair).ListAsync(new AgentRegistrationQuery { Agent = new AgentIdentityFilter { Act = "{ \"sub\": \"\\u0061gent\", \"act\": { \"sub\":\"b\" } }" } }, Token);

        Assert.Single(found.Registrations);
        Assert.Empty((await AccessOf(pair).ListAsync(new AgentRegistrationQuery { Agent = new AgentIdentityFilter { Act = "{\"sub\":\"agent\"}" } }, Token)).Registrations);
    }

    [Fact]
    public async Task Registrations_are_listed_newest_first_page_by_page_and_by_every_filter()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            // Two of them in the same millisecond, for the order must hold within it too.
            pair.Service.Time.Advance(TimeSpan.FromMilliseconds(i == 3 ? 0 : 5));
            ids.Add((await pair.RegisterAsync(MintWithAgent(pair, $"{i}"))).Text("registration_id"));
        }

        var anonymous = (await pair.Service.RegisterAnonymouslyAsync()).Text("registration_id");
        await AccessOf(pair).RevokeAsync(AgentAccessTarget.Registration(ids[0]), s_note, Token);

        var pages = new List<AgentRegistrationPage>();
        do
        {
            pages.Add(await AccessOf(pair).ListAsync(new AgentRegistrationQuery { Limit = 2, After = pages.LastOrDefault()?.Next }, Token));
        }
        while (pages[^1].Next is not null);

        Assert.Equal([2, 2, 2], pages.Select(page => page.Registrations.Length));
        var all = pages.SelectMany(page => page.Registrations).ToArray();
        Assert.Equal(ids.Append(anonymous).Order(), all.Select(r => r.Id).Order());
        Assert.Equal(all.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id, StringComparer.Ordinal).Select(r => r.Id), all.Select(r => r.Id));

        Assert.Equal(5, await CountAsync(pair, new AgentRegistrationQuery { AccountId = all.First(r => r.AccountId is not null).AccountId }));
        Assert.Equal(0, await CountAsync(pair, new AgentRegistrationQuery { AccountId = "acc_nobody" }));
        Assert.Equal(5, await CountAsync(pair, new AgentRegistrationQuery { Issuer = pair.Provider.Issuer }));
        Assert.Equal(5, await CountAsync(pair, new AgentRegistrationQuery { Agent = new AgentIdentityFilter { AgentPlatform = "desk", AgentContextId = "c-1" } }));
        Assert.Equal(0, await CountAsync(pair, new AgentRegistrationQuery { Agent = new AgentIdentityFilter { AgentPlatform = "desk", AgentContextId = "c-2" } }));
        Assert.Equal(1, await CountAsync(pair, new AgentRegistrationQuery { Status = AgentRegistrationStatus.Revoked }));
        Assert.Equal(1, await CountAsync(pair, new AgentRegistrationQuery { Status = AgentRegistrationStatus.Unclaimed }));
        Assert.Equal(5, await CountAsync(pair, new AgentRegistrationQuery { IsLive = true }));
        Assert.Equal(1, await CountAsync(pair, new AgentRegistrationQuery { IsLive = true, Status = AgentRegistrationStatus.Unclaimed }));
    }

    [Fact]
    public async Task The_audit_trail_is_read_newest_first_of_all_or_of_one_registration()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var one = (await pair.Service.RegisterAnonymouslyAsync()).Text("registration_id");
        var other = (await pair.Service.RegisterAnonymouslyAsync()).Text("registration_id");

        Assert.Equal([other, one], (await AccessOf(pair).ReadAuditAsync(cancellationToken: Token)).Select(row => row.RegistrationId));
        Assert.Equal([other], (await AccessOf(pair).ReadAuditAsync(limit: 1, cancellationToken: Token)).Select(row => row.RegistrationId));
        Assert.Equal([one], (await AccessOf(pair).ReadAuditAsync(one, 1000, Token)).Select(row => row.RegistrationId));
        Assert.Empty(await AccessOf(pair).ReadAuditAsync("reg_unknown", 1000, Token));
        foreach (var limit in (int[])[0, 1001])
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await AccessOf(pair).ReadAuditAsync(limit: limit, cancellationToken: Token));
        }
    }

    [Fact]
    public async Task A_registration_is_shown_with_its_instants_scopes_and_agent()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var at = pair.Service.Time.GetUtcNow();
        var id = (await pair.RegisterAsync(MintWithAgent(pair))).Text("registration_id");
        pair.Service.Time.Advance(TimeSpan.FromMinutes(1));
        await AccessOf(pair).RevokeAsync(AgentAccessTarget.Registration(id), s_note, Token);

        var shown = Assert.Single((await AccessOf(pair).ListAsync(cancellationToken: Token)).Registrations);

        Assert.Equal((id, AgentRegistrationType.AgentProvider, AgentRegistrationStatus.Revoked, 0), (shown.Id, shown.Type, shown.Status, shown.LiveCredentials));
        Assert.Equal((at, at, at.AddMinutes(1), at, null), (shown.CreatedAt, shown.ClaimedAt, shown.RevokedAt, shown.LastIssuedAt, shown.ExpiresAt));
        Assert.Equal(["tickets.read", "tickets.write"], shown.Scopes);
        Assert.Equal(("desk", "c-1", pair.Provider.Issuer), (shown.Agent!.AgentPlatform, shown.Agent.AgentContextId, shown.Agent.Delegation.Issuer));
    }

    [Fact]
    public void What_would_pick_everything_or_nothing_by_mistake_cannot_be_made()
    {
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Agents(new AgentIdentityFilter()));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = "" }));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Agents(new AgentIdentityFilter { Act = "agent-7" }));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Account(""));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Provider(""));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Registration(""));
    }

    [Fact]
    public void A_note_is_short_and_of_one_line()
    {
        Assert.Throws<ArgumentException>(() => new AgentRevocationNote(" "));
        Assert.Throws<ArgumentException>(() => new AgentRevocationNote("olga", "one\ntwo"));
        Assert.Throws<ArgumentException>(() => new AgentRevocationNote("olga", new string('a', AgentRevocationNote.MaxReasonLength + 1)));
        Assert.Throws<ArgumentException>(() => new AgentRevocationNote(new string('a', AgentRevocationNote.MaxByLength + 1)));
        Assert.Equal(AgentRevocationNote.MaxReasonLength, new AgentRevocationNote("olga", new string('a', AgentRevocationNote.MaxReasonLength)).Reason!.Length);
    }

    private static IAgentAccess AccessOf(ServiceWithProvider pair) => pair.Service.Services.GetRequiredService<IAgentAccess>();

    private static string MintWithAgent(ServiceWithProvider pair, string jwtId = "1") => pair.Mint(request => request with
    {
        JwtId = jwtId,
        AgentPlatform = "desk",
        AgentContextId = "c-1",
        Claims = claims => claims["act"] = new JsonObject { ["sub"] = "agent", ["act"] = new JsonObject { ["sub"] = "b" } },
    });

    private static void NamesAgent(AgentAuditEvent row, ServiceWithProvider pair)
    {
        Assert.Equal(
            (pair.Provider.Issuer, pair.Provider.Issuer, "desk", "c-1", "{\"act\":{\"sub\":\"b\"},\"sub\":\"agent\"}"),
            (row.Issuer, row.ClientId, row.AgentPlatform, row.AgentContextId, row.Act));
        Assert.NotNull(row.Subject);
        Assert.NotNull(row.JwtId);
    }

    private static async Task<int> CountAsync(ServiceWithProvider pair, AgentRegistrationQuery query) =>
        (await AccessOf(pair).ListAsync(query, Token)).Registrations.Length;
}
