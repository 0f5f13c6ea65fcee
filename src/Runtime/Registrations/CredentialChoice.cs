using System.Collections.Immutable;
using AgentAuth.Manifest;
using AgentAuth.Protocol;
using AgentAuth.Refusals;

namespace AgentAuth.Registrations;

/// <summary>Which credential type a registration gets.</summary>
internal static class CredentialChoice
{
    /// <summary>The requested type when the method offers it; its first when none was requested; null when it does not offer it.</summary>
    public static CredentialType? Of(CredentialType? requested, ImmutableArray<CredentialType> offered) =>
        requested is not { } type ? offered[0]
        : offered.Contains(type) ? type
        : null;

    public static Refusal Unsupported(ImmutableArray<CredentialType> offered) => new(
        RefusalReason.UnsupportedCredentialType,
        "This method does not issue the requested credential type. credential_types_supported in the authorization-server metadata lists the "
            + (offered.Length == 1 ? "one it issues." : $"{offered.Length} it issues."));
}
