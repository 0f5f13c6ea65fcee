namespace AgentAuth.Testing;

/// <summary>What an agent learns from a service's metadata (RFC 9728, RFC 8414, and the <c>agent_auth</c> block of auth.md).</summary>
public sealed record DiscoveredService
{
    /// <summary>The API's identifier.</summary>
    public required string Resource { get; init; }

    /// <summary>The authorization server's identifier: what an ID-JAG's <c>aud</c> must be.</summary>
    public required string Issuer { get; init; }

    /// <summary>The scopes there are.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Where the service's auth.md is.</summary>
    public Uri? Skill { get; init; }

    /// <summary>Where to register.</summary>
    public required Uri RegisterUri { get; init; }

    /// <summary>Where claims are started; null when nothing can be claimed.</summary>
    public Uri? ClaimUri { get; init; }

    /// <summary>Where claims are completed: below <see cref="ClaimUri"/>.</summary>
    public Uri? CompleteUri => ClaimUri is null ? null : new Uri(ClaimUri.OriginalString + "/complete");

    /// <summary>Where providers send logout tokens; null when ID-JAGs are not taken.</summary>
    public Uri? RevocationUri { get; init; }

    /// <summary><c>identity_types_supported</c></summary>
    public required IReadOnlyList<string> IdentityTypes { get; init; }
}
