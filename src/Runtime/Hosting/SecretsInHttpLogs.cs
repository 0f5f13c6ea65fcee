using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpLogging;

namespace AgentAuth.Hosting;

/// <summary>What <c>UseHttpLogging</c> writes of a URL that has a secret: the URL without it.</summary>
internal sealed class SecretsInHttpLogs : IHttpLoggingInterceptor
{
    public ValueTask OnRequestAsync(HttpLoggingInterceptorContext logContext)
    {
        if (logContext.HttpContext.Features.Get<HiddenUrl>() is { } url)
        {
            if (logContext.TryDisable(HttpLoggingFields.RequestPath))
            {
                logContext.AddParameter(nameof(HttpRequest.PathBase), logContext.HttpContext.Request.PathBase.Value ?? "");
                logContext.AddParameter(nameof(HttpRequest.Path), url.Path);
            }

            if (logContext.TryDisable(HttpLoggingFields.RequestQuery))
            {
                logContext.AddParameter(nameof(HttpRequest.QueryString), url.Query);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask OnResponseAsync(HttpLoggingInterceptorContext logContext) => ValueTask.CompletedTask;
}
