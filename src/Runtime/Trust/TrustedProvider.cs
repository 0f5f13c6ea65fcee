using System.Collections.Immutable;

namespace AgentAuth.Trust;

/// <summary>Who says that a provider is trusted.</summary>
internal enum ProviderSource
{
    /// <summary>auth.md alone.</summary>
    AuthMd,

    /// <summary>Configuration alone.</summary>
    Configuration,

    /// <summary>auth.md, narrowed by configuration.</summary>
    Both,
}

/// <summary>An entry of the trust list: auth.md and configuration merged and checked.</summary>
internal sealed record TrustedProvider
{
    /// <summary>The most characters of a <c>client_id</c>.</summary>
    public const int MaxClientIdLength = 1024;

    /// <summary>Issuer identifier, compared byte for byte.</summary>
    public required string Issuer { get; init; }

    /// <summary>The name shown to people: ours, never one that a token brings.</summary>
    public required string DisplayName { get; init; }

    /// <summary>
    /// Where its JWK set is, and what a client's metadata document must name as <c>jwks_uri</c>. Null, which is for pinned keys only: no document can
    /// vouch for a client.
    /// </summary>
    public required Uri? KeysUri { get; init; }

    /// <summary>Accepted signature algorithms (RFC 7518 §3.1).</summary>
    public required ImmutableArray<string> Algorithms { get; init; }

    /// <summary>Authentication methods (RFC 8176) that every assertion must name in <c>amr</c>.</summary>
    public required ImmutableArray<string> RequiredAuthenticationMethods { get; init; }

    /// <summary>Authentication contexts of which every assertion must name one in <c>acr</c>; empty: none is asked for.</summary>
    public required ImmutableArray<string> AcceptedAuthenticationContexts { get; init; }

    /// <summary>How long ago the user may have signed in (<c>auth_time</c>) at the most; null: that does not matter.</summary>
    public TimeSpan? MaxAuthenticationAge { get; init; }

    /// <summary>The only clients that are accepted beside the provider itself, without a look at their documents; empty: those that a document vouches for.</summary>
    public required ImmutableArray<string> Clients { get; init; }

    /// <summary>True when its verified email links to an existing account without asking the account's owner.</summary>
    public bool TrustsEmail { get; init; }

    /// <summary>The domains whose addresses <see cref="TrustsEmail"/> is about, in lower case; empty: all.</summary>
    public required ImmutableArray<string> EmailDomains { get; init; }

    /// <summary>Its keys, where they are written down here; null where they are fetched.</summary>
    internal VerificationKeySet? PinnedKeys { get; init; }

    /// <summary>Who says that it is trusted.</summary>
    internal ProviderSource Source { get; init; }

    /// <summary>True when its word that an address is verified is enough to open the account of that address.</summary>
    /// <param name="email">The address, normalised. Only its own domain counts, none above it.</param>
    internal bool TrustsAddress(string email) =>
        TrustsEmail && (EmailDomains.IsEmpty || EmailDomains.Contains(email[(email.LastIndexOf('@') + 1)..]));
}
