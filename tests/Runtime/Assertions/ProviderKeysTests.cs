using System.Globalization;
using AgentAuth.Protocol;
using AgentAuth.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

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

    [Theory]
    [InlineData("2026-05-21")]
    [InlineData("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")]
    [InlineData("a+b/c==")]
    [InlineData("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")]
    [InlineData("https://vault.example/keys/signing/1")]
    [InlineData("did:web:agents.example#key-1")]
    public async Task Names_that_providers_give_their_keys_are_taken(string kid)
    {
        await using var bench = await VerifierBench.StartAsync();
        bench.Key = TestKey.Create(kid: kid);
        bench.Published.Add(bench.Key.Jwk);

        await bench.AcceptAsync(bench.Token());
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
    public async Task In_a_rotation_both_keys_serve_until_the_old_one_is_withdrawn()
    {
        await using var bench = await VerifierBench.StartAsync();
        var fresh = TestKey.Create(kid: "key-2");
        string ByFresh() => bench.Token(header: header => header["kid"] = "key-2", key: fresh);
        await bench.AcceptAsync(bench.Token());
        await bench.RefuseAsync(ByFresh(), RefusalReason.InvalidSignature);
        Assert.Equal(1, bench.Server.Requests);

        // Published beside the old one, the new key is found by one refetch.
        bench.Published.Add(fresh.Jwk);
        bench.Clock.Advance(ProviderKeys.Cooldown);
        await bench.AcceptAsync(ByFresh());
        await bench.AcceptAsync(bench.Token());
        await bench.AcceptAsync(ByFresh());
        Assert.Equal(2, bench.Server.Requests);

        // Withdrawn, the old one serves as long as the set is fresh, and no longer.
        bench.Published.RemoveAt(0);
        bench.Clock.Advance(ProviderKeys.Floor - TimeSpan.FromMilliseconds(1));
        await bench.AcceptAsync(bench.Token());
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await bench.RefuseAsync(bench.Token(), RefusalReason.InvalidSignature);
        await bench.AcceptAsync(ByFresh());
        Assert.Equal(3, bench.Server.Requests);
    }

    [Finding("W13", "A key server that answers 503, a redirect, what is compressed, too much, no JWK set, or nothing; with keys from before and without", "The log says which of these it was, and whether keys from before serve on")]
    [Theory]
    [InlineData("503", "could not be fetched from {0} (Unreachable, the answer was 503 instead of 200). ")]
    [InlineData("302", "could not be fetched from {0} (Refused, the answer was 302 instead of 200). ")]
    [InlineData("encoded", "could not be fetched from {0} (Refused, the answer has a Content-Encoding, although none was asked for). ")]
    [InlineData("large", "could not be fetched from {0} (Refused, the answer has more than 65536 bytes). ")]
    [InlineData("broken", "could not be fetched from {0} (Unreachable, the connection broke off). ")]
    [InlineData("html", "What {0} answers is not the JWK set of https://agents.example: it must be one JSON object in UTF-8, without duplicate members, whose member `keys` is an array (RFC 7517 §5). ")]
    public async Task W13_the_log_says_why_there_are_no_new_keys(string answer, string expected)
    {
        await using var bench = await VerifierBench.StartAsync();
        var good = bench.Server.Answer;
        bench.Server.Answer = Bad(answer);
        expected = expected.Replace("{0}", bench.Server.Url("/keys.json").OriginalString, StringComparison.Ordinal);

        await bench.RefuseAsync(bench.Token(), RefusalReason.TemporarilyUnavailable);

        Assert.Contains(expected + "There are none from before, so its tokens cannot be checked.", bench.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("serve on", bench.Log.Text, StringComparison.Ordinal);
        bench.Server.Answer = good;
        bench.Clock.Advance(ProviderKeys.Cooldown);
        await bench.AcceptAsync(bench.Token());
        bench.Server.Answer = Bad(answer);
        bench.Clock.Advance(ProviderKeys.Floor);
        await bench.AcceptAsync(bench.Token());
        Assert.Contains(expected + "The keys that were fetched before serve on: 1.", bench.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(", or not", bench.Log.Text, StringComparison.Ordinal);

        static RequestDelegate Bad(string answer) => answer switch
        {
            "encoded" => WriteEncodedAsync,
            "large" => LoopbackServer.Json(() => new string(' ', GuardedHttpClient.SizeLimit + 1)),
            "broken" => BreakOffAsync,
            "html" => LoopbackServer.Json(() => "<html>"),
            var status => LoopbackServer.Status(int.Parse(status, CultureInfo.InvariantCulture)),
        };

        static Task WriteEncodedAsync(HttpContext context)
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.WriteAsync("{\"keys\":[]}", context.RequestAborted);
        }

        static async Task BreakOffAsync(HttpContext context)
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("{", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }

    [Theory]
    [InlineData(59_999, false)]
    [InlineData(60_000, true)]
    public async Task Keys_are_asked_for_again_after_a_minute(int milliseconds, bool isFound)
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        bench.Key = TestKey.Create(kid: "key-2");
        bench.Published.Add(bench.Key.Jwk);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        var result = await bench.Verifier.VerifyIdJagAsync(bench.Token(), IdJagTerms.AgentDoor, TestContext.Current.CancellationToken);

        Assert.Equal(isFound ? null : RefusalReason.InvalidSignature, result.Refusal?.Reason);
    }

    [Theory]
    [InlineData(9_999, false)]
    [InlineData(10_000, true)]
    public async Task Without_any_keys_they_are_asked_for_again_after_ten_seconds(int milliseconds, bool isFound)
    {
        await using var bench = await VerifierBench.StartAsync();
        var good = bench.Server.Answer;
        bench.Server.Answer = LoopbackServer.Status(503);
        await bench.RefuseAsync(bench.Token(), RefusalReason.TemporarilyUnavailable);
        bench.Server.Answer = good;
        bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        var result = await bench.Verifier.VerifyIdJagAsync(bench.Token(), IdJagTerms.AgentDoor, TestContext.Current.CancellationToken);

        Assert.Equal(isFound ? null : RefusalReason.TemporarilyUnavailable, result.Refusal?.Reason);
    }

    [Theory]
    [InlineData(59_999, 2)]
    [InlineData(60_000, 3)]
    public async Task Server_that_is_gone_is_asked_again_after_a_minute_while_there_are_keys(int milliseconds, int requests)
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        bench.Server.Answer = LoopbackServer.Status(503);
        bench.Clock.Advance(ProviderKeys.Floor);
        await bench.AcceptAsync(bench.Token());
        bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        await bench.AcceptAsync(bench.Token());

        Assert.Equal(requests, bench.Server.Requests);
    }

    [Fact]
    public async Task Outage_ends_with_the_first_fetch_that_succeeds_however_fresh_the_keys_are()
    {
        await using var bench = await VerifierBench.StartAsync();
        var keys = bench.App.Services.GetRequiredService<ProviderKeys>();
        var provider = bench.Settings.TrustedProviders[0];
        var good = LoopbackServer.Json(() => VerifierBench.KeySet([.. bench.Published]), "max-age=86400");
        bench.Server.Answer = good;
        await keys.FindAsync(provider, bench.Key.KeyId, "ES256", TestContext.Current.CancellationToken);
        bench.Server.Answer = LoopbackServer.Status(503);
        bench.Clock.Advance(ProviderKeys.Cooldown);
        Assert.True((await keys.FindAsync(provider, "forged", "ES256", TestContext.Current.CancellationToken)).IsUnavailable);
        Assert.True(keys.StatusOf(provider).IsOutage);

        bench.Server.Answer = good;
        bench.Clock.Advance(ProviderKeys.Cooldown);
        Assert.NotNull((await keys.FindAsync(provider, bench.Key.KeyId, "ES256", TestContext.Current.CancellationToken)).Key);

        Assert.False(keys.StatusOf(provider).IsOutage);
        Assert.Equal(3, bench.Server.Requests);
    }

    [Fact]
    public async Task Keys_that_nobody_asked_for_lately_are_there()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());

        bench.Clock.Advance(TimeSpan.FromDays(30));

        Assert.Equal(1, bench.App.Services.GetRequiredService<ProviderKeys>().StatusOf(bench.Settings.TrustedProviders[0]).Count);
    }

    [Fact]
    public async Task Clock_that_was_ahead_for_a_moment_keeps_no_withdrawn_key_alive_and_no_new_one_out()
    {
        await using var bench = await VerifierBench.StartAsync();
        bench.Clock.AdjustTime(VerifierBench.Start.AddYears(10));
        await bench.AcceptAsync(bench.Token());
        bench.Clock.AdjustTime(VerifierBench.Start.AddDays(30));
        var withdrawn = bench.Key;
        bench.Key = TestKey.Create(kid: "new");
        bench.Published.Clear();
        bench.Published.Add(bench.Key.Jwk);

        await bench.AcceptAsync(bench.Token());
        bench.Key = withdrawn;
        await bench.RefuseAsync(bench.Token(), RefusalReason.InvalidSignature);
    }

    [Fact]
    public async Task Clock_that_was_ahead_in_an_outage_lets_no_old_key_serve()
    {
        await using var bench = await VerifierBench.StartAsync();
        bench.Clock.AdjustTime(VerifierBench.Start.AddYears(10));
        await bench.AcceptAsync(bench.Token());
        bench.Clock.AdjustTime(VerifierBench.Start);
        bench.Server.Answer = LoopbackServer.Status(503);

        await bench.RefuseAsync(bench.Token(), RefusalReason.TemporarilyUnavailable);
    }

    [Fact]
    public async Task Keys_that_are_there_are_not_fetched_to_warm_up()
    {
        await using var bench = await VerifierBench.StartAsync();
        var keys = bench.App.Services.GetRequiredService<ProviderKeys>();
        var provider = bench.Settings.TrustedProviders[0];
        await keys.WarmUpAsync(provider, TestContext.Current.CancellationToken);
        Assert.Equal(1, bench.Server.Requests);
        bench.Clock.Advance(ProviderKeys.Cooldown);

        await keys.WarmUpAsync(provider, TestContext.Current.CancellationToken);

        Assert.Equal(1, bench.Server.Requests);
    }

    [Fact]
    public async Task While_the_first_fetch_is_under_way_there_are_no_keys_and_there_is_no_outage()
    {
        await using var bench = await VerifierBench.StartAsync();
        var keys = bench.App.Services.GetRequiredService<ProviderKeys>();
        var provider = bench.Settings.TrustedProviders[0];
        var (asked, release, good) = (new TaskCompletionSource(), new TaskCompletionSource(), bench.Server.Answer);
        bench.Server.Answer = async context =>
        {
            asked.SetResult();
            await release.Task;
            await good(context);
        };

        var fetch = keys.WarmUpAsync(provider, TestContext.Current.CancellationToken);
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(default, keys.StatusOf(provider));
        release.SetResult();
        await fetch;

        Assert.Equal(new KeysStatus(1, VerifierBench.Start, IsOutage: false), keys.StatusOf(provider));
    }

    [Theory]
    [InlineData(24 * 3_600_000 - 1, true)]
    [InlineData(24 * 3_600_000, false)]
    public async Task Old_keys_serve_a_day_beyond_their_time(int milliseconds, bool serve)
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        bench.Server.Answer = LoopbackServer.Status(503);
        bench.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromMilliseconds(milliseconds));

        var result = await bench.Verifier.VerifyIdJagAsync(bench.Token(), IdJagTerms.AgentDoor, TestContext.Current.CancellationToken);

        Assert.Equal(serve ? null : RefusalReason.TemporarilyUnavailable, result.Refusal?.Reason);
    }

    [Fact]
    public async Task Withdrawn_key_is_refused_once_the_set_was_fetched_again()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        bench.Published.Clear();
        bench.Clock.Advance(ProviderKeys.Floor);

        await bench.RefuseAsync(bench.Token(), RefusalReason.InvalidSignature);
    }

    [Fact]
    public async Task Without_any_keys_the_token_is_neither_good_nor_bad_and_the_next_try_comes_after_the_short_pause()
    {
        await using var bench = await VerifierBench.StartAsync();
        var good = bench.Server.Answer;
        bench.Server.Answer = LoopbackServer.Status(503);
        await bench.RefuseAsync(bench.Token(), RefusalReason.TemporarilyUnavailable);
        bench.Server.Answer = good;
        await bench.RefuseAsync(bench.Token(), RefusalReason.TemporarilyUnavailable);
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

        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = "key-2"), RefusalReason.TemporarilyUnavailable);
        await bench.AcceptAsync(bench.Token());
    }

    [Fact]
    public async Task Providers_do_not_share_keys_although_their_names_agree()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());

        await bench.RefuseAsync(
            bench.Token(claims => claims["iss"] = VerifierBench.OtherProvider), RefusalReason.InvalidSignature);

        Assert.Equal(1, bench.Server.Requests);
        Assert.Equal(1, bench.OtherServer.Requests);
    }

    [Fact]
    public async Task Providers_whose_issuers_differ_in_case_alone_do_not_share_keys()
    {
        var shouted = VerifierBench.Provider.Replace("agents", "AGENTS", StringComparison.Ordinal);
        await using var bench = await VerifierBench.StartAsync(settings: settings => settings with
        {
            TrustedProviders = [settings.TrustedProviders[0], settings.TrustedProviders[1] with { Issuer = shouted }],
        });
        string OfTheOther(TestKey key) => bench.Token(
            claims => (claims["iss"], claims["client_id"], claims["email"]) = (shouted, shouted, "bob@example.com"), key: key);
        await bench.AcceptAsync(bench.Token());

        await bench.RefuseAsync(OfTheOther(bench.Key), RefusalReason.InvalidSignature);
        await bench.AcceptAsync(OfTheOther(bench.OtherKey));
    }

    [Fact]
    public async Task Caller_who_comes_just_after_a_fetch_ended_does_not_start_another()
    {
        await using var bench = await VerifierBench.StartAsync();
        var clock = new HoldingClock();
        using var http = new GuardedHttpClient(bench.Settings, clock, bench.Meters);
        var keys = new ProviderKeys(http, clock, new AgentAuthMetrics(bench.Meters), NullLogger<ProviderKeys>.Instance);
        var provider = bench.Settings.TrustedProviders[0];
        var cancellation = TestContext.Current.CancellationToken;

        // The late caller has seen that there are no keys, and is then overtaken by one who fetches them.
        var held = clock.HoldNextCall();
        var late = Task.Run(() => keys.FindAsync(provider, "key-1", "ES256", cancellation).AsTask(), cancellation);
        await held.WaitAsync(cancellation);
        Assert.NotNull((await keys.FindAsync(provider, "key-1", "ES256", cancellation)).Key);
        clock.Release();

        Assert.NotNull((await late).Key);
        Assert.Equal(1, bench.Server.Requests);
    }

    [Fact]
    public async Task Key_server_that_may_not_be_asked_makes_keys_unavailable_without_a_request()
    {
        await using var bench = await VerifierBench.StartAsync(settings: settings => settings with { AllowLoopbackHttp = false });

        await bench.RefuseAsync(bench.Token(), RefusalReason.TemporarilyUnavailable);

        Assert.Equal(0, bench.RequestsSent);
        Assert.Equal(0, bench.Server.Requests);
    }

    /// <summary>A clock that can keep one caller waiting for the time.</summary>
    private sealed class HoldingClock : TimeProvider
    {
        private readonly TaskCompletionSource _released = new();
        private TaskCompletionSource? _next;

        public Task HoldNextCall()
        {
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _next.Task;
        }

        public void Release() => _released.SetResult();

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Exchange(ref _next, null) is { } held)
            {
                held.SetResult();
                _released.Task.Wait();
            }

            return VerifierBench.Start;
        }
    }
}
