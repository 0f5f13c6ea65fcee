using System.Collections.Immutable;
using System.ComponentModel;
using AgentAuth.Protocol.V01;

namespace AgentAuth.Manifest;

/// <summary>
/// The compiled form of an auth.md: what the generator writes down and the runtime acts on. Defaults of the protocol are already
/// filled in, so that this record alone says how the service behaves; deployment settings (<see cref="AgentAuthOptions"/>) may
/// override identifiers and narrow the rest.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record AgentAuthManifest
{
    /// <summary>The service's name, for people.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The API's identifier (RFC 9728 §2 <c>resource</c>), byte for byte as auth.md has it.</summary>
    public required string Resource { get; init; }

    /// <summary>The authorization server's identifier (RFC 8414 §2 <c>issuer</c>), byte for byte as auth.md has it.</summary>
    public required string Issuer { get; init; }

    /// <summary>Mail address or URL of people who answer for the service; null when auth.md names none.</summary>
    public string? Contact { get; init; }

    /// <summary>URL of the logo shown on the claim page; null when auth.md names none.</summary>
    public string? LogoUri { get; init; }

    /// <summary>The declared scopes in the author's order.</summary>
    public required ImmutableArray<ManifestScope> Scopes { get; init; }

    /// <summary>Anonymous start; null when auth.md does not enable it.</summary>
    public AnonymousMethod? Anonymous { get; init; }

    /// <summary>Email first; null when auth.md does not enable it.</summary>
    public VerifiedEmailMethod? VerifiedEmail { get; init; }

    /// <summary>ID-JAG; null when auth.md does not enable it.</summary>
    public IdentityAssertionMethod? IdentityAssertion { get; init; }

    /// <summary>Providers that auth.md trusts; configuration may add more.</summary>
    public ImmutableArray<ManifestProvider> TrustedProviders { get; init; } = [];

    /// <summary>How an identity finds its account.</summary>
    public AccountMatchingPolicy AccountMatching { get; init; } = new();

    /// <summary>How long things live.</summary>
    public ManifestLifetimes Lifetimes { get; init; } = new();

    /// <summary>Rate limits.</summary>
    public ManifestLimits Limits { get; init; } = new();

    /// <summary>Paths of the protocol's endpoints, under the issuer.</summary>
    public ManifestEndpoints Endpoints { get; init; } = new();

    /// <summary>Writes the protected-resource metadata (RFC 9728 §2).</summary>
    public required DocumentTemplate ProtectedResourceMetadata { get; init; }

    /// <summary>Writes the authorization-server metadata (RFC 8414 §2) with its <c>agent_auth</c> block.</summary>
    public required DocumentTemplate AuthorizationServerMetadata { get; init; }

    /// <summary>Writes the published auth.md.</summary>
    public required DocumentTemplate PublishedDocument { get; init; }
}

/// <summary>A declared scope.</summary>
/// <param name="Name">The RFC 6749 §3.3 scope-token.</param>
/// <param name="Description">What it allows, for people; may be empty.</param>
/// <param name="IsPreClaim">True when an anonymous registration holds it before it was claimed.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ManifestScope(string Name, string Description, bool IsPreClaim);

/// <summary>The two kinds of credential. On the wire: <c>access_token</c> and <c>api_key</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum CredentialType
{
    /// <summary>Short-lived bearer token.</summary>
    AccessToken,

    /// <summary>Bearer key that lives until it is revoked, unless auth.md limits its life.</summary>
    ApiKey,
}

/// <summary>Anonymous start (protocol: <c>type: anonymous</c>). It issues API keys only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record AnonymousMethod
{
    /// <summary>True when a claim replaces the key by a new one; false when the same key gains the post-claim scopes.</summary>
    public bool RotateOnClaim { get; init; }

    /// <summary>True when the claim mail holds the one-time code itself instead of a link to it.</summary>
    public bool MailsCode { get; init; }
}

/// <summary>Email first (protocol: <c>assertion_type: verified_email</c>).</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record VerifiedEmailMethod
{
    /// <summary>Offered credential types; the first is the default.</summary>
    public required ImmutableArray<CredentialType> Credentials { get; init; }

    /// <summary>True when the mail holds the one-time code itself instead of a link to it.</summary>
    public bool MailsCode { get; init; }
}

/// <summary>Agent verified (protocol: <c>assertion_type: urn:ietf:params:oauth:token-type:id-jag</c>).</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record IdentityAssertionMethod
{
    /// <summary>Offered credential types; the first is the default.</summary>
    public required ImmutableArray<CredentialType> Credentials { get; init; }
}

/// <summary>A provider whose ID-JAGs and logout tokens are accepted.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ManifestProvider
{
    /// <summary>Issuer identifier, compared byte for byte.</summary>
    public required string Issuer { get; init; }

    /// <summary>The name shown to people; null means: the issuer's host.</summary>
    public string? Name { get; init; }

    /// <summary>URL of the JWK set; null means <c>&lt;issuer&gt;/.well-known/jwks.json</c>.</summary>
    public string? KeysUri { get; init; }

    /// <summary>Accepted signature algorithms (RFC 7518 §3.1); empty: all that are supported.</summary>
    public ImmutableArray<string> Algorithms { get; init; } = [];

    /// <summary>Authentication methods (RFC 8176 <c>amr</c>) that every assertion must name.</summary>
    public ImmutableArray<string> RequiredAuthenticationMethods { get; init; } = [];

    /// <summary>Authentication contexts (OpenID Connect Core §2 <c>acr</c>) of which every assertion must name one; empty: none is asked for.</summary>
    public ImmutableArray<string> AcceptedAuthenticationContexts { get; init; } = [];

    /// <summary>How long ago the user may have signed in (<c>auth_time</c>) at the most; null: that does not matter.</summary>
    public TimeSpan? MaxAuthenticationAge { get; init; }

    /// <summary>True when its verified email links to an existing account without asking the account's owner.</summary>
    public bool TrustsEmail { get; init; }

    /// <summary>The domains whose addresses <see cref="TrustsEmail"/> is about; empty: all.</summary>
    public ImmutableArray<string> EmailDomains { get; init; } = [];
}

/// <summary>Which steps account matching takes; prior delegation always comes first.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record AccountMatchingPolicy
{
    /// <summary>True when a verified email may match an existing account.</summary>
    public bool MatchesVerifiedEmail { get; init; } = true;

    /// <summary>True when an identity without an account gets a new one; false when it is refused with <c>registration_rejected</c>.</summary>
    public bool Provisions { get; init; } = true;
}

/// <summary>How long things live. A null lifetime means: until revoked.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ManifestLifetimes
{
    /// <summary>Access token.</summary>
    public TimeSpan AccessToken { get; init; } = TimeSpan.FromHours(1);

    /// <summary>API key; null: no expiry.</summary>
    public TimeSpan? ApiKey { get; init; }

    /// <summary>A registration that nobody has claimed yet; its key dies with it.</summary>
    public TimeSpan UnclaimedRegistration { get; init; } = TimeSpan.FromHours(24);

    /// <summary>One-time code; at most 10 minutes.</summary>
    public TimeSpan OneTimeCode { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Link in a claim mail.</summary>
    public TimeSpan ClaimLink { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>A rate over a sliding window.</summary>
/// <param name="Permits">How many.</param>
/// <param name="Window">In which time.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct RateLimit(int Permits, TimeSpan Window)
{
    /// <summary>So many per hour.</summary>
    /// <param name="permits">How many.</param>
    public static RateLimit PerHour(int permits) => new(permits, TimeSpan.FromHours(1));
}

/// <summary>
/// Rate limits; null means: none. A limit in all is a switch that strangers can turn: whoever has addresses enough to reach it closes the method
/// for everybody. Anonymous start and email first have none unless auth.md sets one.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ManifestLimits
{
    /// <summary>Anonymous registrations from one remote address.</summary>
    public RateLimit? AnonymousPerAddress { get; init; } = RateLimit.PerHour(5);

    /// <summary>Anonymous registrations in all.</summary>
    public RateLimit? AnonymousTotal { get; init; }

    /// <summary>Registrations by email from one remote address. Each is a claim mail, too.</summary>
    public RateLimit? VerifiedEmailPerAddress { get; init; } = RateLimit.PerHour(60);

    /// <summary>Registrations by email in all.</summary>
    public RateLimit? VerifiedEmailTotal { get; init; }

    /// <summary>ID-JAGs, good or bad, from one remote address. Counted before they are looked at.</summary>
    public RateLimit? IdentityAssertionPerAddress { get; init; } = RateLimit.PerHour(60);

    /// <summary>Verified ID-JAGs of one user of one provider.</summary>
    public RateLimit? IdentityAssertionPerUser { get; init; } = RateLimit.PerHour(60);

    /// <summary>Verified ID-JAGs of one provider. What strangers send does not count.</summary>
    public RateLimit? IdentityAssertionPerProvider { get; init; } = RateLimit.PerHour(1000);

    /// <summary>Claim mails asked for from one remote address.</summary>
    public RateLimit? ClaimMailPerAddress { get; init; } = RateLimit.PerHour(3);

    /// <summary>Claim mails to one recipient; what follows a <c>+</c> in an address does not make it another.</summary>
    public RateLimit? ClaimMailPerRecipient { get; init; } = RateLimit.PerHour(3);

    /// <summary>Claim mails in all: what a sender's good name can bear.</summary>
    public RateLimit? ClaimMailTotal { get; init; } = RateLimit.PerHour(1000);

    /// <summary>Claim completions from one remote address.</summary>
    public RateLimit? CompletePerAddress { get; init; } = RateLimit.PerHour(30);

    /// <summary>Presses on a button of the claim page from one remote address, for each button.</summary>
    public RateLimit? ClaimPagePerAddress { get; init; } = RateLimit.PerHour(120);
}

/// <summary>Paths of the protocol's endpoints, relative to the issuer; each starts with a slash.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ManifestEndpoints
{
    /// <summary>Registration.</summary>
    public string Register { get; init; } = V01Paths.Register;

    /// <summary>The claim ceremony; its further steps lie below it.</summary>
    public string Claim { get; init; } = V01Paths.Claim;

    /// <summary>Revocation by providers.</summary>
    public string Revoke { get; init; } = V01Paths.Revoke;
}
