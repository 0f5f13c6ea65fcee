namespace AgentAuth.Telemetry;

/// <summary>Names of tags; those without a prefix are OpenTelemetry's own.</summary>
internal static class TelemetryTags
{
    /// <summary>Why something was refused: an error code of the protocol or the name of a typed outcome. Absent on success.</summary>
    public const string ErrorType = "error.type";

    public const string ServerAddress = "server.address";

    public const string Operation = "agentauth.operation";
    public const string TokenType = "agentauth.token.type";

    /// <summary>A trusted provider. The trust list bounds how many there are; what an unverified token says never becomes a tag.</summary>
    public const string Issuer = "agentauth.issuer";

    public const string Outcome = "agentauth.outcome";
    public const string Event = "agentauth.event";
    public const string RegistrationType = "agentauth.registration.type";
    public const string RegistrationId = "agentauth.registration.id";
}
