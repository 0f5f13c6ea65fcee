using System.Diagnostics;
using AgentAuth.Configuration;
using AgentAuth.Telemetry;

namespace AgentAuth.Audit;

/// <summary>
/// Counts audit rows, and notes them on the trace of the request. Who the user is stays in the store and the log: traces and metrics often go to
/// somebody else's machine.
/// </summary>
internal sealed class TelemetryAuditSink(AgentAuthMetrics metrics, TrustList trust) : IAgentAuditSink
{
    public void Record(AgentAuditEvent audit)
    {
        var tags = new TagList { { TelemetryTags.Event, audit.Name }, { TelemetryTags.Outcome, audit.Outcome } };
        if (audit.RegistrationType is { } type)
        {
            tags.Add(TelemetryTags.RegistrationType, type.ToString());
        }

        // Of a revocation that ended nothing it is what an operator typed, and the trust list is to bound how many there are.
        if (audit.Issuer is { } issuer && trust.Find(issuer) is not null)
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
