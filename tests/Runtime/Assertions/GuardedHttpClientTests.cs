using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Assertions;

/// <summary>What is asked for, and what an answer is taken for.</summary>
public class GuardedHttpClientTests
{
    private readonly FakeTimeProvider _clock = new(VerifierBench.Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, "Fetched")]
    [InlineData(201, "Refused")]
    [InlineData(203, "Refused")]
    [InlineData(204, "Refused")]
    [InlineData(302, "Refused")]
    [InlineData(404, "Refused")]
    [InlineData(428, "Refused")]
    [InlineData(429, "Unreachable")]
    [InlineData(499, "Refused")]
    [InlineData(500, "Unreachable")]
    [InlineData(503, "Unreachable")]
    public async Task Only_200_is_a_document_and_only_what_passes_is_unreachable(int status, string outcome)
    {
        await using var server = await LoopbackServer.StartAsync(LoopbackServer.Status(status));
        using var http = Client();

        var document = await http.GetAsync(server.Url("/"), 1000, Cancellation);

        Assert.Equal(outcome, document.Outcome.ToString());
        Assert.Empty(document.Body);
    }

    [Theory]
    [InlineData(false, "https://user@agents.example/")]
    [InlineData(false, "https://:secret@agents.example/")]
    [InlineData(false, "http://agents.example/")]
    [InlineData(false, "http://127.0.0.1/")]
    [InlineData(false, "ftp://agents.example/")]
    [InlineData(false, "file:///etc/passwd")]
    [InlineData(false, "/keys.json")]
    [InlineData(true, "http://agents.example/")]
    [InlineData(true, "http://user@127.0.0.1/")]
    [InlineData(true, "ftp://127.0.0.1/")]
    public async Task What_is_not_allowed_is_not_sent_and_no_name_is_looked_up(bool allowLoopback, string url)
    {
        using var http = Client(allowLoopback, (_, _) => throw new InvalidOperationException("looked up"));

        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri(url, UriKind.RelativeOrAbsolute), 1000, Cancellation)).Outcome);

        Assert.Equal(0, http.RequestsSent);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Loopback_is_loopback_in_the_form_of_IPv6_as_well(string address)
    {
        await using var server = await LoopbackServer.StartAsync(LoopbackServer.Json(() => "{}"));
        using var http = Client(resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));

        Assert.Equal(FetchOutcome.Fetched, (await http.GetAsync(new Uri($"http://localhost:{server.Url("/").Port}/"), 1000, Cancellation)).Outcome);
        Assert.Equal(1, http.RequestsSent);
    }

    [Theory]
    [InlineData("::1")]
    [InlineData("127.0.0.2")]
    [InlineData("::ffff:127.0.0.2")]
    public async Task All_of_loopback_is_loopback(string address)
    {
        using var http = Client(resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));

        // Port 1, where nobody listens.
        Assert.Equal(FetchOutcome.Unreachable, (await http.GetAsync(new Uri("http://localhost:1/"), 1000, Cancellation)).Outcome);
    }

    [Fact]
    public async Task Public_address_is_connected_to_over_https_alone()
    {
        // Global unicast that nobody has been given, so nobody answers; on most machines there is not even a way to it.
        IPAddress nobody = IPAddress.Parse("2fff:ffff::1");
        using var http = Client(resolve: (_, _) => Task.FromResult<IPAddress[]>([nobody]));

        Assert.Equal(FetchOutcome.Unreachable, (await http.GetAsync(new Uri("https://keys.example/"), 1000, Cancellation)).Outcome);
        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri("http://localhost/"), 1000, Cancellation)).Outcome);
        Assert.Equal(2, http.RequestsSent);
    }

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(10, 11, false)]
    [InlineData(int.MaxValue, 65536, true)]
    [InlineData(int.MaxValue, 65537, false)]
    public async Task Body_may_have_as_many_bytes_as_the_caller_says_and_64_KB_at_the_most(int limit, int size, bool isFetched)
    {
        var body = new string('x', size);
        await using var server = await LoopbackServer.StartAsync(LoopbackServer.Json(() => body));
        using var http = Client();

        var document = await http.GetAsync(server.Url("/"), limit, Cancellation);

        Assert.Equal(isFetched ? FetchOutcome.Fetched : FetchOutcome.Refused, document.Outcome);
        Assert.Equal(isFetched ? body : "", System.Text.Encoding.UTF8.GetString(document.Body));
    }

    [Theory]
    [InlineData(15 * 1024 + 512, true)]
    [InlineData(16 * 1024 + 512, false)]
    public async Task Headers_may_have_16_KB(int size, bool isFetched)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers["X-Long"] = new string('x', size);
            return context.Response.WriteAsync("{}");
        });
        using var http = Client();

        Assert.Equal(isFetched ? FetchOutcome.Fetched : FetchOutcome.Unreachable, (await http.GetAsync(server.Url("/"), 1000, Cancellation)).Outcome);
    }

    [Theory]
    [InlineData(4999, "Fetched")]
    [InlineData(5000, "Unreachable")]
    public async Task Answer_may_take_five_seconds(int milliseconds, string outcome)
    {
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            reached.SetResult();
            await release.Task;
            await context.Response.WriteAsync("{}", Cancellation);
        });
        using var http = Client();

        var fetch = http.GetAsync(server.Url("/"), 1000, Cancellation);
        await reached.Task.WaitAsync(Cancellation);
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        var early = milliseconds == 5000 ? await fetch : null;
        release.SetResult();

        Assert.Equal(outcome, (early ?? await fetch).Outcome.ToString());
    }

    [Fact]
    public async Task Body_that_breaks_off_makes_a_server_unreachable()
    {
        // Too short, it ends with the connection. To abort that would throw away what has arrived, and the headers with it.
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.ContentLength = 100;
            return context.Response.WriteAsync("{", Cancellation);
        });
        using var http = Client();

        Assert.Equal(FetchOutcome.Unreachable, (await http.GetAsync(server.Url("/"), 1000, Cancellation)).Outcome);
    }

    [Fact]
    public async Task Caller_who_gives_up_gets_no_answer_instead_of_a_wrong_one()
    {
        var reached = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            reached.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var http = Client();
        using var givesUp = new CancellationTokenSource();

        var fetch = http.GetAsync(server.Url("/"), 1000, givesUp.Token);
        await reached.Task.WaitAsync(Cancellation);
        await givesUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Certificate_cannot_have_anything_fetched(bool comesWithItsIssuer)
    {
        await using var inside = await LoopbackServer.StartAsync(LoopbackServer.Status(404));
        using var server = new StrangersServer(inside.Url($"/{Guid.NewGuid()}"), comesWithItsIssuer);
        using var http = Client();

        Assert.Equal(FetchOutcome.Unreachable, (await http.GetAsync(server.Url, 1000, Cancellation)).Outcome);

        Assert.True(await server.WasGreetedAsync());
        Assert.Equal(0, inside.Requests);
    }

    [Fact]
    public async Task Host_that_cannot_be_one_is_not_allowed()
    {
        using var http = Client();

        Assert.Equal(FetchOutcome.NotAllowed, (await http.GetAsync(new Uri("https://xn--\u00fc.example/keys.json"), 1000, Cancellation)).Outcome);
    }

    [Theory]
    [InlineData("max-age=600", "100", 500)]
    [InlineData("max-age=600", "601", 0)]
    [InlineData("no-store", "1", 0)]
    [InlineData("public", "1", null)]
    public async Task What_a_cache_kept_is_good_for_so_much_less(string cacheControl, string age, int? seconds)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.Age = age;
            return LoopbackServer.Json(() => "{}", cacheControl)(context);
        });
        using var http = Client();

        var document = await http.GetAsync(server.Url("/"), 1000, Cancellation);

        Assert.Equal(seconds is { } left ? TimeSpan.FromSeconds(left) : null, document.MaxAge);
    }

    private GuardedHttpClient Client(bool allowLoopback = true, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) => new(
        VerifierBench.SettingsFor() with { AllowLoopbackHttp = allowLoopback },
        _clock,
        VerifierBench.CreateMeters(),
        resolve ?? Dns.GetHostAddressesAsync);
}
