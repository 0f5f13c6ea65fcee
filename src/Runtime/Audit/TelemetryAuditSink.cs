using System.Diagnostics;
using AgentAuth.Telemetry;

namespace AgentAuth.Audit;

/// <summary>
/// Counts audit rows, and notes them on the trace of the request. Who the user is stays in the store and the log: traces and metrics often go to
/// somebody else's machine.
/// </summary>
internal sealed class TelemetryAuditSink(AgentAuthMetrics metrics) : IAgentAuditSink
{
    public void Record(AuditEvent audit)
    {
        var tags = new TagList { { TelemetryTags.Event, audit.Name }, { TelemetryTags.Outcome, audit.Outcome } };
        if (audit.RegistrationType is { } type)
        {
            tags.Add(TelemetryTags.RegistrationType, type.ToString());
        }

        if (audit.Issuer is { } issuer)
        {
            tags.Add(TelemetryTags.Issuer, issuer);
        }

        metrics.Audited(tags);
        if (Activity.Current is { IsAllDataRequested: true } activity)
        {
            activity.AddEvent(new ActivityEvent(
                "agentauth.audit", audit.At, [.. tags, new(TelemetryTags.RegistrationId, audit.RegistrationId)]));
        }
    }
}
