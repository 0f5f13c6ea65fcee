using System.Globalization;
using System.Text.Json;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.Http;

/// <summary>How one generation of the protocol says no. A feature knows only the reason; its status, its name and the form of the answer are here.</summary>
internal abstract class WireProfile
{
    /// <summary>The HTTP status and the <c>error</c> by which a reason is told.</summary>
    public abstract (int Status, string Code) ErrorOf(RefusalReason reason);

    /// <summary>Answers with a refusal.</summary>
    public Task WriteAsync(HttpResponse response, Refusal refusal)
    {
        var (status, code) = ErrorOf(refusal.Reason);
        response.StatusCode = status;
        Note(response, refusal);
        return WireJson.WriteAsync(response, json =>
        {
            WriteMembers(json, code, refusal);

            // What would have been enough (RFC 9470 §3).
            if (refusal.RequiredAuthentication?.MaxAgeSeconds is { } age)
            {
                json.WriteNumber("max_age", age);
            }

            if (refusal.RequiredAuthentication?.AcrValues is { } contexts)
            {
                json.WriteString("acr_values", contexts);
            }
        });
    }

    /// <summary>Says in traces and in <c>Retry-After</c> what an answer of another form refuses, such as a page.</summary>
    public void Note(HttpResponse response, Refusal refusal)
    {
        ProtocolOperation.Failed(response.HttpContext, ErrorOf(refusal.Reason).Code);
        if (refusal.RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(Math.Max(1, delay.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Writes the members that every error of the generation has.</summary>
    protected abstract void WriteMembers(Utf8JsonWriter json, string code, Refusal refusal);
}
