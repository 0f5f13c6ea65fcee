using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentAuth.Protocol;
using AgentAuth.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Assertions;

/// <summary>The numbered hostile answers to a fetch, against real servers on loopback, and what they make of a registration over HTTP.</summary>
public class FetchingAbuseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Abuse(52, "a key server that redirects to a metadata address, another server or itself", "`503 temporarily_unavailable`, not followed")]
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

            await bench.RefuseAsync(bench.Token(), RefusalReason.TemporarilyUnavailable);
            bench.Clock.Advance(ProviderKeys.CooldownWithoutKeys);
        }

        Assert.Equal(0, target.Requests);
        Assert.Equal(3, bench.Server.Requests);
        Assert.Equal(3, bench.RequestsSent);
    }

    [Abuse(52, "a client document whose server redirects", "`400 invalid_client_id`, not followed")]
    [Theory]
    [InlineData(302)]
    [InlineData(308)]
    public async Task Abuse_52_redirect_of_a_client_document_is_not_followed(int status)
    {
        await using var bench = await VerifierBench.StartAsync();
        await using var target = await LoopbackServer.StartAsync(LoopbackServer.Json(() => bench.ClientDocument.ToJsonString()));
        var keys = bench.Server.Answer;
        foreach (var location in (string[])["http://169.254.169.254/latest/meta-data/", target.Url("/client.json").OriginalString])
        {
            bench.Server.Answer = context =>
            {
                if (context.Request.Path != "/client.json")
                {
                    return keys(context);
                }

                context.Response.StatusCode = status;
                context.Response.Headers.Location = location;
                return Task.CompletedTask;
            };

            await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = bench.ClientId), RefusalReason.InvalidClient);
        }

        Assert.Equal(0, target.Requests);
    }

    public static TheoryData<string> InnerAddresses => [.. s_innerAddresses];

    private static readonly string[] s_innerAddresses =
    [
        "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1",
        "ff02::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::",
        "2001:0:a00:1::1", "2001:db8::1", "2001:10::1", "100::1", "3fff::1", "5f00::1", "4000::1",
    ];

    [Abuse(53, "each of these addresses, given to the HTTP client", "not allowed, looked up once or not at all")]
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

        Assert.False(AddressPolicy.IsPublic(ip));
        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri("https://keys.example/keys.json"), 1000, Cancellation)).Outcome);
        Assert.Equal(1, looked);
        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri($"https://{Literal(ip)}/keys.json"), 1000, Cancellation)).Outcome);
        Assert.Equal(1, looked);
    }

    [Abuse(53, "keys at a name that leads to an inner or special address, or at the address itself: 10/8, 127/8, 169.254/16, `::1`, `fc00::/7`, their IPv4-mapped, NAT64 and 6to4 forms, and some forty more", "`503 temporarily_unavailable`, not connected to")]
    [Fact]
    public async Task Abuse_53_key_server_that_lies_inside_is_not_asked()
    {
        // A provider for each address: its keys lie at a name that leads there, or at the address itself.
        var (looked, inner) = (0, s_innerAddresses.Select(IPAddress.Parse).ToArray());
        TrustedProvider[] providers =
        [
            .. inner.SelectMany((ip, i) => new[] { $"https://name-{i}.example", $"https://{Literal(ip)}" })
                .Select(origin => VerifierBench.Trusted(origin, new Uri(origin + "/keys.json"))),
        ];
        await using var bench = await VerifierBench.StartAsync(
            settings: settings => settings with { AllowLoopbackHttp = false, TrustedProviders = [.. providers] },
            resolve: (name, _) =>
            {
                looked++;
                return Task.FromResult<IPAddress[]>([inner[int.Parse(name.Split('-', '.')[1], CultureInfo.InvariantCulture)]]);
            });

        foreach (var provider in providers)
        {
            await bench.RefuseAsync(bench.Token(claims => claims["iss"] = provider.Issuer), RefusalReason.TemporarilyUnavailable);
            Assert.Contains($"could not be fetched from {provider.KeysUri} (NotAllowed", bench.Log.Text, StringComparison.Ordinal);
        }

        Assert.Equal(inner.Length, looked);
    }

    [Abuse(53, "a client document at such an address, or at a name that leads there", "`400 invalid_client_id`, not connected to")]
    [Fact]
    public async Task Abuse_53_client_document_that_lies_inside_is_not_fetched()
    {
        // Loopback is allowed here, for the keys come from there; it opens nothing else.
        var inner = s_innerAddresses.Select(IPAddress.Parse).Where(ip => !IPAddress.IsLoopback(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip)).ToArray();
        var looked = 0;
        await using var bench = await VerifierBench.StartAsync(resolve: (name, _) =>
        {
            looked++;
            return Task.FromResult<IPAddress[]>([inner[int.Parse(name.Split('-', '.')[1], CultureInfo.InvariantCulture)]]);
        });

        for (var i = 0; i < inner.Length; i++)
        {
            foreach (var url in (string[])[$"https://name-{i}.example/client.json", new Uri($"https://{Literal(inner[i])}/client.json").AbsoluteUri])
            {
                await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = url), RefusalReason.InvalidClient);
            }
        }

        // By the service and by the verifier alone.
        Assert.Equal(2 * inner.Length, looked);
        Assert.DoesNotContain("could not be fetched", bench.Log.Text, StringComparison.Ordinal);
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

    [Abuse(53, "given to the HTTP client: loopback spelt as `2130706433`, `0x7f.1` …, other schemes, user names", "not allowed")]
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

    [Abuse(53, "other inner addresses given to the HTTP client, while loopback is allowed by its setting", "not allowed")]
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

    [Abuse(54, "a key server's name that leads to loopback first and to a metadata address next", "`200`: looked up once, and what was checked is connected to; then not connected to, and `200` by the keys from before")]
    [Fact]
    public async Task Abuse_54_key_servers_name_that_is_rebound_leads_nowhere_else()
    {
        var answers = new Queue<IPAddress>([IPAddress.Loopback, IPAddress.Parse("169.254.169.254")]);
        await using var bench = await VerifierBench.StartAsync(
            provider: provider => provider with { KeysUri = new UriBuilder(provider.KeysUri!) { Host = "localhost" }.Uri },
            resolve: (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]));
        var keys = bench.Server.Answer;
        bench.Server.Answer = context =>
        {
            context.Response.Headers.Connection = "close";
            return keys(context);
        };

        // One look-up, and what it led to is what was connected to.
        await bench.AcceptAsync(bench.Token());
        Assert.Single(answers);

        // The next one leads inside: nobody is asked, and the keys from before serve on.
        bench.Clock.Advance(ProviderKeys.Floor);
        await bench.AcceptAsync(bench.Token());
        Assert.Empty(answers);
        Assert.Contains("(NotAllowed, ", bench.Log.Text, StringComparison.Ordinal);
        Assert.Equal(1, bench.Server.Requests);
        Assert.Equal(2, bench.RequestsSent);
    }

    [Abuse(54, "a name that is rebound, given to the HTTP client", "one look-up; the address that was checked is connected to")]
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

    [Abuse(54, "a name with allowed and forbidden addresses, given to the HTTP client", "only the allowed one is connected to")]
    [Fact]
    public async Task Abuse_54_allowed_address_among_forbidden_ones_is_used()
    {
        await using var server = await LoopbackServer.StartAsync(LoopbackServer.Json(() => "{}"));
        using var http = Client(
            allowLoopback: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1"), IPAddress.Loopback, IPAddress.Parse("169.254.169.254")]));

        Assert.Equal(FetchOutcome.Fetched, (await http.GetAsync(new Uri($"http://localhost:{server.Url("/").Port}/"), 1000, Cancellation)).Outcome);
    }

    [Abuse(55, "a key server that never answers, or never ends", "`503 temporarily_unavailable` after 5 seconds")]
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

        var registration = bench.App.RegisterByAssertionAsync(bench.Token());
        await reached.Task.WaitAsync(Cancellation);
        bench.Clock.Advance(GuardedHttpClient.TimeLimit - TimeSpan.FromMilliseconds(1));
        Assert.False(registration.IsCompleted);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));

        (await registration).Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.Equal(1, bench.RequestsSent);
    }

    [Abuse(55, "a key server that sends without end, with or without a length", "`503 temporarily_unavailable`, cut at 64 KiB")]
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

        await bench.RefuseAsync(bench.Token(), RefusalReason.TemporarilyUnavailable);
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

    [Abuse(56, "1,000 forged `kid`s in each of three minutes", "`400 invalid_signature`, and one refetch a minute")]
    [Fact]
    public async Task Abuse_56_a_thousand_forged_kids_cause_one_refetch_per_cooldown()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        Assert.Equal(1, bench.RequestsSent);

        for (var minute = 0; minute < 3; minute++)
        {
            bench.Clock.Advance(ProviderKeys.Cooldown);
            await Parallel.ForEachAsync(Enumerable.Range(0, 1000), Cancellation, async (i, _) =>
                (await bench.App.RegisterByAssertionAsync(bench.Token(header: header => header["kid"] = $"forged-{i}")))
                    .Is(HttpStatusCode.BadRequest, "invalid_signature"));
            Assert.Equal(2 + minute, bench.RequestsSent);
        }

        await bench.AcceptAsync(bench.Token());
    }

    [Abuse(57, "a key server that answers errors, redirects or rubbish; its keys are known", "`200`")]
    [Abuse(57, "the same for 24 hours beyond the time of the keys", "`503 temporarily_unavailable`")]
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
        await bench.RefuseAsync(bench.Token(), RefusalReason.TemporarilyUnavailable);
    }

    [Abuse(57, "a key server that is gone; its keys are known", "`200`")]
    [Abuse(57, "an unknown `kid` meanwhile", "`503 temporarily_unavailable`")]
    [Fact]
    public async Task Abuse_57_keys_in_the_cache_survive_a_server_that_is_gone()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        await bench.Server.DisposeAsync();

        bench.Clock.Advance(ProviderKeys.Floor);

        await bench.AcceptAsync(bench.Token());
        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = "key-2"), RefusalReason.TemporarilyUnavailable);
    }

    [Abuse(58, "200 first tokens of one issuer at once", "`200` each, after one fetch")]
    [Fact]
    public async Task Abuse_58_two_hundred_first_requests_cause_one_fetch()
    {
        const int Herd = 200;
        await using var bench = await VerifierBench.StartAsync();
        using var arrived = new ArrivedRequests(bench.App, Herd);
        var release = new TaskCompletionSource();
        bench.Server.Answer = async context =>
        {
            await release.Task;
            await LoopbackServer.Json(() => VerifierBench.KeySet(bench.Key.Jwk))(context);
        };
        var tokens = Enumerable.Range(0, Herd).Select(_ => bench.Token()).ToList();

        // All two hundred are in the service when the key server answers.
        var registrations = tokens.Select(token => bench.App.RegisterByAssertionAsync(token)).ToList();
        await arrived.All.WaitAsync(Cancellation);
        Assert.DoesNotContain(registrations, registration => registration.IsCompleted);
        release.SetResult();

        Assert.All(await Task.WhenAll(registrations), answer => answer.Is(HttpStatusCode.OK));
        Assert.Equal(1, bench.Server.Requests);
        Assert.Equal(1, bench.RequestsSent);
    }

    [Fact]
    public async Task Two_hundred_who_wait_in_the_verifier_share_one_fetch()
    {
        await using var bench = await VerifierBench.StartAsync();
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        bench.Server.Answer = async context =>
        {
            reached.TrySetResult();
            await release.Task;
            await LoopbackServer.Json(() => VerifierBench.KeySet(bench.Key.Jwk))(context);
        };
        var tokens = Enumerable.Range(0, 200).Select(_ => bench.Token()).ToList();

        // Started one by one, each runs until it waits for the keys: all two hundred are waiting when the server answers.
        var verifications = tokens.Select(token => bench.Verifier.VerifyIdJagAsync(token, IdJagTerms.AgentDoor, Cancellation).AsTask()).ToList();
        await reached.Task.WaitAsync(Cancellation);
        Assert.DoesNotContain(verifications, verification => verification.IsCompleted);
        release.SetResult();

        var results = await Task.WhenAll(verifications);
        Assert.All(results, result => Assert.NotNull(result.Value));
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

        var first = bench.Verifier.VerifyIdJagAsync(bench.Token(), IdJagTerms.AgentDoor, givesUp.Token).AsTask();
        var second = bench.Verifier.VerifyIdJagAsync(bench.Token(), IdJagTerms.AgentDoor, Cancellation).AsTask();
        await reached.Task.WaitAsync(Cancellation);
        await givesUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        release.SetResult();

        Assert.NotNull((await second).Value);
        Assert.Equal(1, bench.Server.Requests);
    }

    private static string Literal(IPAddress address) =>
        address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    private static GuardedHttpClient Client(bool allowLoopback, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        var meters = VerifierBench.CreateMeters();
        return new GuardedHttpClient(
            VerifierBench.SettingsFor() with { AllowLoopbackHttp = allowLoopback }, new FakeTimeProvider(VerifierBench.Start), meters, resolve);
    }
}
