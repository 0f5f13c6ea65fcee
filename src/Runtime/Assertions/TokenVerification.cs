using System.Diagnostics;
using AgentAuth.Protocol;
using AgentAuth.Protocol.V01;
using AgentAuth.Telemetry;
using AgentAuth.Trust;

namespace AgentAuth.Assertions;

/// <summary>One verification of a token, as traces and metrics see it.</summary>
internal sealed class TokenVerification(AgentAuthMetrics metrics, TimeProvider time, string tokenType) : IDisposable
{
    private readonly Activity? _activity = AgentAuthTelemetry.Source.StartActivity("agentauth verify");
    private readonly long _start = time.GetTimestamp();

    /// <summary>The <c>typ</c> that is asked for.</summary>
    public string TokenType => tokenType;

    /// <summary>The trusted provider, once the token's issuer turned out to be one.</summary>
    public TrustedProvider? Provider { get; set; }

    /// <summary>Why the token was refused; null while it was not.</summary>
    public RefusalReason? Failure { get; set; }

    public void Dispose()
    {
        var error = Failure is { } reason ? ProtocolErrors.Of(reason).Code : null;
        _activity?.SetTag(TelemetryTags.TokenType, tokenType);
        _activity?.SetTag(TelemetryTags.Issuer, Provider?.Issuer);
        _activity?.SetTag(TelemetryTags.ErrorType, error);
        _activity?.Dispose();
        metrics.Verified(tokenType, Provider?.Issuer, error, time.GetElapsedTime(_start));
    }
}
