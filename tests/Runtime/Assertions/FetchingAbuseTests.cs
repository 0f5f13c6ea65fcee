using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Assertions;

/// <summary>The numbered hostile answers to a fetch, against real servers on loopback.</summary>
public class FetchingAbuseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Abuse_52_redirect_is_not_followed(int status)
    {
        await using var bench = await VerifierBench.StartAsync();
        await using var target = await LoopbackServer.StartAsync(LoopbackServer.Json(() => VerifierBench.KeySet(bench.Key.Jwk)));
        foreach (var location in (string[])["http://169.254.169.254/latest/meta-data/", target.Url("/keys.json").OriginalString, "/keys2.json"])
        {
            bench.Server.Answer = context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = location;
                return Task.CompletedTask;
            };

            await bench.RefuseAsync(bench.Token(), AssertionFailure.Unavailable);
            bench.Clock.Advance(ProviderKeys.CooldownWithoutKeys);
        }

        Assert.Equal(0, target.Requests);
        Assert.Equal(3, bench.Server.Requests);
        Assert.Equal(3, bench.RequestsSent);
    }

    public static TheoryData<string> InnerAddresses =>
    [
        "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1",
        "ff02::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::",
        "2001:0:a00:1::1", "2001:db8::1", "2001:10::1", "100::1", "3fff::1", "5f00::1", "4000::1",
    ];

    [Theory]
    [MemberData(nameof(InnerAddresses))]
    public async Task Abuse_53_name_or_literal_that_leads_inside_is_blocked(string address)
    {
        var ip = IPAddress.Parse(address);
        var looked = 0;
        using var http = Client(allowLoopback: false, (_, _) =>
        {
            looked++;
            return Task.FromResult<IPAddress[]>([ip]);
        });
        var literal = ip.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address;

        Assert.False(AddressPolicy.IsPublic(ip));
        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri("https://keys.example/keys.json"), 1000, Cancellation)).Outcome);
        Assert.Equal(1, looked);
        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri($"https://{literal}/keys.json"), 1000, Cancellation)).Outcome);
        Assert.Equal(1, looked);
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.1")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.1")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.1")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2001:200::1")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    [InlineData("2002:101:101::1")]
    public void Public_neighbours_of_special_ranges_are_public(string address) => Assert.True(AddressPolicy.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://localhost/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://agents.example/")]
    [InlineData("https://user@agents.example/")]
    [InlineData("ftp://agents.example/")]
    [InlineData("file:///etc/passwd")]
    public async Task Abuse_53_other_spellings_of_loopback_and_other_schemes_are_blocked(string url)
    {
        using var http = Client(allowLoopback: false, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri(url), 1000, Cancellation)).Outcome);
    }

    [Fact]
    public async Task Abuse_53_loopback_by_setting_opens_nothing_else()
    {
        await using var server = await LoopbackServer.StartAsync(LoopbackServer.Json(() => "{}"));
        using var http = Client(allowLoopback: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1")]));

        Assert.Equal(FetchOutcome.Fetched, (await http.GetAsync(server.Url("/"), 1000, Cancellation)).Outcome);
        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri("http://agents.example/"), 1000, Cancellation)).Outcome);
        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri("http://localhost/"), 1000, Cancellation)).Outcome);
        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri("https://agents.example/"), 1000, Cancellation)).Outcome);
    }

    [Fact]
    public async Task Plain_http_goes_to_loopback_only_whatever_its_name_resolves_to()
    {
        using var http = Client(allowLoopback: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("1.1.1.1")]));

        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri("http://localhost/"), 1000, Cancellation)).Outcome);
    }

    [Fact]
    public async Task Abuse_54_name_is_looked_up_once_and_the_checked_address_is_connected_to()
    {
        await using var server = await LoopbackServer.StartAsync(LoopbackServer.Json(() => "{}"));
        var answers = new Queue<IPAddress>([IPAddress.Loopback, IPAddress.Parse("169.254.169.254")]);
        using var http = Client(allowLoopback: true, (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]));

        var document = await http.GetAsync(new Uri($"http://localhost:{server.Url("/").Port}/"), 1000, Cancellation);

        Assert.Equal(FetchOutcome.Fetched, document.Outcome);
        Assert.Equal(1, server.Requests);
        Assert.Single(answers);
    }

    [Fact]
    public async Task Abuse_54_allowed_address_among_forbidden_ones_is_used()
    {
        await using var server = await LoopbackServer.StartAsync(LoopbackServer.Json(() => "{}"));
        using var http = Client(
            allowLoopback: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1"), IPAddress.Loopback, IPAddress.Parse("169.254.169.254")]));

        Assert.Equal(FetchOutcome.Fetched, (await http.GetAsync(new Uri($"http://localhost:{server.Url("/").Port}/"), 1000, Cancellation)).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Abuse_55_slow_answer_is_cut_at_the_time_limit(bool sendsHeaders)
    {
        await using var bench = await VerifierBench.StartAsync();
        var reached = new TaskCompletionSource();
        bench.Server.Answer = async context =>
        {
            if (sendsHeaders)
            {
                await context.Response.WriteAsync("{", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            reached.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        var verification = bench.Verifier.VerifyIdJagAsync(bench.Token(), Cancellation).AsTask();
        await reached.Task.WaitAsync(Cancellation);
        Assert.False(verification.IsCompleted);
        bench.Clock.Advance(GuardedHttpClient.TimeLimit);

        Assert.Equal(AssertionFailure.Unavailable, (await verification).Refusal!.Failure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Abuse_55_oversized_answer_is_cut_at_the_size_limit(bool saysItsLength)
    {
        await using var bench = await VerifierBench.StartAsync();
        var written = 0L;
        bench.Server.Answer = async context =>
        {
            var chunk = new byte[8192];
            chunk.AsSpan().Fill((byte)' ');
            if (saysItsLength)
            {
                context.Response.ContentLength = 1L << 40;
            }

            while (!context.RequestAborted.IsCancellationRequested && written < 1L << 30)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
                written += chunk.Length;
            }
        };

        await bench.RefuseAsync(bench.Token(), AssertionFailure.Unavailable);
    }

    [Theory]
    [InlineData(GuardedHttpClient.SizeLimit, true)]
    [InlineData(GuardedHttpClient.SizeLimit + 1, false)]
    public async Task Size_limit_is_exact(int size, bool isFetched)
    {
        await using var server = await LoopbackServer.StartAsync(LoopbackServer.Json(() => new string(' ', size)));
        using var http = Client(allowLoopback: true, Dns.GetHostAddressesAsync);

        var document = await http.GetAsync(server.Url("/"), int.MaxValue, Cancellation);

        Assert.Equal(isFetched ? FetchOutcome.Fetched : FetchOutcome.Refused, document.Outcome);
    }

    [Fact]
    public async Task Request_carries_no_cookie_no_trace_and_no_wish_for_compression()
    {
        var headers = new List<string>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            headers.AddRange(context.Request.Headers.Keys);
            context.Response.Headers.SetCookie = "a=b";
            return context.Response.WriteAsync("{}");
        });
        using var http = Client(allowLoopback: true, Dns.GetHostAddressesAsync);
        using var activity = new System.Diagnostics.Activity("test").Start();

        await http.GetAsync(server.Url("/"), 1000, Cancellation);
        await http.GetAsync(server.Url("/"), 1000, Cancellation);

        Assert.Equal(["Accept", "Host"], headers.Distinct().Order());
    }

    [Fact]
    public async Task Certificate_that_nobody_vouches_for_makes_a_server_unreachable()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var connections = 0;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Use(next => connection =>
            {
                connections++;
                return next(connection);
            });
            listen.UseHttps(certificate);
        }));
        await using var server = builder.Build();
        server.Run(context => context.Response.WriteAsync("{}"));
        await server.StartAsync(Cancellation);
        using var http = Client(allowLoopback: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        var document = await http.GetAsync(new Uri($"https://localhost:{new Uri(server.Urls.First()).Port}/"), 1000, Cancellation);

        Assert.Equal(FetchOutcome.Unreachable, document.Outcome);
        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task Fetches_are_counted_by_outcome()
    {
        var counted = new List<string?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "agentauth.outbound.requests")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        await using var bench = await VerifierBench.StartAsync();
        var meters = bench.Meters;
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                counted.Add($"{value} {tags[0].Value}");
            }
        });
        listener.Start();

        await bench.AcceptAsync(bench.Token());

        Assert.Equal(["1 Fetched"], counted);
    }

    [Fact]
    public async Task Compressed_answer_is_refused()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.WriteAsync("{}");
        });
        using var http = Client(allowLoopback: true, Dns.GetHostAddressesAsync);

        Assert.Equal(FetchOutcome.Refused, (await http.GetAsync(server.Url("/"), 1000, Cancellation)).Outcome);
    }

    [Fact]
    public async Task Abuse_56_a_thousand_forged_kids_cause_one_refetch_per_cooldown()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        Assert.Equal(1, bench.RequestsSent);

        for (var minute = 0; minute < 3; minute++)
        {
            bench.Clock.Advance(ProviderKeys.Cooldown);
            await Parallel.ForEachAsync(Enumerable.Range(0, 1000), Cancellation, async (i, cancellation) =>
            {
                var result = await bench.Verifier.VerifyIdJagAsync(bench.Token(header: header => header["kid"] = $"forged-{i}"), cancellation);
                Assert.Equal(AssertionFailure.InvalidSignature, result.Refusal!.Failure);
            });
            Assert.Equal(2 + minute, bench.RequestsSent);
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(404)]
    [InlineData(302)]
    [InlineData(200)]
    public async Task Abuse_57_keys_in_the_cache_survive_an_outage(int status)
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        bench.Server.Answer = status == 200 ? LoopbackServer.Json(() => "<html>") : LoopbackServer.Status(status);

        bench.Clock.Advance(ProviderKeys.Floor);
        await bench.AcceptAsync(bench.Token());
        Assert.Equal(2, bench.Server.Requests);

        bench.Clock.Advance(ProviderKeys.OutageLimit - TimeSpan.FromMilliseconds(1));
        await bench.AcceptAsync(bench.Token());
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await bench.RefuseAsync(bench.Token(), AssertionFailure.Unavailable);
    }

    [Fact]
    public async Task Abuse_57_keys_in_the_cache_survive_a_server_that_is_gone()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        await bench.Server.DisposeAsync();

        bench.Clock.Advance(ProviderKeys.Floor);

        await bench.AcceptAsync(bench.Token());
        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = "key-2"), AssertionFailure.Unavailable);
    }

    [Fact]
    public async Task Abuse_58_two_hundred_first_requests_cause_one_fetch()
    {
        await using var bench = await VerifierBench.StartAsync();
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        bench.Server.Answer = async context =>
        {
            reached.TrySetResult();
            await release.Task;
            await LoopbackServer.Json(() => VerifierBench.KeySet(bench.Key.Jwk))(context);
        };
        var tokens = Enumerable.Range(0, 200).Select(i => bench.Token(claims => claims["jti"] = $"jti-{i}")).ToList();

        // Started one by one, each runs until it waits for the keys: all two hundred are waiting when the server answers.
        var verifications = tokens.Select(token => bench.Verifier.VerifyIdJagAsync(token, Cancellation).AsTask()).ToList();
        await reached.Task.WaitAsync(Cancellation);
        Assert.DoesNotContain(verifications, verification => verification.IsCompleted);
        release.SetResult();

        var results = await Task.WhenAll(verifications);
        Assert.All(results, result => Assert.NotNull(result.Verified));
        Assert.Equal(1, bench.Server.Requests);
    }

    [Fact]
    public async Task Caller_who_gives_up_does_not_take_the_fetch_from_the_others()
    {
        await using var bench = await VerifierBench.StartAsync();
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        bench.Server.Answer = async context =>
        {
            reached.TrySetResult();
            await release.Task;
            await LoopbackServer.Json(() => VerifierBench.KeySet(bench.Key.Jwk))(context);
        };
        using var givesUp = new CancellationTokenSource();

        var first = bench.Verifier.VerifyIdJagAsync(bench.Token(), givesUp.Token).AsTask();
        var second = bench.Verifier.VerifyIdJagAsync(bench.Token(), Cancellation).AsTask();
        await reached.Task.WaitAsync(Cancellation);
        await givesUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        release.SetResult();

        Assert.NotNull((await second).Verified);
        Assert.Equal(1, bench.Server.Requests);
    }

    private static GuardedHttpClient Client(bool allowLoopback, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new GuardedHttpClient(
            VerifierBench.SettingsFor() with { AllowLoopbackHttp = allowLoopback }, new FakeTimeProvider(VerifierBench.Start), meters, resolve);
    }
}
