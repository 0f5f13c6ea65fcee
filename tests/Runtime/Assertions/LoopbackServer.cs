using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Assertions;

/// <summary>A real web server on a free loopback port that answers as a test tells it to.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private LoopbackServer(WebApplication app, RequestDelegate answer)
    {
        _app = app;
        Answer = answer;
        app.Run(context =>
        {
            Interlocked.Increment(ref _requests);
            return Answer(context);
        });
    }

    /// <summary>What it answers from now on.</summary>
    public RequestDelegate Answer { get; set; }

    /// <summary>How many requests it got.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public Uri Url(string path) => new(_app.Urls.First() + path);

    public static async Task<LoopbackServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new LoopbackServer(app, answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Answers 200 with JSON.</summary>
    public static RequestDelegate Json(Func<string> json, string? cacheControl = null) => context =>
    {
        context.Response.ContentType = "application/json";
        if (cacheControl is not null)
        {
            context.Response.Headers.CacheControl = cacheControl;
        }

        return context.Response.WriteAsync(json(), context.RequestAborted);
    };

    /// <summary>Answers a status and nothing else.</summary>
    public static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
