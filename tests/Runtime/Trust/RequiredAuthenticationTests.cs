using System.Text.Json.Nodes;
using AgentAuth.Assertions;
using AgentAuth.Protocol;

namespace AgentAuth.Trust;

/// <summary>How and when the user signed in, against what the provider's entry requires, to the second.</summary>
public class RequiredAuthenticationTests
{
    private const int Skew = 60;

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-3600)]
    [InlineData(-3600 - Skew)]
    [InlineData(Skew)]
    public async Task Sign_in_within_the_age_and_the_skew_is_accepted(int seconds)
    {
        await using var bench = await StartAsync(maxAge: TimeSpan.FromHours(1));

        await bench.AcceptAsync(bench.Token(claims => claims["auth_time"] = Now(bench) + seconds));
    }

    [Theory]
    [InlineData(-3600 - Skew - 1)]
    [InlineData(-86_400)]
    [InlineData(Skew + 1)]
    [InlineData(86_400)]
    public async Task Sign_in_that_is_a_second_too_old_or_lies_ahead_is_insufficient(int seconds)
    {
        await using var bench = await StartAsync(maxAge: TimeSpan.FromHours(1));

        await bench.RefuseAsync(bench.Token(claims => claims["auth_time"] = Now(bench) + seconds), RefusalReason.InsufficientUserAuthentication);
    }

    [Fact]
    public async Task Sign_in_ages_while_the_clock_goes_on()
    {
        await using var bench = await StartAsync(maxAge: TimeSpan.FromMinutes(2));
        var token = bench.Token(claims => claims["auth_time"] = Now(bench));

        bench.Clock.Advance(TimeSpan.FromMinutes(3));
        await bench.AcceptAsync(token);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await bench.RefuseAsync(token, RefusalReason.InsufficientUserAuthentication);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1e300")]
    [InlineData("9223372036854775807")]
    public async Task Without_a_usable_instant_nobody_knows_and_where_no_age_is_asked_for_nobody_cares(string? authTime)
    {
        await using var asking = await StartAsync(maxAge: TimeSpan.FromDays(365));
        await using var other = await StartAsync();

        await asking.RefuseAsync(With(asking, "auth_time", authTime), RefusalReason.InsufficientUserAuthentication);
        await other.AcceptAsync(With(other, "auth_time", authTime));
    }

    [Theory]
    [InlineData("auth_time", "\"1780000000\"")]
    [InlineData("auth_time", "true")]
    [InlineData("auth_time", "null")]
    [InlineData("auth_time", "[1780000000]")]
    [InlineData("acr", "1")]
    [InlineData("acr", "null")]
    [InlineData("acr", "[\"urn:a\"]")]
    [InlineData("acr", "{}")]
    public async Task Claim_of_the_wrong_kind_is_malformed_whether_or_not_it_is_asked_for(string claim, string json)
    {
        await using var asking = await StartAsync(maxAge: TimeSpan.FromHours(1), contexts: ["urn:a"]);
        await using var other = await StartAsync();

        await asking.RefuseAsync(With(asking, claim, json), RefusalReason.MalformedAssertion);
        await other.RefuseAsync(With(other, claim, json), RefusalReason.MalformedAssertion);
    }

    [Theory]
    [InlineData("\"urn:a\"", true)]
    [InlineData("\"urn:b\"", true)]
    [InlineData("\"URN:A\"", false)]
    [InlineData("\"urn:a \"", false)]
    [InlineData("\"urn:a urn:b\"", false)]
    [InlineData("\"\"", false)]
    [InlineData(null, false)]
    public async Task One_of_the_accepted_contexts_is_needed_byte_for_byte(string? acr, bool isAccepted)
    {
        await using var bench = await StartAsync(contexts: ["urn:a", "urn:b"]);
        var token = With(bench, "acr", acr);

        await (isAccepted ? bench.AcceptAsync(token) : bench.RefuseAsync(token, RefusalReason.InsufficientUserAuthentication));
    }

    [Theory]
    [InlineData("auth_time")]
    [InlineData("acr")]
    [InlineData("amr")]
    public async Task Everything_is_needed_and_the_refusal_says_all_of_it(string missing)
    {
        await using var bench = await StartAsync(["mfa"], TimeSpan.FromHours(1), ["urn:a", "urn:b"]);
        var token = bench.Token(claims =>
        {
            claims["amr"] = new JsonArray("mfa");
            claims["acr"] = "urn:a";
            claims["auth_time"] = Now(bench);
        });
        await bench.AcceptAsync(token);

        var refused = await bench.Verifier.VerifyIdJagAsync(
            bench.Token(claims =>
            {
                claims["amr"] = new JsonArray("mfa");
                claims["acr"] = "urn:a";
                claims["auth_time"] = Now(bench);
                claims.Remove(missing);
            }),
            IdJagTerms.AgentDoor,
            TestContext.Current.CancellationToken);

        var refusal = refused.Refusal!;
        Assert.Equal(RefusalReason.InsufficientUserAuthentication, refusal.Reason);
        Assert.Equal(["mfa"], refusal.RequiredAuthentication!.Methods);
        Assert.Equal(["urn:a", "urn:b"], refusal.RequiredAuthentication.Contexts);
        Assert.Equal(TimeSpan.FromHours(1), refusal.RequiredAuthentication.MaxAge);
        Assert.EndsWith("`amr` with mfa, `acr` urn:a or urn:b, `auth_time` at most 3600 seconds ago.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_refusals_say_nothing_about_authentication_and_logout_tokens_need_none()
    {
        await using var bench = await StartAsync(["mfa"], TimeSpan.FromHours(1), ["urn:a"]);

        var refused = await bench.Verifier.VerifyIdJagAsync(bench.Token(claims => claims["aud"] = "x"), IdJagTerms.AgentDoor, TestContext.Current.CancellationToken);

        Assert.Null(refused.Refusal!.RequiredAuthentication);
        await bench.AcceptLogoutAsync(bench.LogoutToken());
    }

    private static Task<VerifierBench> StartAsync(string[]? methods = null, TimeSpan? maxAge = null, string[]? contexts = null) =>
        VerifierBench.StartAsync(provider: provider => provider with
        {
            RequiredAuthenticationMethods = [.. methods ?? []],
            MaxAuthenticationAge = maxAge,
            AcceptedAuthenticationContexts = [.. contexts ?? []],
        });

    private static string With(VerifierBench bench, string claim, string? json) => bench.Token(claims =>
    {
        if (json is not null)
        {
            claims[claim] = JsonNode.Parse(json);
        }
    });

    private static long Now(VerifierBench bench) => bench.Clock.GetUtcNow().ToUnixTimeSeconds();
}
