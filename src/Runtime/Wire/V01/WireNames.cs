using AgentAuth.Manifest;
using AgentAuth.Protocol.V01;

namespace AgentAuth.Wire.V01;

/// <summary>Spells our types as protocol v0.1 does.</summary>
internal static class WireNames
{
    public static string Of(CredentialType type) => type == CredentialType.AccessToken ? V01Names.AccessToken : V01Names.ApiKey;

    public static CredentialType? CredentialTypeOf(string name) => name switch
    {
        V01Names.AccessToken => CredentialType.AccessToken,
        V01Names.ApiKey => CredentialType.ApiKey,
        _ => null,
    };

    public static string Of(AgentRegistrationStatus status) => status switch
    {
        AgentRegistrationStatus.Unclaimed => V01Names.Unclaimed,
        AgentRegistrationStatus.Claimed => V01Names.Claimed,
        _ => V01Names.Revoked,
    };

    public static AgentRegistrationStatus? StatusOf(string name) => name switch
    {
        V01Names.Unclaimed => AgentRegistrationStatus.Unclaimed,
        V01Names.Claimed => AgentRegistrationStatus.Claimed,
        V01Names.Revoked => AgentRegistrationStatus.Revoked,
        _ => null,
    };

    public static string Of(AgentRegistrationType type) => type switch
    {
        AgentRegistrationType.Anonymous => V01Names.Anonymous,
        AgentRegistrationType.EmailVerification => V01Names.EmailVerification,
        _ => V01Names.AgentProvider,
    };
}
