using AgentAuth.Registrations;
using AgentAuth.Storage;

namespace AgentAuth.Audit;

/// <summary>Builds the audit rows that several features write alike.</summary>
internal static class AuditTrail
{
    public static AuditEvent Created(string registrationId, RegistrationType type, RequestOrigin origin, AgentIdentity? agent = null) =>
        Of(AuditEvents.RegistrationCreated, registrationId, type, origin, agent);

    /// <summary>A claim mail; when it holds the code itself, the code was generated with it.</summary>
    public static IEnumerable<AuditEvent> ClaimRequested(string registrationId, RegistrationType type, NewClaimAttempt attempt, RequestOrigin origin, AgentIdentity? agent = null)
    {
        yield return Of(AuditEvents.ClaimRequested, registrationId, type, origin, agent);
        if (attempt.Code is not null)
        {
            yield return Of(AuditEvents.OtpGenerated, registrationId, type, origin, agent);
        }
    }

    public static AuditEvent Of(string name, string? registrationId, RegistrationType? type, RequestOrigin origin, AgentIdentity? agent = null) => new AuditEvent
    {
        Name = name,
        At = origin.ReceivedAt,
        RegistrationId = registrationId,
        RegistrationType = type,
        RemoteAddress = origin.AddressText,
    }.About(agent);

    /// <summary>The row with who acted, as the ID-JAG of a registration said; as it is, when there was none.</summary>
    public static AuditEvent About(this AuditEvent audit, AgentIdentity? agent) => agent is null ? audit : audit with
    {
        Issuer = agent.Delegation.Issuer,
        Subject = agent.Delegation.Subject,
        ClientId = agent.ClientId,
        JwtId = agent.JwtId,
        AgentPlatform = agent.AgentPlatform,
        AgentContextId = agent.AgentContextId,
        Act = agent.Act,
    };
}
