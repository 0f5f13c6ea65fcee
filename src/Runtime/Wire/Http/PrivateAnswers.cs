using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;

namespace AgentAuth.Wire.Http;

/// <summary>
/// Answers that concern one caller, which nobody may keep: no browser, no proxy, and no cache in the app itself. As metadata of an endpoint it
/// switches the app's output cache off, which does not look at <c>Cache-Control</c>.
/// </summary>
internal sealed class PrivateAnswers : IOutputCachePolicy
{
    private const string NoStore = "no-store";

    private PrivateAnswers()
    {
    }

    public static PrivateAnswers Instance { get; } = new();

    /// <summary>Marks what a request is answered, errors of the app included.</summary>
    public static void Mark(HttpContext context)
    {
        context.Features.Set(Instance);
        if (!context.Response.HasStarted)
        {
            context.Response.Headers.CacheControl = NoStore;
        }

        // Where the cache stands before routing it did not see the metadata.
        if (context.Features.Get<IOutputCacheFeature>()?.Context is { } cache)
        {
            SwitchOff(cache);
        }
    }

    /// <summary>Has the last word about the header of a marked answer, when it leaves.</summary>
    public static void Ensure(HttpResponse response)
    {
        if (response.HttpContext.Features.Get<PrivateAnswers>() is not null
            && !response.Headers.CacheControl.ToString().Contains(NoStore, StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.CacheControl = NoStore;
        }
    }

    ValueTask IOutputCachePolicy.CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        SwitchOff(context);
        return ValueTask.CompletedTask;
    }

    ValueTask IOutputCachePolicy.ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    // Once more: a policy behind this one may have switched it on again.
    ValueTask IOutputCachePolicy.ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        SwitchOff(context);
        return ValueTask.CompletedTask;
    }

    private static void SwitchOff(OutputCacheContext context)
    {
        context.EnableOutputCaching = false;
        context.AllowCacheLookup = false;
        context.AllowCacheStorage = false;
    }
}
