using System.Collections.Immutable;
using AgentAuth.Credentials;

namespace AgentAuth.Registrations;

/// <summary>A registration that was created.</summary>
internal sealed record Registered
{
    public required string RegistrationId { get; init; }

    public required AgentRegistrationType Type { get; init; }

    /// <summary>The credential issued at once; null when a claim must come first.</summary>
    public IssuedCredential? Credential { get; init; }

    /// <summary>How to claim it; null when it belongs to an account already.</summary>
    public ClaimInvitation? Claim { get; init; }

    /// <summary>True when an identity assertion waits for the owner of its address to confirm.</summary>
    public bool NeedsConfirmation { get; init; }
}

/// <summary>What the agent needs to have its registration claimed.</summary>
internal sealed record ClaimInvitation(string ClaimToken, DateTimeOffset ExpiresAt, ImmutableArray<string> PostClaimScopes)
{
    // A record prints its members; this one must not.
    public override string ToString() => "(claim invitation)";
}
