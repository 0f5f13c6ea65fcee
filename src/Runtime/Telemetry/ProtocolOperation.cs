using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Telemetry;

/// <summary>
/// One request to an endpoint of the protocol, as traces and metrics see it. It is a feature of the request, so that whoever answers an error
/// says so once, in the place where the error is written.
/// </summary>
internal sealed class ProtocolOperation
{
    private string? _error;

    /// <summary>Measures a handler.</summary>
    /// <param name="name">What it does.</param>
    /// <param name="handler">Answers.</param>
    public static RequestDelegate Measure(string name, RequestDelegate handler) => async context =>
    {
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        var start = time.GetTimestamp();
        var operation = new ProtocolOperation();
        context.Features.Set(operation);
        using var activity = AgentAuthTelemetry.Source.StartActivity($"agentauth {name}");
        try
        {
            await handler(context);
        }
        finally
        {
            activity?.SetTag(TelemetryTags.ErrorType, operation._error);
            if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                activity?.SetStatus(ActivityStatusCode.Error);
            }

            context.RequestServices.GetRequiredService<AgentAuthMetrics>().Answered(name, operation._error, time.GetElapsedTime(start));
        }
    };

    /// <summary>Notes the error that a request is answered with.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">The code on the wire.</param>
    public static void Failed(HttpContext context, string error) => context.Features.Get<ProtocolOperation>()?._error = error;
}
