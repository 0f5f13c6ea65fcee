namespace AgentAuth.Protocol.OAuth;

/// <summary>The errors of the token and revocation endpoints (RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 8707 §2).</summary>
internal static class OAuthErrors
{
    /// <summary>The HTTP status and the <c>error</c> by which OAuth says why.</summary>
    /// <param name="reason">Why.</param>
    public static (int Status, string Code) Of(RefusalReason reason) => reason switch
    {
        RefusalReason.BodyTooLarge => (413, "invalid_request"),
        RefusalReason.UnsupportedMediaType => (415, "invalid_request"),
        RefusalReason.MethodNotAllowed => (405, "invalid_request"),
        RefusalReason.InvalidScope => (400, "invalid_scope"),
        RefusalReason.InvalidTarget => (400, "invalid_target"),
        RefusalReason.UnsupportedGrantType or RefusalReason.IdentityAssertionNotEnabled or RefusalReason.UnsupportedCredentialType => (400, "unsupported_grant_type"),
        RefusalReason.ClientAuthenticationFailed => (401, "invalid_client"),
        RefusalReason.TokenOfAnotherClient => (400, "unauthorized_client"),
        RefusalReason.InteractionRequired => (400, "interaction_required"),
        RefusalReason.InsufficientUserAuthentication => (400, "insufficient_user_authentication"),
        RefusalReason.RateLimited => (429, "rate_limit_exceeded"),
        RefusalReason.TemporarilyUnavailable => (503, "temporarily_unavailable"),
        RefusalReason.MalformedAssertion or RefusalReason.InvalidIssuer or RefusalReason.InvalidSignature or RefusalReason.AssertionExpired
            or RefusalReason.InvalidAudience or RefusalReason.InvalidClient or RefusalReason.ReplayDetected or RefusalReason.MissingVerifiedEmail
            or RefusalReason.RegistrationRejected => (400, "invalid_grant"),
        _ => (400, "invalid_request"),
    };
}
