using System.Collections.Immutable;
using AgentAuth.Trust;

namespace AgentAuth.Assertions;

/// <summary>What a verified ID-JAG says.</summary>
internal sealed record VerifiedAssertion
{
    /// <summary>The trusted provider.</summary>
    public required TrustedProvider Provider { get; init; }

    /// <summary>Who acts for whom.</summary>
    public required AgentIdentity Agent { get; init; }

    /// <summary>How and when the user signed in.</summary>
    public required AgentUserAuthentication Authentication { get; init; }

    /// <summary><c>iat</c></summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary><c>exp</c> plus the clock skew: until then its <c>jti</c> is remembered.</summary>
    public required DateTimeOffset RememberUntil { get; init; }

    /// <summary>The verified email, normalised; null when only a phone number is verified.</summary>
    public string? Email { get; init; }

    /// <summary>The <c>scope</c> claim, split; null when the assertion has none. It narrows what is granted and never widens it.</summary>
    public ImmutableArray<string>? Scopes { get; init; }
}

/// <summary>What a verified logout token says.</summary>
internal sealed record VerifiedLogoutToken
{
    /// <summary>Whose access ends.</summary>
    public required AgentDelegationKey Delegation { get; init; }

    /// <summary><c>jti</c></summary>
    public required string JwtId { get; init; }

    /// <summary><c>iat</c></summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Until when its <c>jti</c> is remembered.</summary>
    public required DateTimeOffset RememberUntil { get; init; }
}
