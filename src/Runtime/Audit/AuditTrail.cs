
namespace AgentAuth.Audit;

/// <summary>Builds the audit rows that several features write alike.</summary>
internal static class AuditTrail
{
    public static AgentAuditEvent Created(string registrationId, AgentRegistrationType type, RequestOrigin origin, AgentIdentity? agent = null) =>
        Of(AgentAuditEvents.RegistrationCreated, registrationId, type, origin, agent);

    /// <summary>A claim mail; when it holds the code itself, the code was generated with it.</summary>
    public static IEnumerable<AgentAuditEvent> ClaimRequested(string registrationId, AgentRegistrationType type, bool hasCode, RequestOrigin origin, AgentIdentity? agent = null)
    {
        yield return Of(AgentAuditEvents.ClaimRequested, registrationId, type, origin, agent);
        if (hasCode)
        {
            yield return Of(AgentAuditEvents.OtpGenerated, registrationId, type, origin, agent);
        }
    }

    public static AgentAuditEvent Of(string name, string? registrationId, AgentRegistrationType? type, RequestOrigin origin, AgentIdentity? agent = null) => new AgentAuditEvent
    {
        Name = name,
        At = origin.ReceivedAt,
        RegistrationId = registrationId,
        RegistrationType = type,
        RemoteAddress = origin.AddressText,
    }.About(agent);

    /// <summary>The row with who acted, as the ID-JAG of a registration said; as it is, when there was none.</summary>
    public static AgentAuditEvent About(this AgentAuditEvent audit, AgentIdentity? agent) => agent is null ? audit : audit with
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
