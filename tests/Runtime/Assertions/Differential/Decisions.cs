namespace AgentAuth.Assertions.Differential;

/// <summary>All differences from `jose` that are meant. What differs otherwise is a mistake.</summary>
internal static class Decisions
{
    public static readonly Decision Algorithm = new("`alg` other than ES256, ES384, RS256, PS256", "Few algorithms, each of which every provider can have: RFC 8725 §3.2.");
    public static readonly Decision NoKeyId = new("No `kid`", "A token names its key, so that none is tried that was not meant.");
    public static readonly Decision KeyId = new("A `kid` of over 256 characters, not in ASCII, with quotation marks, `\\`, `;`, `<` or `>`, or with the path segment `..`", "What looks like a path or a program is not worth a request for keys.");
    public static readonly Decision Header = new("`b64`, `crit`, `zip` or `enc` in the header, whatever they say", "They change what the rest means. JWTs must not use `b64: false` (RFC 7797 §7), and `zip` and `enc` belong to JWEs.");
    public static readonly Decision HeaderKind = new("`cty`, `jku`, `x5u`, `x5t` or `x5t#S256` that is no string", "RFC 7515 §4.1 says that they are.");
    public static readonly Decision Duplicate = new("A member twice, in header, claims or JWK set, at any depth", "Parsers differ in which of them counts; RFC 7515 §4, RFC 7517 §4 and RFC 7519 §4 allow to refuse it.");
    public static readonly Decision Surrogate = new("Half of a surrogate pair, escaped", "It is no text (RFC 8259 §8.2), and becomes another one wherever it is written.");
    public static readonly Decision Mark = new("A byte order mark in a token", "RFC 8259 §8.1 forbids to send one, and those who verify tokens do not agree on it. In JWK sets and client documents it is ignored.");
    public static readonly Decision Depth = new("JSON nested over 16 deep", "A bound for hostile input.");
    public static readonly Decision Size = new("A token over 16 KiB, or a JWK set over 64 KiB", "A bound for hostile input.");
    public static readonly Decision Base64 = new("base64url with padding, white space or stray bits in a token", "RFC 7515 §2 allows one spelling. A token that has two is two for whoever compares them.");
    public static readonly Decision Instant = new("Instants before the year 2 or after 9998", "They are in no calendar of ours.");
    public static readonly Decision Lifetime = new("`exp` not after `iat`, or in an ID-JAG more than 15 minutes after it", "Short lives bound what a stolen assertion is good for.");
    public static readonly Decision IssuedAt = new("`iat` more than a minute ahead, or in a logout token over 5 minutes ago", "A clock that is wrong by more cannot be relied on; a logout token may have no `exp`.");
    public static readonly Decision Audience = new("`aud` with more than one member", "A token for two could be carried from one to the other.");
    public static readonly Decision Text = new("`sub` or `jti` that is no string of 1 to 255 characters, `client_id` no string of 1 to 1,024, or one of them with control characters, line breaks or marks that turn the direction of writing", "They are kept, compared and shown to people.");
    public static readonly Decision Client = new("`client_id` that is neither the issuer nor vouched for", "It is who acts.");
    public static readonly Decision Scope = new("`scope` that is no list of scope names with single spaces between", "RFC 6749 §3.3.");
    public static readonly Decision Unsupported = new("`cnf`, `authorization_details`, `tenant` or `aud_tenant` in an ID-JAG, `tenant` in a logout token", "To ignore one would grant more than the provider said.");
    public static readonly Decision ClaimKind = new("`azp`, `amr`, `acr`, `auth_time`, `act`, `agent_platform` or `agent_context_id` of another kind or longer than it may be", "OpenID Connect Core §2, RFC 8176, RFC 8693 §4.1.");
    public static readonly Decision Verified = new("At the doors of auth.md: an ID-JAG without a verified address or phone number", "Accounts are found by them.");
    public static readonly Decision Resource = new("`resource` without this service's", "RFC 8707: it is for another resource.");
    public static readonly Decision Event = new("A logout token with `nonce`, or without the event of auth.md", "OpenID Connect Back-Channel Logout §2.6.");
    public static readonly Decision PrivateKey = new("A JWK with a member that only a private or symmetric key has, such as `p`", "What was published is a secret no longer. The other keys of the set count.");
    public static readonly Decision KeyBase64 = new("base64url with padding, white space or stray bits in a JWK", "RFC 7518 §2 allows one spelling.");
    public static readonly Decision Coordinate = new("Coordinates of an EC key that are shorter or longer than its curve's", "RFC 7518 §6.2.1.2.");
    public static readonly Decision RsaSize = new("An RSA key over 8,192 bits, or with an exponent over 32", "Each look at a signature would cost too much.");
    public static readonly Decision Roca = new("An RSA key with the fingerprint of ROCA (CVE-2017-15361)", "Its private half can be computed.");
    public static readonly Decision Utf8 = new("A JWK set that is not UTF-8", "Bytes that are no text are read differently by everybody.");

    /// <summary>What we refuse and `jose` accepts.</summary>
    public static readonly IReadOnlyList<Decision> Stricter =
    [
        Algorithm, NoKeyId, KeyId, Header, HeaderKind, Duplicate, Surrogate, Mark, Depth, Size, Base64, Instant, Lifetime, IssuedAt, Audience, Text, Client,
        Scope, Unsupported, ClaimKind, Verified, Resource, Event, PrivateKey, KeyBase64, Coordinate, RsaSize, Roca, Utf8,
    ];

    public static readonly Decision RootSlash = new("`aud` with a slash more or less at the root", "`https://h` and `https://h/` are one (RFC 3986 §6.2.3), and URL objects write the latter.");
    public static readonly Decision NotKeys = new("A JWK set with elements that are no objects", "The others are keys all the same: RFC 7517 §5 has what is not understood ignored.");
    public static readonly Decision Ext = new("A JWK whose `ext` is no boolean", "It is a member of WebCrypto's, and says nothing about signatures.");
    public static readonly Decision Signing = new("A public JWK whose `key_ops` has `sign` beside `verify`", "RFC 7517 §4.3 allows both; WebCrypto does not import it.");
    public static readonly Decision Usable = new("Two JWKs of one `kid` of which one can never be used: private, weak or broken", "The other is the only one that a token can mean.");

    /// <summary>What we accept and `jose` refuses.</summary>
    public static readonly IReadOnlyList<Decision> Looser = [RootSlash, NotKeys, Ext, Signing, Usable];
}
