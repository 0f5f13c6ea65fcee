namespace AgentAuth.Protocol;

/// <summary>
/// Every reason for which the service says no: a closed set. Each generation of the protocol gives a reason its status and its name; the features
/// of the service know reasons only.
/// </summary>
internal enum RefusalReason
{
    /// <summary>The request is not of the form that the endpoint takes, or a token is not.</summary>
    InvalidRequest,

    /// <summary>The assertion or logout token is none: its form, <c>typ</c>, a claim that is missing or of the wrong kind.</summary>
    MalformedAssertion,

    /// <summary>No scope is left of those that were asked for.</summary>
    InvalidScope,

    /// <summary>The token endpoint does not know the grant type.</summary>
    UnsupportedGrantType,

    /// <summary>A registered client did not prove who it is, or somebody else claims to be it.</summary>
    ClientAuthenticationFailed,

    /// <summary>The token was issued to another client.</summary>
    TokenOfAnotherClient,

    /// <summary>The owner of an existing account must confirm first.</summary>
    InteractionRequired,

    /// <summary>The body is longer than any good one.</summary>
    BodyTooLarge,

    /// <summary>The body is of a media type that the endpoint does not take.</summary>
    UnsupportedMediaType,

    /// <summary>The endpoint does not take this HTTP method.</summary>
    MethodNotAllowed,

    /// <summary>The service has no anonymous registration.</summary>
    AnonymousNotEnabled,

    /// <summary>The service has no registration by email.</summary>
    VerifiedEmailNotEnabled,

    /// <summary>The service takes no ID-JAGs.</summary>
    IdentityAssertionNotEnabled,

    /// <summary>The method does not issue the type of credential that was asked for.</summary>
    UnsupportedCredentialType,

    /// <summary>The token's issuer is not on the trust list. It is decided before anything is fetched.</summary>
    InvalidIssuer,

    /// <summary>There is no key, it is the wrong one, its algorithm is not allowed, or the signature is bad.</summary>
    InvalidSignature,

    /// <summary>The token is past its end, too old, or not valid yet.</summary>
    AssertionExpired,

    /// <summary>The token is for another service.</summary>
    InvalidAudience,

    /// <summary>The token is for this service, and names another resource (RFC 8707).</summary>
    InvalidTarget,

    /// <summary>The client is neither the issuer, nor one that the operator names, nor one whose metadata document vouches for the keys.</summary>
    InvalidClient,

    /// <summary>The token was used before.</summary>
    ReplayDetected,

    /// <summary>The token names neither a verified email nor a verified phone number.</summary>
    MissingVerifiedEmail,

    /// <summary>The user's sign-in is not enough for the provider's entry in the trust list (RFC 9470).</summary>
    InsufficientUserAuthentication,

    /// <summary>No account may have this agent.</summary>
    RegistrationRejected,

    /// <summary>There were too many requests of this kind.</summary>
    RateLimited,

    /// <summary>Something that the answer needs cannot be reached; nothing is known and nothing was changed.</summary>
    TemporarilyUnavailable,

    /// <summary>The claim token is unknown.</summary>
    InvalidClaimToken,

    /// <summary>The registration is claimed, or somebody has just started a claim of it.</summary>
    ClaimedOrInFlight,

    /// <summary>The registration, or the link, has run out.</summary>
    ClaimExpired,

    /// <summary>The registration was refused or revoked.</summary>
    ClaimEnded,

    /// <summary>No code has been shown yet.</summary>
    OtpNotGenerated,

    /// <summary>The code is wrong.</summary>
    OtpInvalid,

    /// <summary>The code is too old, or was guessed at too often.</summary>
    OtpExpired,

    /// <summary>The claim was completed before.</summary>
    PreviouslyClaimed,

    /// <summary>A newer mail has replaced the one with this link.</summary>
    ClaimSuperseded,

    /// <summary>No mail has this link.</summary>
    UnknownLink,

    /// <summary>The claim is complete.</summary>
    ClaimCompleted,

    /// <summary>No credential was presented where one is needed.</summary>
    CredentialNeeded,

    /// <summary>The credential is unknown, expired or revoked, or was not sent as one is sent.</summary>
    InvalidToken,

    /// <summary>The credential is good and lacks a scope, or the endpoint is not open to agents.</summary>
    InsufficientScope,

    /// <summary>The credential and its scopes are good, and the sign-in behind it is not enough for the endpoint (RFC 9470).</summary>
    StepUpNeeded,
}
