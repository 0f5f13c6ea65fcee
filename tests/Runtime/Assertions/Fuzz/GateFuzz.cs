using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using AgentAuth.Refusals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Assertions;

/// <summary>
/// The verifier beside <see cref="ReferenceVerifier"/>, with two providers whose keys have the same names. One for each thread: a signing key
/// is for one thread at a time.
/// </summary>
internal sealed class GateFuzz : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly ServiceProvider _services;
    private readonly AssertionVerifier _verifier;
    private readonly ReferenceVerifier _reference;
    private readonly string _keySets;

    private GateFuzz(LoopbackServer server, ServiceProvider services, ReferenceVerifier reference, IReadOnlyList<SeedToken> seeds, string keySets)
    {
        _server = server;
        _services = services;
        _verifier = services.GetRequiredService<AssertionVerifier>();
        _reference = reference;
        _keySets = keySets;
        Seeds = seeds;
    }

    /// <summary>Good tokens of every kind, provider and algorithm.</summary>
    public IReadOnlyList<SeedToken> Seeds { get; }

    public static async Task<GateFuzz> StartAsync()
    {
        var clock = new FakeTimeProvider(VerifierBench.Start);
        TestKey[] keys = [.. new[] { "ES256", "ES384", "RS256", "PS256" }.Select(algorithm => TestKey.Create(algorithm, kid: algorithm.ToLowerInvariant()))];
        TestKey[] others = [TestKey.Create("ES256", kid: "es256"), TestKey.Create("ES384", kid: "es384")];

        // One RSA key says what it is for, and one leaves it open.
        keys[2].Jwk["alg"] = "RS256";
        var keySet = VerifierBench.KeySet([.. keys.Select(key => key.Jwk)]);
        var otherSet = VerifierBench.KeySet([.. others.Select(key => key.Jwk)]);
        var server = await LoopbackServer.StartAsync(context => LoopbackServer.Json(() => context.Request.Path == "/keys.json" ? keySet : otherSet)(context));
        var settings = VerifierBench.SettingsFor(
            VerifierBench.Trusted(VerifierBench.Provider, server.Url("/keys.json")),
            VerifierBench.Trusted(VerifierBench.OtherProvider, server.Url("/other.json")));
        var services = new ServiceCollection()
            .AddSingleton(settings)
            .AddSingleton<TimeProvider>(clock)
            .AddLogging()
            .AddAssertions()
            .AddSingleton(provider => new GuardedHttpClient(settings, clock, provider.GetRequiredService<IMeterFactory>(), ResolveAsync))
            .BuildServiceProvider();
        var reference = new ReferenceVerifier(
            new Dictionary<string, string> { [VerifierBench.Provider] = keySet, [VerifierBench.OtherProvider] = otherSet }, clock, settings.ClockSkew);
        SeedToken[] seeds =
        [
            .. keys.Select(key => new SeedToken(StrictJwt.IdJagType, VerifierBench.Provider, key, clock.GetUtcNow())),
            .. others.Select(key => new SeedToken(StrictJwt.IdJagType, VerifierBench.OtherProvider, key, clock.GetUtcNow())),
            .. keys.Select(key => new SeedToken(StrictJwt.LogoutType, VerifierBench.Provider, key, clock.GetUtcNow())),
        ];
        return new GateFuzz(server, services, reference, seeds, $"{keySet}\n{otherSet}");
    }

    /// <summary>Makes mutants and shows each to both.</summary>
    /// <param name="times">How many.</param>
    /// <param name="seed">Of the random numbers.</param>
    public async Task<FuzzTally> RunAsync(int times, int seed)
    {
        var tally = new FuzzTally();
        var random = new Random(seed);
        var mutator = new TokenMutator(random, Seeds);
        for (var i = 0; i < times; i++)
        {
            var good = Seeds[random.Next(Seeds.Count)];
            var token = mutator.Next(good);

            // Some are shown at the wrong door.
            var type = random.Next(20) > 0 ? good.Type : good.Type == StrictJwt.IdJagType ? StrictJwt.LogoutType : StrictJwt.IdJagType;
            await CheckAsync(token, type, tally);
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        return tally;
    }

    /// <summary>Shows a token to both. We never throw, and never accept or read what the library does not.</summary>
    public async Task<bool> CheckAsync(string token, string type, FuzzTally tally)
    {
        var library = await _reference.VerifyAsync(token, type);
        try
        {
            var (refusal, claims) = await VerifyAsync(token, type);
            Assert.True(refusal is null == claims is not null, "Neither accepted nor refused, or both.");
            Assert.True(refusal is null || Enum.IsDefined(refusal.Reason));
            if (claims is { } read)
            {
                Assert.True(library is not null, "The library refuses it.");
                Assert.Equal((library.Issuer, library.Subject, library.Id), read);
            }

            tally.Add(refusal, isAcceptedByLibrary: library is not null);
            return claims is not null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new InvalidOperationException($"As {type}: {token}\nKeys: {_keySets}", failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async ValueTask<(Refusal? Refusal, (string Issuer, string Subject, string JwtId)? Claims)> VerifyAsync(string token, string type)
    {
        if (type == StrictJwt.LogoutType)
        {
            var logout = await _verifier.VerifyLogoutTokenAsync(token, TestContext.Current.CancellationToken);
            return (logout.Refusal, logout.Value is { } revoked ? (revoked.Delegation.Issuer, revoked.Delegation.Subject, revoked.JwtId) : null);
        }

        var assertion = await _verifier.VerifyIdJagAsync(token, IdJagTerms.AgentDoor, TestContext.Current.CancellationToken);
        return (assertion.Refusal, assertion.Value is { Agent: var agent } ? (agent.Delegation.Issuer, agent.Delegation.Subject, agent.JwtId) : null);
    }

    /// <summary>Client identifiers that come up are nobody's: no name is looked up.</summary>
    private static Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out var address) ? Task.FromResult<IPAddress[]>([address]) : throw new SocketException((int)SocketError.HostNotFound);
}
