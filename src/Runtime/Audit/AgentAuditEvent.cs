namespace AgentAuth;

/// <summary>Names of audit events, as the protocol has them.</summary>
public static class AgentAuditEvents
{
    /// <summary>A registration was created.</summary>
    public const string RegistrationCreated = "registration.created";

    /// <summary>A claim mail was asked for.</summary>
    public const string ClaimRequested = "claim.requested";

    /// <summary>A one-time code was shown or mailed.</summary>
    public const string OtpGenerated = "otp.generated";

    /// <summary>A registration was claimed.</summary>
    public const string ClaimConfirmed = "claim.confirmed";

    /// <summary>A registration expired unclaimed.</summary>
    public const string RegistrationExpired = "registration.expired";

    /// <summary>A registration was revoked.</summary>
    public const string RegistrationRevoked = "registration.revoked";

    /// <summary>
    /// A registration was refused; the outcome is the error code, or <c>not_recorded</c> for a row that stands for many. Beyond the protocol.
    /// </summary>
    public const string RegistrationRefused = "registration.refused";

    /// <summary>A wrong code was given. Beyond the protocol.</summary>
    public const string ClaimFailed = "claim.failed";

    /// <summary>The address's owner said "this wasn't me". Beyond the protocol.</summary>
    public const string ClaimDeclined = "claim.declined";

    /// <summary>A single credential was ended by whoever holds it (RFC 7009). Beyond the protocol.</summary>
    public const string TokenRevoked = "token.revoked";

    /// <summary>A dead credential was presented, for the first time. Beyond the protocol.</summary>
    public const string CredentialUsedAfterRevocation = "credential.used_after_revocation";
}

/// <summary>A row of the audit trail. It holds no secret, not even a hash of one, and no mail address.</summary>
public sealed record AgentAuditEvent
{
    /// <summary>What happened: one of <see cref="AgentAuditEvents"/>.</summary>
    public required string Name { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How it ended: <c>success</c>, or an error code.</summary>
    public string Outcome { get; init; } = "success";

    /// <summary>Which registration; null when there is none.</summary>
    public string? RegistrationId { get; init; }

    /// <summary>Its type.</summary>
    public AgentRegistrationType? RegistrationType { get; init; }

    /// <summary>The account, where one is known.</summary>
    public string? AccountId { get; init; }

    /// <summary>Remote address of the request; null when unknown.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary><c>iss</c>, of a verified token only.</summary>
    public string? Issuer { get; init; }

    /// <summary><c>sub</c>, of a verified token only.</summary>
    public string? Subject { get; init; }

    /// <summary><c>client_id</c></summary>
    public string? ClientId { get; init; }

    /// <summary><c>jti</c></summary>
    public string? JwtId { get; init; }

    /// <summary><c>agent_platform</c></summary>
    public string? AgentPlatform { get; init; }

    /// <summary><c>agent_context_id</c></summary>
    public string? AgentContextId { get; init; }

    /// <summary><c>act</c> (RFC 8693 §4.1) as JSON: compact, its members in order.</summary>
    public string? Act { get; init; }

    /// <summary>Who revoked, where an operator did.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>Why, in the operator's words; of a row that stands for refusals without rows of their own, how many they were.</summary>
    public string? Reason { get; init; }
}
