using System.Diagnostics;
using AgentAuth.Manifest;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentAuth.Claims;

/// <summary>
/// Takes the token of a mailed link out of the request before anybody writes the URL down. A link works without JavaScript, so its token is in the
/// query, and the host logs and traces a request's query before any middleware runs. What it does before that is to announce the request to its
/// diagnostic listener: there the token is moved into a feature that only the page reads.
/// </summary>
internal sealed class ClaimLinkSecrecy(AgentAuthManifest manifest, IServiceProvider services)
    : IHostedLifecycleService, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    /// <summary>The event of ASP.NET Core that comes first and carries the request.</summary>
    private const string RequestStarts = "Microsoft.AspNetCore.Hosting.HttpRequestIn.Start";

    private static readonly QueryString s_withoutToken = QueryString.Create(Parameter, "taken-out");

    private readonly string _path = manifest.Endpoints.Claim + "/view";

    private IDisposable? _subscription;

    /// <summary>The query parameter of the token.</summary>
    public const string Parameter = "token";

    /// <summary>The token of the link that was opened; empty when there is none.</summary>
    public static string TokenOf(HttpContext context) =>
        context.Features.Get<LinkToken>()?.Token ?? context.Request.Query[Parameter].ToString();

    // Before the server listens. An app without the web host's listener has no log of requests either.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _subscription = services.GetService<DiagnosticListener>()?.Subscribe(this, static name => name == RequestStarts);
        return Task.CompletedTask;
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // Under the issuer's path, under the app's own, or under none: a page too many costs nothing.
        if (value is { Key: RequestStarts, Value: HttpContext context }
            && context.Request is { QueryString.HasValue: true, Path.Value: { } path } request
            && path.EndsWith(_path, StringComparison.OrdinalIgnoreCase))
        {
            context.Features.Set(new LinkToken(request.Query[Parameter].ToString()));
            request.QueryString = s_withoutToken;
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

    private sealed record LinkToken(string Token);
}
