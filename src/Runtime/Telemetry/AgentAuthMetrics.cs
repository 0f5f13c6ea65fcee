using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AgentAuth.Telemetry;

/// <summary>The instruments, but for those that a part observes of itself.</summary>
internal sealed class AgentAuthMetrics
{
    private readonly Histogram<double> _operations;
    private readonly Histogram<double> _verifications;
    private readonly Counter<long> _credentials;
    private readonly Counter<long> _audit;
    private readonly Counter<long> _keyFetches;
    private readonly Counter<long> _mails;
    private readonly Counter<long> _notAudited;

    public AgentAuthMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(AgentAuthTelemetry.MeterName);
        _operations = meter.CreateHistogram<double>("agentauth.operation.duration", "s", "Requests to the protocol's endpoints.");
        _verifications = meter.CreateHistogram<double>("agentauth.verification.duration", "s", "Verifications of ID-JAGs and logout tokens.");
        _credentials = meter.CreateCounter<long>("agentauth.credential.checks", "{check}", "Credentials that were presented.");
        _audit = meter.CreateCounter<long>("agentauth.audit.events", "{event}", "Audit rows.");
        _keyFetches = meter.CreateCounter<long>("agentauth.provider.keys.fetches", "{fetch}", "Fetches of a provider's keys.");
        _mails = meter.CreateCounter<long>("agentauth.mail.tries", "{try}", "Tries to send a claim mail.");
        _notAudited = meter.CreateCounter<long>("agentauth.audit.dropped", "{event}", "Refusals that were too many to have an audit row each.");
    }

    /// <summary>A request to an endpoint of the protocol was answered.</summary>
    public void Answered(string operation, string? error, TimeSpan duration)
    {
        var tags = new TagList { { TelemetryTags.Operation, operation } };
        Add(ref tags, TelemetryTags.ErrorType, error);
        _operations.Record(duration.TotalSeconds, tags);
    }

    /// <summary>A token was verified or refused.</summary>
    public void Verified(string tokenType, string? issuer, string? failure, TimeSpan duration)
    {
        var tags = new TagList { { TelemetryTags.TokenType, tokenType } };
        Add(ref tags, TelemetryTags.Issuer, issuer);
        Add(ref tags, TelemetryTags.ErrorType, failure);
        _verifications.Record(duration.TotalSeconds, tags);
    }

    /// <summary>A credential was looked at.</summary>
    public void CredentialChecked(CredentialCheck outcome) =>
        _credentials.Add(1, new KeyValuePair<string, object?>(TelemetryTags.Outcome, outcome switch
        {
            CredentialCheck.Live => "live",
            CredentialCheck.Expired => "expired",
            CredentialCheck.Revoked => "revoked",
            CredentialCheck.Unknown => "unknown",
            CredentialCheck.Malformed => "malformed",
            _ => "unavailable",
        }));

    /// <summary>An audit row is durable.</summary>
    public void Audited(in TagList tags) => _audit.Add(1, tags);

    /// <summary>A provider was asked for its keys.</summary>
    public void KeysFetched(string issuer, bool isGood)
    {
        var tags = new TagList { { TelemetryTags.Issuer, issuer } };
        Add(ref tags, TelemetryTags.ErrorType, isGood ? null : "unavailable");
        _keyFetches.Add(1, tags);
    }

    /// <summary>A claim mail was sent, or was not.</summary>
    public void Mailed(string outcome) => _mails.Add(1, new KeyValuePair<string, object?>(TelemetryTags.Outcome, outcome));

    /// <summary>Refusals have no audit row of their own.</summary>
    public void NotAudited(int count) => _notAudited.Add(count);

    private static void Add(ref TagList tags, string name, string? value)
    {
        if (value is not null)
        {
            tags.Add(name, value);
        }
    }
}

/// <summary>What became of a presented credential.</summary>
internal enum CredentialCheck
{
    /// <summary>It is good.</summary>
    Live,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It was revoked.</summary>
    Revoked,

    /// <summary>Well formed, and nobody's.</summary>
    Unknown,

    /// <summary>Mistyped, cut, made up or presented twice.</summary>
    Malformed,

    /// <summary>The store could not be asked.</summary>
    Unavailable,
}
