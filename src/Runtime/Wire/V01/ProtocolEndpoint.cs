using AgentAuth.Hosting;
using AgentAuth.Storage;
using AgentAuth.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Wire.V01;

/// <summary>What all endpoints of the protocol have in common.</summary>
internal static partial class ProtocolEndpoint
{
    /// <summary>Maps a handler as <see cref="Operation"/> makes it, open to everybody.</summary>
    public static IEndpointConventionBuilder Map(
        IEndpointRouteBuilder endpoints, string[] methods, string path, string name, Func<HttpContext, Task> handler) =>
        MapPublic(endpoints, methods, path, name, Private(handler)).WithMetadata(PrivateAnswers.Instance);

    /// <summary>The same for a document that is everybody's, and may be kept.</summary>
    public static IEndpointConventionBuilder MapPublic(
        IEndpointRouteBuilder endpoints, string[] methods, string path, string name, Func<HttpContext, Task> handler) =>
        endpoints
            .MapMethods(path, methods, Measured(name, handler))
            .WithDisplayName($"auth.md {name}")
            .ExcludeFromDescription()
            .AllowAnonymous();

    /// <summary>Measures a handler, whose answers nobody may keep; a store that is down becomes 503, a body that breaks off becomes 400, whatever the handler was doing.</summary>
    public static RequestDelegate Operation(string name, Func<HttpContext, Task> handler) => Measured(name, Private(handler));

    private static RequestDelegate Measured(string name, Func<HttpContext, Task> handler) => ProtocolOperation.Measure(name, Guarded(handler));

    private static Func<HttpContext, Task> Private(Func<HttpContext, Task> handler) => context =>
    {
        PrivateAnswers.Mark(context);
        return handler(context);
    };

    private static RequestDelegate Guarded(Func<HttpContext, Task> handler) => async context =>
    {
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
                await WireErrors.TemporarilyUnavailable.WriteAsync(context.Response);
            }
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await (e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? WireErrors.BodyTooLarge(RequestBody.Limit)
                : WireErrors.InvalidRequest("The request could not be read to its end.")).WriteAsync(context.Response);
        }
    };

    [LoggerMessage(1, LogLevel.Error, "{Endpoint} could not reach the store; it answered 503 and nothing was issued.")]
    private static partial void StoreUnavailable(ILogger logger, string? endpoint, Exception exception);
}
