using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using AgentAuth.Text;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Assertions;

/// <summary>Whether a client is who its <c>client_id</c> says.</summary>
internal enum ClientStanding
{
    /// <summary>Its metadata document names it, and the keys its tokens are signed with.</summary>
    Vouched,

    /// <summary>There is no such document, or it says something else.</summary>
    Refused,

    /// <summary>The document could not be fetched.</summary>
    Unavailable,
}

/// <summary>
/// Client ID Metadata Documents (draft-ietf-oauth-client-id-metadata-document): a client's identifier is the URL of a document that names
/// itself. It is kept as long as its Cache-Control says; failures and bad documents are not kept (§4.4). Only that a server took long and brought
/// nothing is remembered for a moment, so that nobody waits for it again at once.
/// </summary>
internal sealed partial class ClientDocuments(GuardedHttpClient http, TimeProvider clock, ILogger<ClientDocuments> logger)
{
    /// <summary>The most bytes a document may have (§6.6).</summary>
    public const int SizeLimit = 5 * 1024;

    /// <summary>How long a document is kept when its server does not say.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long a document is kept at the most.</summary>
    public static readonly TimeSpan Ceiling = TimeSpan.FromHours(24);

    /// <summary>How many documents are kept. Only tokens with a good signature bring one in.</summary>
    private const int Capacity = 1000;

    /// <summary>A fetch that failed after so long is not tried again for <see cref="SlowPause"/>.</summary>
    public static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(2);

    /// <summary>See <see cref="SlowAfter"/>.</summary>
    public static readonly TimeSpan SlowPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _slow = new(StringComparer.Ordinal);
    private readonly SingleFlight<Declaration> _flights = new();
    private readonly FetchSlots _slots = new();

    /// <summary>Checks that a client's document names the client and the keys that a token was verified with.</summary>
    /// <param name="clientId">The <c>client_id</c> claim.</param>
    /// <param name="keysUri">Where those keys came from, compared byte for byte with the document's <c>jwks_uri</c>.</param>
    /// <param name="user">Whose token it is. Only tokens with a good signature get here.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async ValueTask<ClientStanding> CheckAsync(string clientId, string keysUri, AgentDelegationKey user, CancellationToken cancellationToken)
    {
        if (!TryReadClientId(clientId, out var uri))
        {
            return ClientStanding.Refused;
        }

        var declared = _kept.TryGetValue(clientId, out var kept) && kept.IsFresh(clock.GetUtcNow())
            ? new Declaration(kept.KeysUri)
            : await _flights.RunAsync($"{user.Issuer}\n{clientId}", () => FetchAsync(uri, user), cancellationToken).ConfigureAwait(false);
        return declared.IsUnavailable ? ClientStanding.Unavailable
            : declared.KeysUri == keysUri ? ClientStanding.Vouched
            : ClientStanding.Refused;
    }

    /// <summary>
    /// Takes a URL with a path and without fragment and dot segments (§3), in ASCII and spelt the only way there is: what the parser would
    /// spell otherwise (case of the host, default port, escapes, <c>/../</c>) is refused. That it is https and has no user info is the
    /// <see cref="GuardedHttpClient"/>'s to say, which fetches nothing else.
    /// </summary>
    private static bool TryReadClientId(string clientId, out Uri uri) =>
        Uri.TryCreate(clientId, UriKind.Absolute, out uri!)
        && Ascii.IsValid(clientId)
        && uri.AbsoluteUri == clientId
        && uri.Fragment.Length == 0;

    private async Task<Declaration> FetchAsync(Uri uri, AgentDelegationKey user)
    {
        if (_slow.TryGetValue(uri.AbsoluteUri, out var failedAt))
        {
            if (clock.GetElapsedTime(failedAt) < SlowPause)
            {
                return new Declaration(null, IsUnavailable: true);
            }

            _slow.TryRemove(uri.AbsoluteUri, out _);
        }

        using var slot = _slots.TryTake(user, uri.Authority);
        if (slot is null)
        {
            LogBusy(uri.Host, user.Issuer);
            return new Declaration(null, IsUnavailable: true);
        }

        var start = clock.GetTimestamp();
        var document = await http.GetAsync(uri, SizeLimit, CancellationToken.None).ConfigureAwait(false);
        if (document.Outcome is FetchOutcome.Unreachable && clock.GetElapsedTime(start) >= SlowAfter)
        {
            if (_slow.Count >= Capacity)
            {
                _slow.Clear();
            }

            _slow[uri.AbsoluteUri] = clock.GetTimestamp();
        }

        return Read(uri, document);
    }

    private Declaration Read(Uri uri, FetchedDocument document)
    {
        if (document.Outcome is not FetchOutcome.Fetched)
        {
            LogNotFetched(document.Outcome is FetchOutcome.Unreachable ? LogLevel.Warning : LogLevel.Information, uri.Host, document.Outcome, document.Why);
            return new Declaration(null, IsUnavailable: document.Outcome is FetchOutcome.Unreachable);
        }

        if (!TryReadKeysUri(document.Body, uri.AbsoluteUri, out var keysUri, out var fault))
        {
            LogRefused(uri.Host, fault);
            return new Declaration(null);
        }

        Keep(uri.AbsoluteUri, keysUri, document.MaxAge ?? DefaultLifetime);
        return new Declaration(keysUri);
    }

    /// <summary>Where the keys are, by a document that names itself and holds no shared secret (§4.1); otherwise what is wrong with it.</summary>
    private static bool TryReadKeysUri(byte[] body, string clientId, [NotNullWhen(true)] out string? keysUri, [NotNullWhen(false)] out string? fault)
    {
        fault = !StrictJson.TryParseDocument(body, out var document) ? "it is not one JSON object in UTF-8 without duplicate members"
            : document.TextOf("client_id") != clientId ? "its `client_id` is not the URL that it has"
            : document.Has("client_secret") || document.Has("client_secret_expires_at") ? "it has a client secret, which anybody could read"
            : document.TextOf("token_endpoint_auth_method") is "client_secret_post" or "client_secret_basic" or "client_secret_jwt"
                ? "its `token_endpoint_auth_method` is one for clients that share a secret"
            : document.TextOf("jwks_uri") is null ? "it has no `jwks_uri`"
            : null;
        keysUri = fault is null ? document.TextOf("jwks_uri") : null;
        return keysUri is not null;
    }

    private void Keep(string clientId, string keysUri, TimeSpan maxAge)
    {
        var now = clock.GetUtcNow();
        if (_kept.Count >= Capacity)
        {
            // All of them can be had again. Clearing keeps this simple, and it happens to nobody who has fewer clients.
            _kept.Clear();
        }

        _kept[clientId] = new Kept(keysUri, now, now + TimeSpan.FromTicks(Math.Min(maxAge.Ticks, Ceiling.Ticks)));
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The client metadata document at host {Host} was not fetched: too many others of this host, of {Issuer} or of one of its users are being fetched.")]
    private partial void LogBusy(string host, string issuer);

    [LoggerMessage(Message = "The client metadata document at host {Host} was not fetched ({Outcome}, {Why}).")]
    private partial void LogNotFetched(LogLevel level, string host, FetchOutcome outcome, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "The client metadata document at host {Host} is not accepted: {Fault}.")]
    private partial void LogRefused(string host, string fault);

    /// <param name="KeysUri">Where a document says that the client's keys are; null when there is none that can be believed.</param>
    /// <param name="IsUnavailable">True when nothing is known.</param>
    private readonly record struct Declaration(string? KeysUri, bool IsUnavailable = false);

    private sealed record Kept(string KeysUri, DateTimeOffset FetchedAt, DateTimeOffset FreshUntil)
    {
        /// <summary>A document from the future is a clock's mistake, and is never fresh.</summary>
        public bool IsFresh(DateTimeOffset now) => FetchedAt <= now && now < FreshUntil;
    }
}
