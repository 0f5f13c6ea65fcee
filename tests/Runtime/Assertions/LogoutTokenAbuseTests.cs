using System.Net;
using System.Text.Json.Nodes;
using AgentAuth.Protocol;
using AgentAuth.Protocol.V01;

namespace AgentAuth.Assertions;

/// <summary>The numbered hostile logout tokens that are decided before the store is asked, over HTTP.</summary>
public class LogoutTokenAbuseTests
{
    [Fact]
    public async Task The_token_that_all_others_are_made_from_is_accepted()
    {
        await using var bench = await VerifierBench.StartAsync();

        var logout = await bench.AcceptLogoutAsync(bench.LogoutToken());

        Assert.Equal(new AgentDelegationKey(VerifierBench.Provider, "user-1"), logout.Delegation);
        Assert.Equal("jti-1", logout.JwtId);
        Assert.Equal(VerifierBench.Start, logout.IssuedAt);
        Assert.Equal(VerifierBench.Start.AddMinutes(6), logout.RememberUntil);
    }

    [Abuse(77, "a logout token without `events`, with an unknown event, or with one that is no object", "`400 invalid_request`, nothing revoked")]
    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"https://schemas.workos.com/events/agent/auth/identity/assertion/revoked\"")]
    [InlineData("{}")]
    [InlineData("{\"https://example.com/unknown\":{}}")]
    [InlineData("{\"https://schemas.workos.com/events/agent/auth/identity/assertion/revoked\":null}")]
    [InlineData("{\"https://schemas.workos.com/events/agent/auth/identity/assertion/revoked\":true}")]
    [InlineData("{\"https://schemas.workos.com/events/agent/auth/identity/assertion/REVOKED\":{}}")]
    public async Task Abuse_77_events_missing_or_unknown_is_malformed(string? events)
    {
        await using var bench = await VerifierBench.StartAsync();
        var registered = await bench.App.RegisterByAssertionAsync(bench.Token());

        await bench.RefuseLogoutAsync(
            bench.LogoutToken(claims =>
            {
                claims.Remove("events");
                if (events is not null)
                {
                    claims["events"] = JsonNode.Parse(events);
                }
            }),
            RefusalReason.MalformedAssertion);
        (await bench.App.GetAsync("/api/tickets", registered.Text("credential"))).Is(HttpStatusCode.OK);
    }

    [Abuse(78, "a logout token with `nonce`", "`400 invalid_request`, nothing revoked")]
    [Theory]
    [InlineData("\"n\"")]
    [InlineData("null")]
    public async Task Abuse_78_nonce_is_malformed(string nonce)
    {
        await using var bench = await VerifierBench.StartAsync();
        var registered = await bench.App.RegisterByAssertionAsync(bench.Token());

        await bench.RefuseLogoutAsync(bench.LogoutToken(claims => claims["nonce"] = JsonNode.Parse(nonce)), RefusalReason.MalformedAssertion);
        (await bench.App.GetAsync("/api/tickets", registered.Text("credential"))).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("[\"x\"]")]
    public async Task Authorized_party_that_is_no_string_is_malformed(string party)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseLogoutAsync(bench.LogoutToken(claims => claims["azp"] = JsonNode.Parse(party)), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Token(claims => claims["azp"] = JsonNode.Parse(party)), RefusalReason.MalformedAssertion);
        await bench.AcceptAsync(bench.Token(claims => claims["azp"] = "https://client.example"));
        await bench.AcceptLogoutAsync(bench.LogoutToken(claims => claims["azp"] = "https://client.example"));
    }

    [Abuse(79, "an ID-JAG with `events`, or a logout token without its `typ`, posted to revoke", "`400 invalid_request`, nothing revoked")]
    [Fact]
    public async Task Abuse_79_ID_JAG_with_events_is_still_no_logout_token()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseLogoutAsync(
            bench.Token(claims => claims["events"] = new JsonObject { [V01Names.RevokedEvent] = new JsonObject() }),
            RefusalReason.MalformedAssertion);
        await bench.RefuseLogoutAsync(bench.LogoutToken(header: header => header["typ"] = "JWT"), RefusalReason.MalformedAssertion);
        await bench.RefuseLogoutAsync(bench.LogoutToken(header: header => header.Remove("typ")), RefusalReason.MalformedAssertion);
        await bench.AcceptLogoutAsync(bench.LogoutToken(header: header => header["typ"] = "application/Logout+JWT"));
    }

    [Abuse(80, "a provider's logout token for another provider's `sub`, in its own name", "`200`, and 0 revoked")]
    [Abuse(80, "the same in the other provider's name", "`400 invalid_signature`, nothing revoked")]
    [Fact]
    public async Task Abuse_80_provider_speaks_for_its_own_users_only()
    {
        await using var bench = await VerifierBench.StartAsync();

        var registered = await bench.App.RegisterByAssertionAsync(bench.Token());

        await bench.RefuseLogoutAsync(bench.LogoutToken(key: bench.OtherKey), RefusalReason.InvalidSignature);
        var others = await bench.App.LogoutAsync(bench.LogoutToken(claims => claims["iss"] = VerifierBench.OtherProvider, key: bench.OtherKey));

        // The other provider may have a user of that name too.
        others.Is(HttpStatusCode.OK);
        Assert.Equal("{\"revoked\":0}", others.Body);
        (await bench.App.GetAsync("/api/tickets", registered.Text("credential"))).Is(HttpStatusCode.OK);
        Assert.Equal("{\"revoked\":1}", (await bench.App.LogoutAsync(bench.LogoutToken())).Body);
    }

    [Theory]
    [InlineData(-359, null)]
    [InlineData(-360, nameof(RefusalReason.AssertionExpired))]
    [InlineData(60, null)]
    [InlineData(61, nameof(RefusalReason.MalformedAssertion))]
    public async Task Age_is_five_minutes_and_the_skew(int issued, string? failure)
    {
        await using var bench = await VerifierBench.StartAsync();
        var token = bench.LogoutToken(claims => claims["iat"] = VerifierBench.Start.ToUnixTimeSeconds() + issued);

        if (failure is { } expected)
        {
            await bench.RefuseLogoutAsync(token, Enum.Parse<RefusalReason>(expected));
        }
        else
        {
            await bench.AcceptLogoutAsync(token);
        }
    }

    [Fact]
    public async Task Exp_is_honoured_when_present()
    {
        await using var bench = await VerifierBench.StartAsync();
        var token = bench.LogoutToken(claims => claims["exp"] = VerifierBench.Start.AddSeconds(10).ToUnixTimeSeconds());
        await bench.AcceptLogoutAsync(token);

        bench.Clock.Advance(TimeSpan.FromSeconds(70));

        await bench.RefuseLogoutAsync(token, RefusalReason.AssertionExpired);
        await bench.RefuseLogoutAsync(bench.LogoutToken(claims => claims["exp"] = VerifierBench.Start.ToUnixTimeSeconds()), RefusalReason.MalformedAssertion);
        await bench.RefuseLogoutAsync(bench.LogoutToken(claims => claims["exp"] = "soon"), RefusalReason.MalformedAssertion);
    }

    [Theory]
    [InlineData("iss", nameof(RefusalReason.MalformedAssertion))]
    [InlineData("sub", nameof(RefusalReason.MalformedAssertion))]
    [InlineData("jti", nameof(RefusalReason.MalformedAssertion))]
    [InlineData("iat", nameof(RefusalReason.MalformedAssertion))]
    [InlineData("aud", nameof(RefusalReason.InvalidAudience))]
    public async Task Required_claim_that_is_missing_is_refused(string claim, string failure)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseLogoutAsync(bench.LogoutToken(claims => claims.Remove(claim)), Enum.Parse<RefusalReason>(failure));
    }

    [Fact]
    public async Task Audience_may_be_the_issuer_or_the_resource_as_a_string_or_an_array()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.AcceptLogoutAsync(bench.LogoutToken(claims => claims["aud"] = new JsonArray(VerifierBench.Service)));
        await bench.AcceptLogoutAsync(bench.LogoutToken(claims => claims["aud"] = VerifierBench.Resource));
        await bench.RefuseLogoutAsync(bench.LogoutToken(claims => claims["aud"] = "https://other.example"), RefusalReason.InvalidAudience);
    }

    [Fact]
    public async Task Unknown_claims_and_further_events_are_ignored()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.AcceptLogoutAsync(bench.LogoutToken(claims =>
        {
            claims["sid"] = "s";
            claims["x"] = 1;
            claims["events"]!["https://example.com/unknown"] = 1;
        }));
    }
}
