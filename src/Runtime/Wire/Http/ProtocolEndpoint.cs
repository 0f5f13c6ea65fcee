using AgentAuth.Refusals;
using AgentAuth.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Wire.Http;

/// <summary>What all endpoints of the protocol have in common.</summary>
internal static partial class ProtocolEndpoint
{
    /// <summary>
    /// Maps a handler as <see cref="Operation"/> makes it, open to everybody, and an answer to every other method: without one the app's fallback
    /// policy would ask for a sign-in before routing says 405.
    /// </summary>
    /// <param name="profile">How its generation of the protocol says no.</param>
    /// <param name="endpoints">The app.</param>
    /// <param name="methods">The methods that it takes.</param>
    /// <param name="path">Where.</param>
    /// <param name="published">What it is published as.</param>
    /// <param name="isPublic">True of what is the same for everybody, and may be kept by caches.</param>
    /// <param name="handler">What answers.</param>
    public static IEnumerable<IEndpointConventionBuilder> Map(
        WireProfile profile, IEndpointRouteBuilder endpoints, string[] methods, string path, PublishedEndpoint published, bool isPublic, Func<HttpContext, Task> handler)
    {
        var operation = isPublic ? Measured(profile, published.Name, handler) : Operation(profile, published.Name, handler);
        var endpoint = Open(endpoints.MapMethods(path, methods, operation), published.Name);
        yield return (isPublic ? endpoint : endpoint.WithMetadata(PrivateAnswers.Instance)).WithMetadata(published);
        yield return Open(endpoints.Map(path, OtherMethods(profile, methods, published.IsReadByPages)), $"{published.Name}, another method").WithMetadata(PrivateAnswers.Instance);
    }

    /// <summary>Measures a handler, whose answers nobody may keep; a store that is down becomes 503, a body that breaks off becomes 400, whatever the handler was doing.</summary>
    public static RequestDelegate Operation(WireProfile profile, string name, Func<HttpContext, Task> handler) => Measured(profile, name, Private(handler));

    private static RequestDelegate Measured(WireProfile profile, string name, Func<HttpContext, Task> handler) =>
        ProtocolOperation.Measure(name, Guarded(profile, handler));

    private static Func<HttpContext, Task> Private(Func<HttpContext, Task> handler) => context =>
    {
        PrivateAnswers.Mark(context);
        return handler(context);
    };

    private static IEndpointConventionBuilder Open(IEndpointConventionBuilder endpoint, string name) => endpoint
        .WithDisplayName($"auth.md {name}")
        .WithMetadata(new ExcludeFromDescriptionAttribute())
        .AllowAnonymous();

    private static RequestDelegate OtherMethods(WireProfile profile, string[] methods, bool isReadByPages)
    {
        var allowed = string.Join(", ", methods);
        return context =>
        {
            context.Response.Headers.Allow = allowed;
            if (!HttpMethods.IsOptions(context.Request.Method))
            {
                return profile.WriteAsync(context.Response, RequestRefusals.MethodNotAllowed(allowed));
            }

            // The Fetch standard's preflight. Clients send headers such as MCP-Protocol-Version along, which make one necessary; no cookies are involved.
            if (isReadByPages)
            {
                context.Response.Headers.AccessControlAllowOrigin = "*";
                context.Response.Headers.AccessControlAllowMethods = allowed;
                context.Response.Headers.AccessControlAllowHeaders = "*";
                context.Response.Headers.AccessControlMaxAge = "7200";
            }

            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        };
    }

    private static RequestDelegate Guarded(WireProfile profile, Func<HttpContext, Task> handler) => async context =>
    {
        context.RequestServices.GetRequiredService<UnusedForwardedHeaders>().Notice(context);
        try
        {
            await handler(context);
        }
        catch (AgentAuthStorageException e)
        {
            var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("AgentAuth.Wire");
            StoreUnavailable(logger, context.GetEndpoint()?.DisplayName, e);
            if (!context.Response.HasStarted)
            {
                await profile.WriteAsync(context.Response, Refusal.StorageUnavailable);
            }
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await profile.WriteAsync(context.Response, e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? RequestRefusals.BodyTooLarge(RequestBody.Limit)
                : RequestRefusals.InvalidRequest("The request could not be read to its end."));
        }
    };

    [LoggerMessage(1, LogLevel.Error, "{Endpoint} could not reach the store; it answered 503 and nothing was issued.")]
    private static partial void StoreUnavailable(ILogger logger, string? endpoint, Exception exception);
}
