using System.Diagnostics;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentAuth.Hosting;

/// <summary>
/// Keeps secrets in URLs out of what the host writes down: the token of a mailed link, which has to work without JavaScript, and what an agent put
/// where none belongs. The host logs and traces a URL before any middleware runs and once more behind them all. What it does before that is to
/// announce the request to its diagnostic listener: there they are taken out. In between the app has the request as it came: a query that was
/// changed for the app as well would be one cache key for all links, and a broken link wherever the app sends the request on.
/// </summary>
internal sealed class SecretsInUrls(IServiceProvider services)
    : IHostedLifecycleService, IStartupFilter, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    /// <summary>The event of ASP.NET Core that comes first and carries the request.</summary>
    private const string RequestStarts = "Microsoft.AspNetCore.Hosting.HttpRequestIn.Start";

    private static readonly AsyncLocal<bool> s_isInRequest = new();

    private IDisposable? _subscription;

    /// <summary>True in a request whose URL has a secret, for those who are not told which request they are asked about.</summary>
    public static bool IsInRequest => s_isInRequest.Value;

    // Before the server listens. An app without the web host's listener has no log of requests either.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _subscription = Subscribe();
        return Task.CompletedTask;
    }

    // Who subscribed last is told first, so it is done once more when everybody else has: instrumentation writes the URL down at this event.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var earlier = _subscription;
        _subscription = Subscribe();
        earlier?.Dispose();
        return Task.CompletedTask;
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: RequestStarts, Value: HttpContext context })
        {
            HiddenUrl.HideIn(context);
        }
    }

    // Outside of everything else that is in the pipeline.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static (context, pipeline) => context.Features.Get<HiddenUrl>() is { } url ? RunAsync(context, url, pipeline) : pipeline(context));
        next(app);
    };

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    private static async Task RunAsync(HttpContext context, HiddenUrl url, RequestDelegate pipeline)
    {
        s_isInRequest.Value = true;
        PrivateAnswers.Mark(context);
        url.Restore(context);
        try
        {
            await pipeline(context);
        }
        finally
        {
            url.HideAgain(context);
        }
    }

    private IDisposable? Subscribe() => services.GetService<DiagnosticListener>()?.Subscribe(this, static name => name == RequestStarts);
}
