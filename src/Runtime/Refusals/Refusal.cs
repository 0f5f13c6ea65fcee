using AgentAuth.Assertions;
using AgentAuth.Registrations;
using AgentAuth.Trust;

namespace AgentAuth.Refusals;

/// <summary>
/// Every reason for which the service says no: a closed set. The wire profile gives each its status and name; nothing else knows those.
/// </summary>
internal enum RefusalReason
{
    InvalidRequest,
    AnonymousNotEnabled,
    VerifiedEmailNotEnabled,
    IdentityAssertionNotEnabled,
    UnsupportedCredentialType,
    InvalidIssuer,
    InvalidSignature,
    AssertionExpired,
    InvalidAudience,
    InvalidTarget,
    InvalidClient,
    ReplayDetected,
    MissingVerifiedEmail,
    InsufficientUserAuthentication,
    RegistrationRejected,
    RateLimited,
    TemporarilyUnavailable,
    InvalidClaimToken,
    ClaimedOrInFlight,
    ClaimExpired,
    ClaimEnded,
    OtpNotGenerated,
    OtpInvalid,
    OtpExpired,
    PreviouslyClaimed,
    ClaimSuperseded,
    UnknownLink,
    ClaimCompleted,
}

/// <summary>A no, with a sentence for the agent that says what to do next. It never echoes a secret.</summary>
/// <param name="Reason">Why, as a type.</param>
/// <param name="Message">The sentence.</param>
/// <param name="RetryAfter">When asking again makes sense; null when that is not a matter of time.</param>
internal sealed record Refusal(RefusalReason Reason, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>An operator ended all access between the request and the answer; nothing was issued.</summary>
    public static Refusal RevokedMeanwhile { get; } = new(
        RefusalReason.TemporarilyUnavailable, "All access was revoked while this was being answered, and nothing was issued. Try again.", TimeSpan.FromSeconds(1));

    /// <summary>
    /// True when the refusal is worth an audit row: an identity was asserted and refused. Malformed and rate-limited requests are not; they
    /// would let anybody fill the audit trail.
    /// </summary>
    public bool IsAudited { get; init; }

    /// <summary>How the user would have to sign in, where that was not enough; otherwise null.</summary>
    public RequiredAuthentication? RequiredAuthentication { get; init; }

    /// <summary>Who was refused, when the assertion itself was verified; otherwise null, for an unverified name is nobody's.</summary>
    public AgentIdentity? Agent { get; init; }
}

/// <summary>Either what was asked for or a refusal.</summary>
internal readonly struct Outcome<T>
    where T : class
{
    private Outcome(T? value, Refusal? refusal)
    {
        Value = value;
        Refusal = refusal;
    }

    /// <summary>What was asked for; null when it was refused.</summary>
    public T? Value { get; }

    /// <summary>The refusal; null when there is none.</summary>
    public Refusal? Refusal { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);
}
