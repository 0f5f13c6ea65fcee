using AgentAuth.Discovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Hosting;

/// <summary>
/// Stands before the app's own pipeline, so that every 401 that leaves carries the challenge, whoever wrote it, so that no answer
/// that concerns one caller leaves as one that may be kept, and so that <c>//.well-known</c>, which v0.1 agents make of an identifier with a trailing slash, is found.
/// </summary>
internal sealed class AgentAuthStartupFilter(Challenge challenge) : IStartupFilter
{
    private const string DoubleSlash = "//.well-known/";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(InvokeAsync);
        next(app);
    };

    private Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(
            static state =>
            {
                var (challenge, response) = ((Challenge, HttpResponse))state;
                challenge.Ensure(response);
                PrivateAnswers.Ensure(response);
                return Task.CompletedTask;
            },
            (challenge, context.Response));

        if (context.Request.Path.Value is { } path && path.StartsWith(DoubleSlash, StringComparison.Ordinal))
        {
            context.Request.Path = new PathString(path[1..]);
        }

        return next(context);
    }
}
