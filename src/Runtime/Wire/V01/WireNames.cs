using AgentAuth.Manifest;
using AgentAuth.Storage;

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

    public static string Of(RegistrationStatus status) => status switch
    {
        RegistrationStatus.Unclaimed => "unclaimed",
        RegistrationStatus.Claimed => "claimed",
        _ => "revoked",
    };

    public static RegistrationStatus? StatusOf(string name) => name switch
    {
        "unclaimed" => RegistrationStatus.Unclaimed,
        "claimed" => RegistrationStatus.Claimed,
        "revoked" => RegistrationStatus.Revoked,
        _ => null,
    };

    public static string Of(RegistrationType type) => type switch
    {
        RegistrationType.Anonymous => "anonymous",
        RegistrationType.EmailVerification => "email-verification",
        _ => "agent-provider",
    };
}
