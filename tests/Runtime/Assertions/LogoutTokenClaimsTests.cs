using System.Text.Json.Nodes;
using AgentAuth.Protocol;

namespace AgentAuth.Assertions;

/// <summary>Each claim to the last value that is taken, and the first that is not.</summary>
public class LogoutTokenClaimsTests
{
    [Theory]
    [InlineData("sub", 255, true)]
    [InlineData("sub", 256, false)]
    [InlineData("jti", 255, true)]
    [InlineData("jti", 256, false)]
    public async Task Text_has_255_characters_at_the_most(string claim, int length, bool isAccepted) =>
        await CheckAsync(isAccepted ? null : RefusalReason.MalformedAssertion, claims => claims[claim] = new string('x', length));

    [Theory]
    [InlineData("\"t1\"")]
    [InlineData("null")]
    public async Task Tenant_is_malformed(string tenant) =>
        await CheckAsync(RefusalReason.MalformedAssertion, claims => claims["tenant"] = JsonNode.Parse(tenant));

    [Theory]
    [InlineData("iat", "\"now\"")]
    [InlineData("exp", "\"soon\"")]
    [InlineData("exp", "null")]
    [InlineData("nbf", "\"now\"")]
    [InlineData("nbf", "null")]
    [InlineData("nbf", "1e300")]
    public async Task Instant_that_is_none_is_malformed(string claim, string value) =>
        await CheckAsync(RefusalReason.MalformedAssertion, claims => claims[claim] = JsonNode.Parse(value));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task Token_expires_after_it_was_issued(int seconds, bool isAccepted) =>
        await CheckAsync(isAccepted ? null : RefusalReason.MalformedAssertion, claims => claims["exp"] = VerifierBench.Start.ToUnixTimeSeconds() + seconds);

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public async Task Token_is_good_from_nbf_on(int seconds, bool isAccepted) =>
        await CheckAsync(isAccepted ? null : RefusalReason.MalformedAssertion, claims => claims["nbf"] = VerifierBench.Start.ToUnixTimeSeconds() + seconds);

    [Theory]
    [InlineData(69_999, true)]
    [InlineData(70_000, false)]
    public async Task Token_is_good_until_exp_and_the_skew(int milliseconds, bool isAccepted)
    {
        await using var bench = await VerifierBench.StartAsync();
        var token = bench.LogoutToken(claims => claims["exp"] = VerifierBench.Start.ToUnixTimeSeconds() + 10);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        await CheckAsync(bench, token, isAccepted ? null : RefusalReason.AssertionExpired);
    }

    private static async Task CheckAsync(RefusalReason? failure, Action<JsonObject> change)
    {
        await using var bench = await VerifierBench.StartAsync();
        await CheckAsync(bench, bench.LogoutToken(change), failure);
    }

    private static Task CheckAsync(VerifierBench bench, string token, RefusalReason? failure) =>
        failure is { } expected ? bench.RefuseLogoutAsync(token, expected) : bench.AcceptLogoutAsync(token);
}
