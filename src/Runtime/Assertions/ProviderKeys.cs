using System.Collections.Concurrent;
using AgentAuth.Telemetry;
using AgentAuth.Trust;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Assertions;

/// <summary>What a look-up of a key brought: the key; no key of that name; or no knowledge, because the keys could not be fetched.</summary>
/// <param name="Key">The key; null when there is none, or none is known.</param>
/// <param name="IsUnavailable">True when nothing is known.</param>
internal readonly record struct KeyLookup(VerificationKey? Key, bool IsUnavailable);

/// <summary>How it stands with a provider's keys.</summary>
/// <param name="Count">How many there are; 0 when none were ever fetched, or when those that were have served too long in an outage.</param>
/// <param name="FetchedAt">When they came; null when they never did, or are pinned.</param>
/// <param name="IsOutage">True when the last fetch failed.</param>
internal readonly record struct KeysStatus(int Count, DateTimeOffset? FetchedAt, bool IsOutage);

/// <summary>
/// The keys of the trusted providers. A provider's set is fetched when it is first needed, kept as long as its Cache-Control says, but no
/// less than <see cref="Floor"/> and no more than <see cref="Ceiling"/>, and fetched once more when a token names a key that it does not
/// hold. However many tokens come, a provider is asked once per <see cref="Cooldown"/> at the most. When it cannot be reached, it is asked
/// again at the next token, and the last good keys serve for <see cref="OutageLimit"/> more. Of a provider whose keys are pinned nothing is
/// ever fetched.
/// </summary>
internal sealed partial class ProviderKeys(GuardedHttpClient http, TimeProvider clock, AgentAuthMetrics metrics, ILogger<ProviderKeys> logger)
{
    /// <summary>Keys are kept at least so long.</summary>
    public static readonly TimeSpan Floor = TimeSpan.FromMinutes(10);

    /// <summary>Keys are kept at most so long.</summary>
    public static readonly TimeSpan Ceiling = TimeSpan.FromHours(24);

    /// <summary>Pause between two fetches of one provider's keys: what forged key names can cost.</summary>
    public static readonly TimeSpan Cooldown = TimeSpan.FromMinutes(1);

    /// <summary>The pause while there are no keys at all: nobody can register until there are.</summary>
    public static readonly TimeSpan CooldownWithoutKeys = TimeSpan.FromSeconds(10);

    /// <summary>How long keys serve beyond their time while their provider cannot be reached: a withdrawn key must die some day.</summary>
    public static readonly TimeSpan OutageLimit = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, Shelf> _shelves = new(StringComparer.Ordinal);
    private readonly SingleFlight<Holding> _flights = new();

    /// <summary>Finds the key that a token names.</summary>
    /// <param name="provider">Its issuer: only keys of this provider are looked at.</param>
    /// <param name="keyId">The token's <c>kid</c>.</param>
    /// <param name="algorithm">The token's <c>alg</c>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async ValueTask<KeyLookup> FindAsync(TrustedProvider provider, string keyId, string algorithm, CancellationToken cancellationToken)
    {
        if (provider.PinnedKeys is { } pinned)
        {
            return new KeyLookup(pinned.Find(keyId, algorithm), IsUnavailable: false);
        }

        var shelf = _shelves.GetOrAdd(provider.Issuer, _ => new Shelf());
        var holding = shelf.Holding;
        if (holding.IsOutage || !holding.IsFresh(clock.GetUtcNow()) || holding.Keys?.Find(keyId, algorithm) is null)
        {
            holding = await _flights.RunAsync(provider.Issuer, () => RefreshAsync(provider, shelf), cancellationToken).ConfigureAwait(false);
        }

        if (holding.Keys is null || !holding.Serves(clock.GetUtcNow()))
        {
            return new KeyLookup(null, IsUnavailable: true);
        }

        // While the provider cannot be reached, a name that the old keys lack may be forged or new: nobody can tell.
        var key = holding.Keys.Find(keyId, algorithm);
        return new KeyLookup(key, IsUnavailable: key is null && holding.IsOutage);
    }

    /// <summary>Fetches a provider's keys if it was not done yet and has to be.</summary>
    /// <param name="provider">Whose.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task WarmUpAsync(TrustedProvider provider, CancellationToken cancellationToken)
    {
        var shelf = _shelves.GetOrAdd(provider.Issuer, _ => new Shelf());
        if (provider.PinnedKeys is null && shelf.Holding.Keys is null)
        {
            await _flights.RunAsync(provider.Issuer, () => RefreshAsync(provider, shelf), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tells how it stands with a provider's keys. Fetches nothing.</summary>
    /// <param name="provider">Whose.</param>
    public KeysStatus StatusOf(TrustedProvider provider)
    {
        if (provider.PinnedKeys is { } pinned)
        {
            return new KeysStatus(pinned.Count, FetchedAt: null, IsOutage: false);
        }

        if (!_shelves.TryGetValue(provider.Issuer, out var shelf))
        {
            return default;
        }

        // Old keys that nobody has asked for lately are no trouble: the next token has them fetched.
        var holding = shelf.Holding;
        var serves = holding.Serves(clock.GetUtcNow()) || !holding.IsOutage;
        return new KeysStatus(serves && holding.Keys is { } keys ? keys.Count : 0, holding.FetchedAt, holding.IsOutage);
    }

    /// <summary>Fetches the keys, unless it was done or tried so lately that it must not be done again.</summary>
    private async Task<Holding> RefreshAsync(TrustedProvider provider, Shelf shelf)
    {
        var before = shelf.Holding;
        var pause = before.NextFetch - clock.GetUtcNow();

        // Longer than any pause is: the clock was ahead at the last fetch, and has been put right.
        if (pause > TimeSpan.Zero && pause <= Cooldown)
        {
            return before;
        }

        var document = await http.GetAsync(provider.KeysUri!, VerificationKeySet.SizeLimit, CancellationToken.None).ConfigureAwait(false);
        var keys = document.Outcome is FetchOutcome.Fetched ? VerificationKeySet.Read(document.Body) : null;
        var now = clock.GetUtcNow();
        metrics.KeysFetched(provider.Issuer, isGood: keys is not null);
        if (keys is null)
        {
            // Without its query, which an operator may have put a key of another kind into.
            var keysUri = provider.KeysUri!.GetLeftPart(UriPartial.Path);
            var left = before.Keys is { } earlier && before.Serves(now) ? $"The keys that were fetched before serve on: {earlier.Count}." : "There are none from before, so its tokens cannot be checked.";
            if (document.Outcome is FetchOutcome.Fetched)
            {
                LogNoKeySet(provider.Issuer, keysUri, left);
            }
            else
            {
                LogNotFetched(provider.Issuer, keysUri, document.Outcome, document.Why, left);
            }

            return shelf.Holding = before with { IsOutage = true, NextFetch = now + (before.Keys is null ? CooldownWithoutKeys : Cooldown) };
        }

        LogFetched(keys.Count, provider.Issuer, keys.Unusable);
        var lifetime = TimeSpan.FromTicks(Math.Clamp((document.MaxAge ?? Floor).Ticks, Floor.Ticks, Ceiling.Ticks));
        return shelf.Holding = new Holding(keys, FetchedAt: now, FreshUntil: now + lifetime, NextFetch: now + Cooldown, IsOutage: false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Fetched {Count} keys of {Issuer}; {Unusable} others cannot be used.")]
    private partial void LogFetched(int count, string issuer, int unusable);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of {Issuer} could not be fetched from {KeysUri} ({Outcome}, {Why}). {Left}")]
    private partial void LogNotFetched(string issuer, string keysUri, FetchOutcome outcome, string why, string left);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "What {KeysUri} answers is not the JWK set of {Issuer}: it must be one JSON object in UTF-8, without duplicate members, whose member `keys` is an array (RFC 7517 §5). {Left}")]
    private partial void LogNoKeySet(string issuer, string keysUri, string left);

    /// <summary>Where one provider's keys lie. The reference is replaced whole, so that a reader never sees half of a change.</summary>
    private sealed class Shelf
    {
        private volatile Holding _holding = new(null, FetchedAt: null, DateTimeOffset.MinValue, DateTimeOffset.MinValue, IsOutage: false);

        public Holding Holding
        {
            get => _holding;
            set => _holding = value;
        }
    }

    /// <param name="Keys">The last good keys; null when there never were any.</param>
    /// <param name="FetchedAt">When they came.</param>
    /// <param name="FreshUntil">Until when they need not be fetched again.</param>
    /// <param name="NextFetch">Before this instant nothing is fetched.</param>
    /// <param name="IsOutage">True when the last fetch failed.</param>
    private sealed record Holding(VerificationKeySet? Keys, DateTimeOffset? FetchedAt, DateTimeOffset FreshUntil, DateTimeOffset NextFetch, bool IsOutage)
    {
        /// <summary>True while the keys need not be fetched again. Keys from the future are a clock's mistake, and are never fresh.</summary>
        public bool IsFresh(DateTimeOffset now) => FetchedAt <= now && now < FreshUntil;

        /// <summary>False when keys have served too long beyond their time.</summary>
        public bool Serves(DateTimeOffset now) => FetchedAt <= now && now < FreshUntil + OutageLimit;
    }
}
