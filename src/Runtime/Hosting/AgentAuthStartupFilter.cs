using AgentAuth.Access;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Hosting;

/// <summary>
/// Stands before the app's own pipeline, so that every 401 that leaves carries the challenge, whoever wrote it, so that no answer that concerns one
/// caller leaves as one that may be kept, and so that <c>//.well-known</c>, which v0.1 agents make of an identifier with a trailing slash, is found.
/// It also tells, once, when an agent got to an endpoint that would have refused it, because authorization never looked at it: it was answered as
/// nobody is.
/// </summary>
internal sealed partial class AgentAuthStartupFilter(Challenge challenge, ILogger<AgentAuthStartupFilter> logger) : IStartupFilter
{
    private const string DoubleSlash = "/" + WellKnownUrls.Prefix;

    private int _hasTold;

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
                var (filter, context) = ((AgentAuthStartupFilter, HttpContext))state;
                filter.OnStarting(context);
                return Task.CompletedTask;
            },
            (this, context));

        if (context.Request.Path.Value is { } path && path.StartsWith(DoubleSlash, StringComparison.Ordinal))
        {
            context.Request.Path = new PathString(path[1..]);
        }

        return next(context);
    }

    private void OnStarting(HttpContext context)
    {
        challenge.Ensure(context.Response);
        PrivateAnswers.Ensure(context.Response);
        if (context.Request.Headers.Authorization.Any(AgentAuthenticationHandler.IsOurs)
            && context.GetEndpoint() is { } endpoint
            && !AgentPolicyEvaluator.HasJudged(context)
            && (EndpointAccess.Of(endpoint) == AgentAccess.Denied || (EndpointAccess.Of(endpoint) == AgentAccess.Unsaid && !ReExecution.IsOne(context)))
            && Interlocked.Exchange(ref _hasTold, 1) == 0)
        {
            LogUnjudged(EndpointFindings.NameOf(endpoint));
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "Authorization did not look at the endpoint {Endpoint}, which refuses agents: an agent was answered there as nobody is. Call UseRouting before UseAuthorization, for every request, and let the endpoint be without ShortCircuit.")]
    private partial void LogUnjudged(string endpoint);
}
