using System.Diagnostics;

namespace AgentAuth;

/// <summary>
/// Names under which traces and metrics come out, for <c>AddSource</c> and <c>AddMeter</c> of OpenTelemetry. What they carry is in
/// docs/operating.md: never a secret, and nothing about the person behind an agent.
/// </summary>
public static class AgentAuthTelemetry
{
    /// <summary>The <see cref="ActivitySource"/> of operations, verifications and fetches.</summary>
    public const string ActivitySourceName = "AgentAuth";

    /// <summary>The meter of all instruments.</summary>
    public const string MeterName = "AgentAuth";

    internal static ActivitySource Source { get; } = new(ActivitySourceName);
}
