using System.Collections.Immutable;

namespace AgentAuth.Assertions;

/// <summary>An entry of the trust list: auth.md and configuration merged and checked.</summary>
public sealed record TrustedProvider
{
    /// <summary>Issuer identifier, compared byte for byte.</summary>
    public required string Issuer { get; init; }

    /// <summary>The name shown to people: ours, never one that a token brings.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Where its JWK set is.</summary>
    public required Uri KeysUri { get; init; }

    /// <summary>Accepted signature algorithms (RFC 7518 §3.1).</summary>
    public ImmutableArray<string> Algorithms { get; init; } = ["ES256", "ES384", "RS256", "PS256"];

    /// <summary>Authentication methods (RFC 8176) that every assertion must name in <c>amr</c>.</summary>
    public ImmutableArray<string> RequiredAuthenticationMethods { get; init; } = [];

    /// <summary>True when its verified email links to an existing account without asking the account's owner.</summary>
    public bool TrustsEmail { get; init; }
}
