using AgentAuth.Manifest;
using AgentAuth.Registrations;

namespace AgentAuth.Wire.V01;

/// <summary>Names of things on the wire, as protocol v0.1 spells them.</summary>
internal static class WireNames
{
    public const string IdJag = "urn:ietf:params:oauth:token-type:id-jag";
    public const string VerifiedEmail = "verified_email";

    public static string Of(CredentialType type) => type == CredentialType.AccessToken ? "access_token" : "api_key";

    public static CredentialType? CredentialTypeOf(string name) => name switch
    {
        "access_token" => CredentialType.AccessToken,
        "api_key" => CredentialType.ApiKey,
        _ => null,
    };

    public static string Of(AgentRegistrationStatus status) => status switch
    {
        AgentRegistrationStatus.Unclaimed => "unclaimed",
        AgentRegistrationStatus.Claimed => "claimed",
        _ => "revoked",
    };

    public static AgentRegistrationStatus? StatusOf(string name) => name switch
    {
        "unclaimed" => AgentRegistrationStatus.Unclaimed,
        "claimed" => AgentRegistrationStatus.Claimed,
        "revoked" => AgentRegistrationStatus.Revoked,
        _ => null,
    };

    public static string Of(AgentRegistrationType type) => type switch
    {
        AgentRegistrationType.Anonymous => "anonymous",
        AgentRegistrationType.EmailVerification => "email-verification",
        _ => "agent-provider",
    };
}
