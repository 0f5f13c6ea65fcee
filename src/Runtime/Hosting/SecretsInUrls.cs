using System.Buffers;
using System.Diagnostics;
using System.Text;
using AgentAuth.Credentials;
using AgentAuth.Manifest;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentAuth.Hosting;

/// <summary>
/// Takes secrets out of a request's query before anybody writes the URL down: the token of a mailed link, which has to work without JavaScript,
/// and a credential that an agent put where none belongs. The host logs and traces a request's query before any middleware runs. What it does
/// before that is to announce the request to its diagnostic listener, and that is where they are taken out.
/// </summary>
internal sealed class SecretsInUrls(AgentAuthManifest manifest, IServiceProvider services)
    : IHostedLifecycleService, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    /// <summary>The query parameter of a link's token.</summary>
    public const string LinkParameter = "token";

    /// <summary>What stands where a secret stood.</summary>
    public const string TakenOut = "taken-out";

    /// <summary>The event of ASP.NET Core that comes first and carries the request.</summary>
    private const string RequestStarts = "Microsoft.AspNetCore.Hosting.HttpRequestIn.Start";

    private static readonly QueryString s_linkWithoutToken = QueryString.Create(LinkParameter, TakenOut);
    private static readonly SearchValues<string> s_prefixes = SearchValues.Create(CredentialFormat.Prefixes, StringComparison.Ordinal);

    private readonly string _linkPath = manifest.Endpoints.Claim + "/view";

    private IDisposable? _subscription;

    /// <summary>The token of the link that was opened; empty when there is none.</summary>
    public static string LinkTokenOf(HttpContext context) =>
        context.Features.Get<LinkToken>()?.Token ?? context.Request.Query[LinkParameter].ToString();

    // Before the server listens. An app without the web host's listener has no log of requests either.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _subscription = services.GetService<DiagnosticListener>()?.Subscribe(this, static name => name == RequestStarts);
        return Task.CompletedTask;
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is not { Key: RequestStarts, Value: HttpContext context } || context.Request.QueryString is not { Value: { Length: > 0 } query })
        {
            return;
        }

        // Under the issuer's path, under the app's own, or under none: a page too many costs nothing.
        if (context.Request.Path.Value.AsSpan().TrimEnd('/').EndsWith(_linkPath, StringComparison.OrdinalIgnoreCase))
        {
            context.Features.Set(new LinkToken(context.Request.Query[LinkParameter].ToString()));
            Replace(context, s_linkWithoutToken);
        }
        else if (query.AsSpan().ContainsAny(s_prefixes))
        {
            Replace(context, new QueryString(WithoutCredentials(query)));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    private static void Replace(HttpContext context, QueryString query)
    {
        context.Request.QueryString = query;
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = context.Request.GetEncodedPathAndQuery();
    }

    // Only what has the checksum of a credential goes: an app may have parameters that begin alike.
    private static string WithoutCredentials(string query)
    {
        var kept = new StringBuilder(query.Length);
        var rest = query.AsSpan();
        for (int start; (start = rest.IndexOfAny(s_prefixes)) >= 0;)
        {
            kept.Append(rest[..start]);
            rest = rest[start..];
            var length = Math.Min(CredentialFormat.Length, rest.Length);
            var isCredential = CredentialFormat.ShapeOf(rest[..length]) == CredentialShape.WellFormed;
            kept.Append(isCredential ? TakenOut : rest[..1]);
            rest = rest[(isCredential ? length : 1)..];
        }

        return kept.Append(rest).ToString();
    }

    private sealed record LinkToken(string Token);
}
