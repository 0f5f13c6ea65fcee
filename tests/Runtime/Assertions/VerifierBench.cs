using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
using AgentAuth.Configuration;
using AgentAuth.Manifest;
using AgentAuth.Protocol;
using AgentAuth.Protocol.V01;
using AgentAuth.Refusals;
using AgentAuth.Trust;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Assertions;

/// <summary>
/// A service with a provider whose keys and client document come from a real server on loopback, and a clock that stands still. What is
/// accepted or refused goes through the service over HTTP, and then to its verifier, which says why by a type.
/// </summary>
internal sealed class VerifierBench : IAsyncDisposable
{
    public const string Provider = "https://agents.example";
    public const string OtherProvider = "https://agents.other.example";
    public const string Service = "https://auth.service.example";
    public const string Resource = "https://api.service.example/";

    private int _idJags;
    private int _logoutTokens;

    private VerifierBench(LoopbackServer server, LoopbackServer otherServer, TestService app)
    {
        Server = server;
        OtherServer = otherServer;
        App = app;
    }

    public static DateTimeOffset Start { get; } = new(2026, 5, 21, 12, 0, 0, TimeSpan.Zero);

    public LoopbackServer Server { get; }

    public LoopbackServer OtherServer { get; }

    /// <summary>The service itself, over HTTP.</summary>
    public TestService App { get; }

    public FakeTimeProvider Clock => App.Time;

    public CapturedLog Log => App.Log;

    /// <summary>What the provider signs with.</summary>
    public TestKey Key { get; set; } = TestKey.Create();

    /// <summary>What the other provider signs with. The kid is the same on purpose.</summary>
    public TestKey OtherKey { get; } = TestKey.Create();

    /// <summary>What the provider publishes.</summary>
    public IList<JsonObject> Published { get; } = [];

    /// <summary>What the provider's server answers at /client.json.</summary>
    public JsonObject ClientDocument { get; private set; } = [];

    public string ClientId => Server.Url("/client.json").OriginalString;

    public AgentAuthSettings Settings => App.Services.GetRequiredService<AgentAuthSettings>();

    public AssertionVerifier Verifier => App.Services.GetRequiredService<AssertionVerifier>();

    public IMeterFactory Meters => App.Services.GetRequiredService<IMeterFactory>();

    public long RequestsSent => App.Services.GetRequiredService<GuardedHttpClient>().RequestsSent;

    /// <summary>Starts the service and the servers of two providers.</summary>
    /// <param name="algorithm">What the provider signs with.</param>
    /// <param name="provider">Changes the provider's entry in the trust list.</param>
    /// <param name="settings">Changes the settings, also to what no configuration could make of them.</param>
    /// <param name="resolve">Answers for the name servers.</param>
    public static async Task<VerifierBench> StartAsync(
        string algorithm = "ES256",
        Func<TrustedProvider, TrustedProvider>? provider = null,
        Func<AgentAuthSettings, AgentAuthSettings>? settings = null,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        var server = await LoopbackServer.StartAsync(LoopbackServer.Status(StatusCodes.Status404NotFound));
        var otherServer = await LoopbackServer.StartAsync(LoopbackServer.Status(StatusCodes.Status404NotFound));
        var app = await TestService.StartAsync(
            TestService.Manifest with { Issuer = Service, Resource = Resource },
            options =>
            {
                options.AllowLoopbackHttp = true;
                options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = Provider, Name = "Example", Keys = server.Url("/keys.json").OriginalString });
                options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = OtherProvider, Name = "Other", Keys = otherServer.Url("/keys.json").OriginalString });
            },
            services => Change(services, provider, settings, resolve),
            time: new FakeTimeProvider(Start));
        var bench = new VerifierBench(server, otherServer, app) { Key = TestKey.Create(algorithm) };
        bench.Published.Add(bench.Key.Jwk);
        bench.ClientDocument = new JsonObject { ["client_id"] = bench.ClientId, ["jwks_uri"] = server.Url("/keys.json").OriginalString };
        server.Answer = context => LoopbackServer.Json(
            () => context.Request.Path == "/client.json" ? bench.ClientDocument.ToJsonString() : KeySet([.. bench.Published]))(context);
        otherServer.Answer = LoopbackServer.Json(() => KeySet(bench.OtherKey.Jwk));
        return bench;
    }

    /// <summary>Meters for parts without a service.</summary>
    public static IMeterFactory CreateMeters() => new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    /// <summary>A provider on the trust list that nothing is asked of beyond a good signature.</summary>
    public static TrustedProvider Trusted(string issuer, Uri keysUri) => new()
    {
        Issuer = issuer,
        DisplayName = issuer,
        KeysUri = keysUri,
        Algorithms = SignatureAlgorithm.All,
        RequiredAuthenticationMethods = [],
        AcceptedAuthenticationContexts = [],
        Clients = [],
        EmailDomains = [],
    };

    /// <summary>Settings for a verifier without a service.</summary>
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

    /// <summary>The claims of a good ID-JAG, each with a <c>jti</c> of its own.</summary>
    public JsonObject Claims() => new()
    {
        ["iss"] = Provider,
        ["sub"] = "user-1",
        ["aud"] = Service,
        ["client_id"] = Provider,
        ["jti"] = $"jti-{Interlocked.Increment(ref _idJags)}",
        ["iat"] = Clock.GetUtcNow().ToUnixTimeSeconds(),
        ["exp"] = Clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
        ["email"] = "Alice@Example.com",
        ["email_verified"] = true,
    };

    /// <summary>The claims of a good logout token, each with a <c>jti</c> of its own.</summary>
    public JsonObject LogoutClaims() => new()
    {
        ["iss"] = Provider,
        ["sub"] = "user-1",
        ["aud"] = Service,
        ["jti"] = $"jti-{Interlocked.Increment(ref _logoutTokens)}",
        ["iat"] = Clock.GetUtcNow().ToUnixTimeSeconds(),
        ["events"] = new JsonObject { [V01Names.RevokedEvent] = new JsonObject() },
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
    public string LogoutToken(Action<JsonObject>? claims = null, Action<JsonObject>? header = null, TestKey? key = null)
    {
        var (head, body) = (Header("logout+jwt"), LogoutClaims());
        header?.Invoke(head);
        claims?.Invoke(body);
        return (key ?? Key).Sign(head, body);
    }

    /// <summary>The service gives a credential for it, and the credential works.</summary>
    public async Task<VerifiedAssertion> AcceptAsync(string token)
    {
        var registered = await App.RegisterByAssertionAsync(token);
        registered.Is(HttpStatusCode.OK);
        (await App.GetAsync("/api/tickets", registered.Text("credential"))).Is(HttpStatusCode.OK);

        var result = await Verifier.VerifyIdJagAsync(token, IdJagTerms.AgentDoor, TestContext.Current.CancellationToken);
        Assert.True(result.Refusal is null, result.Refusal?.ToString());
        return result.Value!;
    }

    /// <summary>The service refuses it, for that reason.</summary>
    public async Task RefuseAsync(string token, RefusalReason expected)
    {
        IsRefused(await App.RegisterByAssertionAsync(token), token, expected);

        var result = await Verifier.VerifyIdJagAsync(token, IdJagTerms.AgentDoor, TestContext.Current.CancellationToken);
        IsRefused(result.Refusal, token, StrictJwt.IdJagType, expected);
        Assert.Null(result.Value);
    }

    /// <summary>The service revokes for it.</summary>
    public async Task<VerifiedLogoutToken> AcceptLogoutAsync(string token)
    {
        (await App.LogoutAsync(token)).Is(HttpStatusCode.OK);

        var result = await Verifier.VerifyLogoutTokenAsync(token, TestContext.Current.CancellationToken);
        Assert.True(result.Refusal is null, result.Refusal?.ToString());
        return result.Value!;
    }

    /// <summary>The service refuses it, for that reason, and revokes nothing.</summary>
    public async Task RefuseLogoutAsync(string token, RefusalReason expected)
    {
        var before = await RevocationsAsync();
        IsRefused(await App.LogoutAsync(token), token, expected);
        Assert.Equal(before, await RevocationsAsync());

        var result = await Verifier.VerifyLogoutTokenAsync(token, TestContext.Current.CancellationToken);
        IsRefused(result.Refusal, token, StrictJwt.LogoutType, expected);
        Assert.Null(result.Value);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
        await OtherServer.DisposeAsync();
    }

    private static void Change(
        IServiceCollection services,
        Func<TrustedProvider, TrustedProvider>? provider,
        Func<AgentAuthSettings, AgentAuthSettings>? settings,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve)
    {
        var configured = services.Last(service => service.ServiceType == typeof(AgentAuthSettings)).ImplementationFactory!;
        services.AddSingleton(container =>
        {
            var all = (AgentAuthSettings)configured(container);
            all = provider is null ? all : all with { TrustedProviders = [provider(all.TrustedProviders[0]), .. all.TrustedProviders.Skip(1)] };
            return settings?.Invoke(all) ?? all;
        });
        if (resolve is not null)
        {
            services.AddSingleton(container => new GuardedHttpClient(
                container.GetRequiredService<AgentAuthSettings>(), container.GetRequiredService<TimeProvider>(), container.GetRequiredService<IMeterFactory>(), resolve));
        }
    }

    /// <summary>What a refusal is on the wire: written down once more, so that a change there shows here.</summary>
    private static (HttpStatusCode Status, string Error) WireOf(RefusalReason failure) => failure switch
    {
        RefusalReason.MalformedAssertion => (HttpStatusCode.BadRequest, "invalid_request"),
        RefusalReason.InvalidIssuer => (HttpStatusCode.BadRequest, "invalid_issuer"),
        RefusalReason.InvalidSignature => (HttpStatusCode.BadRequest, "invalid_signature"),
        RefusalReason.AssertionExpired => (HttpStatusCode.BadRequest, "expired"),
        RefusalReason.InvalidAudience => (HttpStatusCode.BadRequest, "invalid_audience"),
        RefusalReason.InvalidTarget => (HttpStatusCode.BadRequest, "invalid_target"),
        RefusalReason.InvalidClient => (HttpStatusCode.BadRequest, "invalid_client_id"),
        RefusalReason.MissingVerifiedEmail => (HttpStatusCode.BadRequest, "missing_verified_email"),
        RefusalReason.InsufficientUserAuthentication => (HttpStatusCode.BadRequest, "insufficient_user_authentication"),
        RefusalReason.TemporarilyUnavailable => (HttpStatusCode.ServiceUnavailable, "temporarily_unavailable"),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "A failure without an answer."),
    };

    /// <summary>The answer is the one for this failure, one that the test's own rows of the table name, and echoes no part of the token.</summary>
    private static void IsRefused(Answer answer, string token, RefusalReason expected)
    {
        // What is larger than any request may be is not even read.
        var (status, error) = token.Length > RequestBody.Limit ? (HttpStatusCode.RequestEntityTooLarge, "invalid_request") : WireOf(expected);
        answer.Is(status, error);
        Assert.Equal(status == HttpStatusCode.ServiceUnavailable, answer.Headers.ContainsKey("Retry-After"));
        var rows = AbuseAttribute.OfRunningTest();
        Assert.True(
            rows.Count == 0 || rows.Any(row => row.Answers.Contains($"{(int)status} {error}")), $"No [Abuse] of this test says `{(int)status} {error}`.");
        EchoesNothingOf(token, answer.Body);
    }

    /// <summary>The refusal is of the right kind, says something, and echoes no part of the token: neither does the log.</summary>
    private void IsRefused(Refusal? refusal, string token, string type, RefusalReason expected)
    {
        Assert.NotNull(refusal);
        Assert.True(expected == refusal.Reason, refusal.ToString());
        Assert.NotEmpty(refusal.Message);
        EchoesNothingOf(token, refusal.Message);
        EchoesNothingOf(token, Log.Text);
        Assert.Contains($"Refused a token of type {type}: {expected}.", Log.Text, StringComparison.Ordinal);
    }

    private static void EchoesNothingOf(string token, string text)
    {
        foreach (var segment in token.Split('.').Where(segment => segment.Length > 20))
        {
            Assert.DoesNotContain(segment[..20], text, StringComparison.Ordinal);
            Assert.DoesNotContain(segment[^20..], text, StringComparison.Ordinal);
        }
    }

    private async Task<int> RevocationsAsync() =>
        (await App.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken)).Count(row => row.Name == AgentAuditEvents.RegistrationRevoked);
}
