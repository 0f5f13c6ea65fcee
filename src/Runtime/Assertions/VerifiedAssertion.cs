using System.Collections.Immutable;
using AgentAuth.Refusals;
using AgentAuth.Trust;

namespace AgentAuth.Assertions;

/// <summary>Why a token was refused. The wire profile maps each to its error; nothing is ever decided from a message's text.</summary>
internal enum AssertionFailure
{
    /// <summary>Not a token this endpoint takes: form, <c>typ</c>, <c>crit</c>, a claim missing or of the wrong kind, too old a lifetime …</summary>
    Malformed,

    /// <summary><c>iss</c> is not on the trust list. Decided before any network I/O.</summary>
    UntrustedIssuer,

    /// <summary>No key, wrong key, algorithm not allowed, bad signature.</summary>
    InvalidSignature,

    /// <summary><c>exp</c> is past, or a logout token's <c>iat</c> is too old.</summary>
    Expired,

    /// <summary><c>aud</c> is not this service.</summary>
    InvalidAudience,

    /// <summary><c>aud</c> is this service, and <c>resource</c> names another resource (RFC 8707).</summary>
    InvalidTarget,

    /// <summary><c>client_id</c> is neither the issuer, nor a client that the operator names, nor one whose metadata document vouches for the keys.</summary>
    InvalidClient,

    /// <summary>Neither a verified email nor a verified phone number.</summary>
    MissingVerifiedEmail,

    /// <summary>The user's authentication does not meet what the provider's entry requires (RFC 9470).</summary>
    InsufficientUserAuthentication,

    /// <summary>The keys or the client's document could not be fetched: nothing is known about the token.</summary>
    Unavailable,
}

/// <summary>A refusal.</summary>
/// <param name="Failure">Why, as a type.</param>
/// <param name="Message">A sentence for the agent: what was read, what was expected, what to do. It never echoes the token.</param>
internal sealed record AssertionRefusal(AssertionFailure Failure, string Message)
{
    /// <summary>What would have been enough, with <see cref="AssertionFailure.InsufficientUserAuthentication"/>; otherwise null.</summary>
    public RequiredAuthentication? RequiredAuthentication { get; init; }
}

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

/// <summary>Either a verified token or a refusal.</summary>
/// <typeparam name="T">The verified form.</typeparam>
internal readonly struct AssertionResult<T>
    where T : class
{
    private AssertionResult(T? verified, AssertionRefusal? refusal)
    {
        Verified = verified;
        Refusal = refusal;
    }

    /// <summary>The verified token; null when it was refused.</summary>
    public T? Verified { get; }

    /// <summary>The refusal; null when the token was verified.</summary>
    public AssertionRefusal? Refusal { get; }

    /// <summary>A verified token.</summary>
    public static implicit operator AssertionResult<T>(T verified) => new(verified, null);

    /// <summary>A refusal.</summary>
    public static implicit operator AssertionResult<T>(AssertionRefusal refusal) => new(null, refusal);
}
