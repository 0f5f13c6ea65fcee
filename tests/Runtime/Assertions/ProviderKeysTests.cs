namespace AgentAuth.Assertions;

public class ProviderKeysTests
{
    [Theory]
    [InlineData(null, 600)]
    [InlineData("no-store", 600)]
    [InlineData("no-cache, max-age=7200", 600)]
    [InlineData("max-age=0", 600)]
    [InlineData("public, max-age=60", 600)]
    [InlineData("public, max-age=7200", 7200)]
    [InlineData("max-age=31536000", 86400)]
    public async Task Keys_are_kept_as_long_as_Cache_Control_says_within_the_floor_and_the_ceiling(string? cacheControl, int seconds)
    {
        await using var bench = await VerifierBench.StartAsync();
        bench.Server.Answer = LoopbackServer.Json(() => VerifierBench.KeySet(bench.Key.Jwk), cacheControl);
        await bench.AcceptAsync(bench.Token());

        bench.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        await bench.AcceptAsync(bench.Token());
        Assert.Equal(1, bench.Server.Requests);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await bench.AcceptAsync(bench.Token());
        Assert.Equal(2, bench.Server.Requests);
    }

    [Fact]
    public async Task New_key_is_found_by_one_refetch()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        bench.Key = TestKey.Create(kid: "key-2");
        bench.Published.Add(bench.Key.Jwk);
        bench.Clock.Advance(ProviderKeys.Cooldown);

        await bench.AcceptAsync(bench.Token());

        Assert.Equal(2, bench.Server.Requests);
    }

    [Fact]
    public async Task Withdrawn_key_is_refused_once_the_set_was_fetched_again()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        bench.Published.Clear();
        bench.Clock.Advance(ProviderKeys.Floor);

        await bench.RefuseAsync(bench.Token(), AssertionFailure.InvalidSignature);
    }

    [Fact]
    public async Task Without_any_keys_the_token_is_neither_good_nor_bad_and_the_next_try_comes_after_the_short_pause()
    {
        await using var bench = await VerifierBench.StartAsync();
        var good = bench.Server.Answer;
        bench.Server.Answer = LoopbackServer.Status(503);
        await bench.RefuseAsync(bench.Token(), AssertionFailure.Unavailable);
        bench.Server.Answer = good;
        await bench.RefuseAsync(bench.Token(), AssertionFailure.Unavailable);
        Assert.Equal(1, bench.Server.Requests);

        bench.Clock.Advance(ProviderKeys.CooldownWithoutKeys);

        await bench.AcceptAsync(bench.Token());
        Assert.Equal(2, bench.Server.Requests);
    }

    [Fact]
    public async Task During_an_outage_an_unknown_kid_is_unavailable_and_not_a_bad_signature()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        bench.Server.Answer = LoopbackServer.Status(500);
        bench.Clock.Advance(ProviderKeys.Cooldown);

        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = "key-2"), AssertionFailure.Unavailable);
        await bench.AcceptAsync(bench.Token());
    }

    [Fact]
    public async Task Providers_do_not_share_keys_although_their_names_agree()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());

        await bench.RefuseAsync(
            bench.Token(claims => claims["iss"] = VerifierBench.OtherProvider), AssertionFailure.InvalidSignature);

        Assert.Equal(1, bench.Server.Requests);
        Assert.Equal(1, bench.OtherServer.Requests);
    }

    [Fact]
    public async Task Key_server_that_may_not_be_asked_makes_keys_unavailable_without_a_request()
    {
        await using var bench = await VerifierBench.StartAsync(settings: settings => settings with { AllowLoopbackHttp = false });

        await bench.RefuseAsync(bench.Token(), AssertionFailure.Unavailable);

        Assert.Equal(0, bench.RequestsSent);
        Assert.Equal(0, bench.Server.Requests);
    }
}
