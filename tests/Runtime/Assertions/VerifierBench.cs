using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using AgentAuth.Hosting;
using AgentAuth.Manifest;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Assertions;

/// <summary>
/// The verifier as the host builds it, with a provider whose keys and client document come from a real server on loopback, and a clock
/// that stands still.
/// </summary>
internal sealed class VerifierBench : IAsyncDisposable
{
    public const string Provider = "https://agents.example";
    public const string OtherProvider = "https://agents.other.example";
    public const string Service = "https://auth.service.example";
    public const string Resource = "https://api.service.example/";

    private readonly ServiceProvider _services;

    private VerifierBench(LoopbackServer server, LoopbackServer otherServer, ServiceProvider services, FakeTimeProvider clock, CapturedLog log)
    {
        Server = server;
        OtherServer = otherServer;
        _services = services;
        Clock = clock;
        Log = log;
    }

    public static DateTimeOffset Start { get; } = new(2026, 5, 21, 12, 0, 0, TimeSpan.Zero);

    public LoopbackServer Server { get; }

    public LoopbackServer OtherServer { get; }

    public FakeTimeProvider Clock { get; }

    public CapturedLog Log { get; }

    /// <summary>What the provider signs with.</summary>
    public TestKey Key { get; set; } = TestKey.Create();

    /// <summary>What the other provider signs with. The kid is the same on purpose.</summary>
    public TestKey OtherKey { get; } = TestKey.Create();

    /// <summary>What the provider publishes.</summary>
    public IList<JsonObject> Published { get; } = [];

    /// <summary>What the provider's server answers at /client.json.</summary>
    public JsonObject ClientDocument { get; private set; } = [];

    public string ClientId => Server.Url("/client.json").OriginalString;

    public AgentAuthSettings Settings => _services.GetRequiredService<AgentAuthSettings>();

    public AssertionVerifier Verifier => _services.GetRequiredService<AssertionVerifier>();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public long RequestsSent => _services.GetRequiredService<GuardedHttpClient>().RequestsSent;

    public static async Task<VerifierBench> StartAsync(
        string algorithm = "ES256", Func<TrustedProvider, TrustedProvider>? provider = null, Func<AgentAuthSettings, AgentAuthSettings>? settings = null)
    {
        var server = await LoopbackServer.StartAsync(LoopbackServer.Status(StatusCodes.Status404NotFound));
        var otherServer = await LoopbackServer.StartAsync(LoopbackServer.Status(StatusCodes.Status404NotFound));
        var trusted = new TrustedProvider { Issuer = Provider, DisplayName = "Example", KeysUri = server.Url("/keys.json") };
        var other = new TrustedProvider { Issuer = OtherProvider, DisplayName = "Other", KeysUri = otherServer.Url("/keys.json") };
        var all = SettingsFor(provider?.Invoke(trusted) ?? trusted, other);
        var clock = new FakeTimeProvider(Start);
        var log = new CapturedLog();
        var services = new ServiceCollection()
            .AddSingleton(settings?.Invoke(all) ?? all)
            .AddSingleton<TimeProvider>(clock)
            .AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace))
            .AddAssertions()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        var bench = new VerifierBench(server, otherServer, services, clock, log) { Key = TestKey.Create(algorithm) };
        bench.Published.Add(bench.Key.Jwk);
        bench.ClientDocument = new JsonObject { ["client_id"] = bench.ClientId, ["jwks_uri"] = server.Url("/keys.json").OriginalString };
        server.Answer = context => LoopbackServer.Json(
            () => context.Request.Path == "/client.json" ? bench.ClientDocument.ToJsonString() : KeySet([.. bench.Published]))(context);
        otherServer.Answer = LoopbackServer.Json(() => KeySet(bench.OtherKey.Jwk));
        return bench;
    }

    public static AgentAuthSettings SettingsFor(params TrustedProvider[] providers) => new()
    {
        Manifest = new AgentAuthManifest
        {
            ServiceName = "Test",
            Resource = Resource,
            Issuer = Service,
            Scopes = [],
            ProtectedResourceMetadata = _ => { },
            AuthorizationServerMetadata = _ => { },
            PublishedDocument = _ => { },
        },
        Issuer = Service,
        Resource = Resource,
        AllowLoopbackHttp = true,
        TrustedProviders = [.. providers],
    };

    public static string KeySet(params JsonObject[] keys) =>
        new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.DeepClone())]) }.ToJsonString();

    public JsonObject Header(string type = "oauth-id-jag+jwt") => new() { ["alg"] = Key.Algorithm, ["typ"] = type, ["kid"] = Key.KeyId };

    public JsonObject Claims() => new()
    {
        ["iss"] = Provider,
        ["sub"] = "user-1",
        ["aud"] = Service,
        ["client_id"] = Provider,
        ["jti"] = "jti-1",
        ["iat"] = Clock.GetUtcNow().ToUnixTimeSeconds(),
        ["exp"] = Clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
        ["email"] = "Alice@Example.com",
        ["email_verified"] = true,
    };

    public JsonObject LogoutClaims() => new()
    {
        ["iss"] = Provider,
        ["sub"] = "user-1",
        ["aud"] = Service,
        ["jti"] = "jti-1",
        ["iat"] = Clock.GetUtcNow().ToUnixTimeSeconds(),
        ["events"] = new JsonObject { [LogoutTokenClaims.RevokedEvent] = new JsonObject() },
    };

    /// <summary>A good ID-JAG, but for what a test changes.</summary>
    public string Token(Action<JsonObject>? claims = null, Action<JsonObject>? header = null, TestKey? key = null)
    {
        var (head, body) = (Header(), Claims());
        header?.Invoke(head);
        claims?.Invoke(body);
        return (key ?? Key).Sign(head, body);
    }

    /// <summary>A good logout token, but for what a test changes.</summary>
    public string LogoutToken(Action<JsonObject>? claims = null, Action<JsonObject>? header = null)
    {
        var (head, body) = (Header("logout+jwt"), LogoutClaims());
        header?.Invoke(head);
        claims?.Invoke(body);
        return Key.Sign(head, body);
    }

    public async Task<VerifiedAssertion> AcceptAsync(string token)
    {
        var result = await Verifier.VerifyIdJagAsync(token, TestContext.Current.CancellationToken);
        Assert.True(result.Refusal is null, result.Refusal?.ToString());
        return result.Verified!;
    }

    public async Task RefuseAsync(string token, AssertionFailure expected)
    {
        var result = await Verifier.VerifyIdJagAsync(token, TestContext.Current.CancellationToken);
        AssertRefused(result.Refusal, token, expected);
        Assert.Null(result.Verified);
    }

    public async Task<VerifiedLogoutToken> AcceptLogoutAsync(string token)
    {
        var result = await Verifier.VerifyLogoutTokenAsync(token, TestContext.Current.CancellationToken);
        Assert.True(result.Refusal is null, result.Refusal?.ToString());
        return result.Verified!;
    }

    public async Task RefuseLogoutAsync(string token, AssertionFailure expected)
    {
        var result = await Verifier.VerifyLogoutTokenAsync(token, TestContext.Current.CancellationToken);
        AssertRefused(result.Refusal, token, expected);
        Assert.Null(result.Verified);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Server.DisposeAsync();
        await OtherServer.DisposeAsync();
    }

    /// <summary>Every refusal is of the right kind, says something, and echoes no part of the token: neither does the log.</summary>
    private void AssertRefused(AssertionRefusal? refusal, string token, AssertionFailure expected)
    {
        Assert.NotNull(refusal);
        Assert.True(expected == refusal.Failure, refusal.ToString());
        Assert.NotEmpty(refusal.Message);
        foreach (var segment in token.Split('.').Where(segment => segment.Length > 20))
        {
            Assert.DoesNotContain(segment[..20], refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(segment[..20], Log.Text, StringComparison.Ordinal);
        }

        Assert.Contains(expected.ToString(), Log.Text, StringComparison.Ordinal);
    }
}
