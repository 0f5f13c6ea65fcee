namespace AgentAuth.Protocol.V01;

/// <summary>Where an error can be met.</summary>
[Flags]
internal enum ErrorPlaces
{
    /// <summary>Nowhere that an agent calls.</summary>
    None = 0,

    /// <summary>Any registration.</summary>
    Register = 1,

    /// <summary>A registration with an ID-JAG.</summary>
    Assertion = 2,

    /// <summary>The start of a claim.</summary>
    Claim = 4,

    /// <summary>The completion of a claim.</summary>
    Complete = 8,

    /// <summary>Revocation by a provider.</summary>
    Revoke = 16,

    /// <summary>The service's own endpoints.</summary>
    Use = 32,

    /// <summary>A registration by a method that this service does not have.</summary>
    MethodOff = 64,

    /// <summary>The person's page.</summary>
    Page = 128,
}

/// <summary>An error of protocol v0.1.</summary>
/// <param name="code">The <c>error</c> member.</param>
/// <param name="status">The HTTP status.</param>
/// <param name="places">Where it can be met.</param>
/// <param name="advice">What an agent does about it.</param>
internal sealed class ProtocolError(string code, int status, ErrorPlaces places, string advice)
{
    /// <summary>The <c>error</c> member.</summary>
    public string Code { get; } = code;

    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Where it can be met.</summary>
    public ErrorPlaces Places { get; } = places;

    /// <summary>What an agent does about it.</summary>
    public string Advice { get; } = advice;
}

/// <summary>
/// The closed set of errors of protocol v0.1. The runtime answers with these, and the published auth.md explains them, so that nothing is advertised
/// that is not answered, nor the reverse.
/// </summary>
internal static class ProtocolErrors
{
    public static readonly ProtocolError InvalidRequest = new("invalid_request", 400, ErrorPlaces.Register | ErrorPlaces.Claim | ErrorPlaces.Complete | ErrorPlaces.Revoke, "The request is not what this document shows. Correct it; the message says what is wrong.");

    public static readonly ProtocolError AnonymousNotEnabled = new("anonymous_not_enabled", 400, ErrorPlaces.MethodOff, "Pick another method.");

    public static readonly ProtocolError VerifiedEmailNotEnabled = new("verified_email_not_enabled", 400, ErrorPlaces.MethodOff, "Pick another method.");

    public static readonly ProtocolError IdentityAssertionNotEnabled = new("identity_assertion_not_enabled", 400, ErrorPlaces.MethodOff, "Pick another method.");

    public static readonly ProtocolError UnsupportedCredentialType = new("unsupported_credential_type", 400, ErrorPlaces.Register, "Ask for a credential type that the method offers, or for none.");

    public static readonly ProtocolError InvalidIssuer = new("invalid_issuer", 400, ErrorPlaces.Assertion | ErrorPlaces.Revoke, "Your provider is not trusted here. Pick another method.");

    public static readonly ProtocolError InvalidSignature = new("invalid_signature", 400, ErrorPlaces.Assertion | ErrorPlaces.Revoke, "The signature could not be verified with the provider's published keys. Get a new assertion; if it fails again, tell the provider.");

    public static readonly ProtocolError Expired = new("expired", 400, ErrorPlaces.Assertion | ErrorPlaces.Revoke, "The assertion is too old, or not valid yet. Get a new one.");

    public static readonly ProtocolError InvalidAudience = new("invalid_audience", 400, ErrorPlaces.Assertion | ErrorPlaces.Revoke, "The assertion is for somebody else. Get one whose `aud` is this service.");

    public static readonly ProtocolError InvalidTarget = new("invalid_target", 400, ErrorPlaces.Assertion, "The assertion's `aud` is right, but its `resource` names another resource. Get one whose `resource` is this service's, or that has none.");

    public static readonly ProtocolError InvalidClient = new("invalid_client_id", 400, ErrorPlaces.Assertion, "`client_id` is neither the issuer, nor a client that is accepted here, nor the URL of a client document that names itself. Get a new assertion.");

    public static readonly ProtocolError ReplayDetected = new("replay_detected", 400, ErrorPlaces.Assertion | ErrorPlaces.Revoke, "This assertion was used before. Get a new one.");

    public static readonly ProtocolError MissingVerifiedEmail = new("missing_verified_email", 400, ErrorPlaces.Assertion, "The assertion names no verified email or phone number. The user verifies it with the provider first.");

    public static readonly ProtocolError InsufficientUserAuthentication = new("insufficient_user_authentication", 400, ErrorPlaces.Assertion, "The user must sign in to the provider again: more recently (`max_age`, in seconds), with one of `acr_values`, or with the methods that the message names.");

    public static readonly ProtocolError InteractionRequired = new("interaction_required", 401, ErrorPlaces.Assertion, "The owner of an existing account has been mailed. Keep `claim_token` of this answer and complete the claim.");

    public static readonly ProtocolError RegistrationRejected = new("registration_rejected", 403, ErrorPlaces.Assertion | ErrorPlaces.Complete, "There is no account for this agent: none matches and none is made, or the one that matches is disabled or has an unconfirmed address. The message says what the user can do.");

    public static readonly ProtocolError RateLimited = new("rate_limited", 429, ErrorPlaces.Register | ErrorPlaces.Claim | ErrorPlaces.Complete, "Wait as long as `Retry-After` says.");

    public static readonly ProtocolError TemporarilyUnavailable = new("temporarily_unavailable", 503, ErrorPlaces.Register | ErrorPlaces.Claim | ErrorPlaces.Complete | ErrorPlaces.Revoke, "Nothing was issued or changed. Wait as long as `Retry-After` says.");

    public static readonly ProtocolError InvalidClaimToken = new("invalid_claim_token", 401, ErrorPlaces.Claim | ErrorPlaces.Complete, "The claim token is not one of this service's. Register again.");

    public static readonly ProtocolError ClaimedOrInFlight = new("claimed_or_in_flight", 409, ErrorPlaces.Claim, "The registration is claimed already, or cannot be claimed by this address. Go on with the credential that you have, or register again.");

    public static readonly ProtocolError ClaimExpired = new("claim_expired", 410, ErrorPlaces.Claim | ErrorPlaces.Complete | ErrorPlaces.Page, "The registration has ended, and its credential with it. Register again.");

    public static readonly ProtocolError OtpNotGenerated = new("otp_not_generated", 400, ErrorPlaces.Complete, "The person has not opened the page in the mail yet. Ask them to.");

    public static readonly ProtocolError OtpInvalid = new("otp_invalid", 401, ErrorPlaces.Complete, "The code is wrong. Ask the person to read it again.");

    public static readonly ProtocolError OtpExpired = new("otp_expired", 410, ErrorPlaces.Complete, "The code is too old, or was guessed at too often. Start the claim again for a fresh mail.");

    public static readonly ProtocolError PreviouslyClaimed = new("previously_claimed", 409, ErrorPlaces.Complete, "Somebody completed this claim before. Go on with the credential that you have, or register again.");

    public static readonly ProtocolError ClaimSuperseded = new("claim_superseded", 410, ErrorPlaces.Page, "A newer mail was sent. Open that one.");

    public static readonly ProtocolError ClaimCompleted = new("claim_completed", 409, ErrorPlaces.Page, "The claim is complete.");

    public static readonly ProtocolError Unauthorized = new("unauthorized", 401, ErrorPlaces.Use, "Send a credential in the `Authorization` header.");

    public static readonly ProtocolError InvalidToken = new("invalid_token", 401, ErrorPlaces.Use, "The credential is unknown, expired or revoked. Drop it and register again.");

    public static readonly ProtocolError InsufficientScope = new("insufficient_scope", 403, ErrorPlaces.Use, "The credential lacks the scopes that the `WWW-Authenticate` header names, or the endpoint is not open to agents.");

    // Ways in which a request is not what the document shows, each with its HTTP status, and one that is met with another status elsewhere.
    private static readonly ProtocolError s_bodyTooLarge = new(InvalidRequest.Code, 413, ErrorPlaces.None, InvalidRequest.Advice);
    private static readonly ProtocolError s_unsupportedMediaType = new(InvalidRequest.Code, 415, ErrorPlaces.None, InvalidRequest.Advice);
    private static readonly ProtocolError s_methodNotAllowed = new(InvalidRequest.Code, 405, ErrorPlaces.None, InvalidRequest.Advice);
    private static readonly ProtocolError s_stepUpNeeded = new(InsufficientUserAuthentication.Code, 401, ErrorPlaces.None, InsufficientUserAuthentication.Advice);

    /// <summary>All of them, in the order in which an agent may meet them.</summary>
    public static readonly IReadOnlyList<ProtocolError> All =
    [
        InvalidRequest, AnonymousNotEnabled, VerifiedEmailNotEnabled, IdentityAssertionNotEnabled, UnsupportedCredentialType, InvalidIssuer, InvalidSignature, Expired,
        InvalidAudience, InvalidTarget, InvalidClient, ReplayDetected, MissingVerifiedEmail, InsufficientUserAuthentication, InteractionRequired, RegistrationRejected,
        InvalidClaimToken, ClaimedOrInFlight, ClaimExpired, OtpNotGenerated, OtpInvalid, OtpExpired, PreviouslyClaimed, ClaimSuperseded, ClaimCompleted,
        RateLimited, TemporarilyUnavailable, Unauthorized, InvalidToken, InsufficientScope,
    ];

    /// <summary>The error by which protocol v0.1 says why.</summary>
    /// <param name="reason">Why.</param>
    public static ProtocolError Of(RefusalReason reason) => reason switch
    {
        RefusalReason.InvalidRequest or RefusalReason.MalformedAssertion or RefusalReason.InvalidScope or RefusalReason.UnsupportedGrantType
            or RefusalReason.TokenOfAnotherClient => InvalidRequest,
        RefusalReason.ClientAuthenticationFailed => InvalidClient,
        RefusalReason.InteractionRequired => InteractionRequired,
        RefusalReason.BodyTooLarge => s_bodyTooLarge,
        RefusalReason.UnsupportedMediaType => s_unsupportedMediaType,
        RefusalReason.MethodNotAllowed => s_methodNotAllowed,
        RefusalReason.AnonymousNotEnabled => AnonymousNotEnabled,
        RefusalReason.VerifiedEmailNotEnabled => VerifiedEmailNotEnabled,
        RefusalReason.IdentityAssertionNotEnabled => IdentityAssertionNotEnabled,
        RefusalReason.UnsupportedCredentialType => UnsupportedCredentialType,
        RefusalReason.InvalidIssuer => InvalidIssuer,
        RefusalReason.InvalidSignature => InvalidSignature,
        RefusalReason.AssertionExpired => Expired,
        RefusalReason.InvalidAudience => InvalidAudience,
        RefusalReason.InvalidTarget => InvalidTarget,
        RefusalReason.InvalidClient => InvalidClient,
        RefusalReason.ReplayDetected => ReplayDetected,
        RefusalReason.MissingVerifiedEmail => MissingVerifiedEmail,
        RefusalReason.InsufficientUserAuthentication => InsufficientUserAuthentication,
        RefusalReason.RegistrationRejected => RegistrationRejected,
        RefusalReason.RateLimited => RateLimited,
        RefusalReason.TemporarilyUnavailable => TemporarilyUnavailable,
        RefusalReason.InvalidClaimToken => InvalidClaimToken,
        RefusalReason.ClaimedOrInFlight => ClaimedOrInFlight,
        RefusalReason.ClaimExpired or RefusalReason.ClaimEnded => ClaimExpired,
        RefusalReason.OtpNotGenerated => OtpNotGenerated,
        RefusalReason.OtpInvalid => OtpInvalid,
        RefusalReason.OtpExpired => OtpExpired,
        RefusalReason.PreviouslyClaimed => PreviouslyClaimed,
        RefusalReason.ClaimSuperseded or RefusalReason.UnknownLink => ClaimSuperseded,
        RefusalReason.ClaimCompleted => ClaimCompleted,
        RefusalReason.CredentialNeeded => Unauthorized,
        RefusalReason.InvalidToken => InvalidToken,
        RefusalReason.InsufficientScope => InsufficientScope,
        RefusalReason.StepUpNeeded => s_stepUpNeeded,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A reason without an error."),
    };
}
