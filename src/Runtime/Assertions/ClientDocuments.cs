using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AgentAuth.Hosting;
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
/// itself. It is kept as long as its Cache-Control says; failures and bad documents are not kept (§4.4).
/// </summary>
internal sealed partial class ClientDocuments(
    GuardedHttpClient http, AgentAuthSettings settings, TimeProvider clock, ILogger<ClientDocuments> logger)
{
    /// <summary>The most bytes a document may have (§6.6).</summary>
    public const int SizeLimit = 5 * 1024;

    /// <summary>How long a document is kept when its server does not say.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long a document is kept at the most.</summary>
    public static readonly TimeSpan Ceiling = TimeSpan.FromHours(24);

    /// <summary>How many documents are kept. Only tokens with a good signature bring one in.</summary>
    private const int Capacity = 1000;

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly SingleFlight<(ClientStanding Standing, string? KeysUri)> _flights = new();

    /// <summary>Checks that a client's document names the client and the keys that a token was verified with.</summary>
    /// <param name="clientId">The <c>client_id</c> claim.</param>
    /// <param name="keysUri">Where those keys came from, compared byte for byte with the document's <c>jwks_uri</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<ClientStanding> CheckAsync(string clientId, string keysUri, CancellationToken cancellationToken)
    {
        if (!TryReadClientId(clientId, out var uri))
        {
            return ClientStanding.Refused;
        }

        var (standing, declared) = _kept.TryGetValue(clientId, out var kept) && kept.FreshUntil > clock.GetUtcNow()
            ? (ClientStanding.Vouched, kept.KeysUri)
            : await _flights.RunAsync(clientId, () => FetchAsync(uri), cancellationToken).ConfigureAwait(false);
        return standing is ClientStanding.Vouched && declared != keysUri ? ClientStanding.Refused : standing;
    }

    /// <summary>
    /// Takes an https URL with a path and without user info, fragment and dot segments (§3), in ASCII and spelt the only way there is: what
    /// the parser would spell otherwise (case of the host, default port, escapes, <c>/../</c>) is refused.
    /// </summary>
    private bool TryReadClientId(string clientId, out Uri uri) =>
        Uri.TryCreate(clientId, UriKind.Absolute, out uri!)
        && Ascii.IsValid(clientId)
        && uri.AbsoluteUri == clientId
        && uri.UserInfo.Length == 0
        && uri.Fragment.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (settings.AllowLoopbackHttp && uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    private async Task<(ClientStanding Standing, string? KeysUri)> FetchAsync(Uri uri)
    {
        var document = await http.GetAsync(uri, SizeLimit, CancellationToken.None).ConfigureAwait(false);
        if (document.Outcome is FetchOutcome.Unreachable)
        {
            LogUnavailable(uri.Host);
            return (ClientStanding.Unavailable, null);
        }

        if (document.Outcome is not FetchOutcome.Fetched || !TryRead(document.Body, uri.AbsoluteUri, out var keysUri))
        {
            LogRefused(uri.Host, document.Outcome);
            return (ClientStanding.Refused, null);
        }

        Keep(uri.AbsoluteUri, keysUri, document.MaxAge ?? DefaultLifetime);
        return (ClientStanding.Vouched, keysUri);
    }

    /// <summary>Reads a document that names itself, holds no shared secret (§4.1), and says where its keys are.</summary>
    private static bool TryRead(byte[] body, string clientId, out string keysUri)
    {
        keysUri = "";
        if (!StrictJson.TryParseObject(body, out var document)
            || !document.TryGetProperty("client_id", out var name) || !name.ValueEqualsText(clientId)
            || document.TryGetProperty("client_secret", out _)
            || document.TryGetProperty("client_secret_expires_at", out _)
            || (document.TryGetProperty("token_endpoint_auth_method", out var method) && IsSharedSecret(method))
            || !document.TryGetProperty("jwks_uri", out var keys) || keys.ValueKind is not JsonValueKind.String)
        {
            return false;
        }

        keysUri = keys.GetString()!;
        return true;
    }

    private static bool IsSharedSecret(JsonElement method) =>
        method.ValueEqualsText("client_secret_post")
        || method.ValueEqualsText("client_secret_basic")
        || method.ValueEqualsText("client_secret_jwt");

    private void Keep(string clientId, string keysUri, TimeSpan maxAge)
    {
        var now = clock.GetUtcNow();
        if (_kept.Count >= Capacity)
        {
            // All of them can be had again. Clearing keeps this simple, and it happens to nobody who has fewer clients.
            _kept.Clear();
        }

        _kept[clientId] = new Kept(keysUri, now + (maxAge < Ceiling ? maxAge : Ceiling));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The client metadata document at host {Host} could not be fetched.")]
    private partial void LogUnavailable(string host);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The client metadata document at host {Host} is not accepted ({Outcome}, or it does not name itself and its keys).")]
    private partial void LogRefused(string host, FetchOutcome outcome);

    private sealed record Kept(string KeysUri, DateTimeOffset FreshUntil);
}
