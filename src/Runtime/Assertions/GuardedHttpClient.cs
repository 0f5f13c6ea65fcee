using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AgentAuth.Configuration;
using AgentAuth.Streams;
using AgentAuth.Telemetry;
using AgentAuth.Trust;

namespace AgentAuth.Assertions;

/// <summary>
/// Fetches small public documents, and nothing else. No redirects, proxies, cookies, decompression or credentials; https only; the
/// address that a name resolves to is checked and then connected to, so that it cannot change in between; size and time are bounded;
/// and nothing that a server's certificate names is fetched either.
/// </summary>
internal sealed class GuardedHttpClient : IDisposable
{
    /// <summary>The whole fetch, from the look-up of the name to the last byte, takes no longer.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    /// <summary>The most bytes that any document may have.</summary>
    public const int SizeLimit = VerificationKeySet.SizeLimit;

    private const string BrokeOff = "the connection broke off";

    private readonly bool _allowLoopback;
    private readonly TimeProvider _clock;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly HttpMessageInvoker _http;
    private readonly Counter<long> _fetches;
    private long _requestsSent;

    public GuardedHttpClient(AgentAuthSettings settings, TimeProvider clock, IMeterFactory meters)
        : this(settings, clock, meters, Dns.GetHostAddressesAsync)
    {
    }

    /// <param name="settings">Whether loopback is allowed.</param>
    /// <param name="clock">Measures the time limit.</param>
    /// <param name="meters">Makes the counter.</param>
    /// <param name="resolve">Looks up a host name.</param>
    internal GuardedHttpClient(
        AgentAuthSettings settings,
        TimeProvider clock,
        IMeterFactory meters,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _allowLoopback = settings.AllowLoopbackHttp;
        _clock = clock;
        _resolve = resolve;
        _fetches = meters.Create(AgentAuthTelemetry.MeterName).CreateCounter<long>(
            "agentauth.outbound.requests", "{request}", "Requests for provider keys and client metadata documents, by outcome.");
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,

            // Giving a request up does not give its connection attempt up; this does.
            ConnectTimeout = TimeLimit,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,

            // A certificate may name where its issuer's is to be had (AIA, RFC 5280 §4.2.2.1), and the platform would go and fetch it, from
            // anywhere and before it trusts anybody. A server has to send its intermediate certificates itself (RFC 8446 §4.4.2).
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
            },
        });
    }

    /// <summary>How many requests have been sent, or tried.</summary>
    public long RequestsSent => Interlocked.Read(ref _requestsSent);

    /// <summary>Fetches a document. Throws only when the caller gives up.</summary>
    /// <param name="uri">Where it is.</param>
    /// <param name="sizeLimit">The most bytes it may have; at most <see cref="SizeLimit"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<FetchedDocument> GetAsync(Uri uri, int sizeLimit, CancellationToken cancellationToken)
    {
        if (!IsAllowed(uri))
        {
            return FetchedDocument.Without(FetchOutcome.NotAllowed, "its URL is not one that documents are fetched from: https, without user name and password");
        }

        Interlocked.Increment(ref _requestsSent);
        using var activity = AgentAuthTelemetry.Source.StartActivity("agentauth fetch", ActivityKind.Client);
        activity?.SetTag(TelemetryTags.ServerAddress, uri.Host);
        var document = await SendAsync(uri, Math.Min(sizeLimit, SizeLimit), cancellationToken).ConfigureAwait(false);
        var outcome = document.Outcome.ToString();
        activity?.SetTag(TelemetryTags.Outcome, outcome);
        _fetches.Add(1, new KeyValuePair<string, object?>(TelemetryTags.Outcome, outcome));
        return document;
    }

    public void Dispose() => _http.Dispose();

    private async Task<FetchedDocument> SendAsync(Uri uri, int sizeLimit, CancellationToken cancellationToken)
    {
        using var timeLimit = new CancellationTokenSource(TimeLimit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            if (response.StatusCode is not HttpStatusCode.OK)
            {
                var isPassing = (int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests;
                return FetchedDocument.Without(
                    isPassing ? FetchOutcome.Unreachable : FetchOutcome.Refused,
                    string.Create(CultureInfo.InvariantCulture, $"the answer was {(int)response.StatusCode} instead of 200"));
            }

            return await ReadAsync(response, sizeLimit, either.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException failure) when (failure.InnerException is AddressNotAllowedException)
        {
            return FetchedDocument.Without(FetchOutcome.NotAllowed, "its host has no public address that could be connected to");
        }
        catch (UriFormatException)
        {
            // How the platform says, when it is about to look a host up, that no host can have that name.
            return FetchedDocument.Without(FetchOutcome.NotAllowed, "no host can have the name that its URL has");
        }
        catch (HttpRequestException failure)
        {
            return FetchedDocument.Without(FetchOutcome.Unreachable, WhyNot(failure));
        }
        catch (IOException)
        {
            return FetchedDocument.Without(FetchOutcome.Unreachable, BrokeOff);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return FetchedDocument.Without(
                FetchOutcome.Unreachable, string.Create(CultureInfo.InvariantCulture, $"the answer took longer than {TimeLimit.TotalSeconds} seconds"));
        }
    }

    private static async Task<FetchedDocument> ReadAsync(HttpResponseMessage response, int sizeLimit, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentEncoding.Count > 0)
        {
            return FetchedDocument.Without(FetchOutcome.Refused, "the answer has a Content-Encoding, although none was asked for");
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        if (await BoundedRead.ToEndAsync(stream, sizeLimit, cancellationToken).ConfigureAwait(false) is not { } body)
        {
            return FetchedDocument.Without(FetchOutcome.Refused, string.Create(CultureInfo.InvariantCulture, $"the answer has more than {sizeLimit} bytes"));
        }

        var caching = response.Headers.CacheControl;
        var maxAge = caching is { NoStore: true } or { NoCache: true } ? TimeSpan.Zero : caching?.MaxAge;

        // What a cache on the way has kept for a while is good for so much less (RFC 9111 §4.2.3).
        var left = maxAge - (response.Headers.Age ?? TimeSpan.Zero);
        return new FetchedDocument(FetchOutcome.Fetched, body, Why: "", left < TimeSpan.Zero ? TimeSpan.Zero : left);
    }

    private static string WhyNot(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its host could not be looked up",
        HttpRequestError.ConnectionError => "its host could not be connected to",
        HttpRequestError.SecureConnectionError => "no secure connection to its host could be made; most often its certificate is not trusted here",
        HttpRequestError.ResponseEnded => BrokeOff,
        HttpRequestError.Unknown when failure.InnerException is IOException => BrokeOff,
        _ => "the answer was not HTTP that can be read",
    };

    /// <summary>https; in development http as well, to a loopback host only.</summary>
    private bool IsAllowed(Uri uri) =>
        uri.IsAbsoluteUri && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && _allowLoopback && uri.IsLoopback));

    private bool IsAllowed(IPAddress address, bool isHttps) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
            ? _allowLoopback
            : isHttps && AddressPolicy.IsPublic(address);

    /// <summary>Looks the name up once, and connects to an address that passed the check: not to the name again.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var isHttps = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps;
        var allowed = Array.FindAll(
            await ResolveAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false), address => IsAllowed(address, isHttps));
        if (allowed.Length == 0)
        {
            throw new AddressNotAllowedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, cancellationToken).ConfigureAwait(false);

    private sealed class AddressNotAllowedException : IOException
    {
        public AddressNotAllowedException()
            : base("No address of the host is one that may be connected to.")
        {
        }
    }
}
