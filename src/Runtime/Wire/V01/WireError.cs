using System.Globalization;
using AgentAuth.Discovery;
using AgentAuth.Registrations;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.V01;

/// <summary>An error as it goes over the wire.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The <c>error</c> member.</param>
/// <param name="Message">The sentence: <c>message</c> for v0.1 agents, <c>error_description</c> for OAuth clients.</param>
/// <param name="RetryAfter">For the header of that name.</param>
internal sealed record WireError(int Status, string Code, string Message, TimeSpan? RetryAfter = null)
{
    public Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        if (RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(Math.Max(1, delay.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        }

        return WireJson.WriteAsync(response, json =>
        {
            json.WriteString("error", Code);
            json.WriteString("message", Message);
            json.WriteString("error_description", Message);
        });
    }
}

/// <summary>The closed set of errors of protocol v0.1.</summary>
internal static class WireErrors
{
    public static WireError TemporarilyUnavailable { get; } = Of(new Refusal(
        RefusalReason.TemporarilyUnavailable, "The service cannot reach its storage. Nothing was issued or changed; try again shortly.", TimeSpan.FromSeconds(5)));

    public static WireError Of(Refusal refusal)
    {
        var (status, code) = refusal.Reason switch
        {
            RefusalReason.InvalidRequest => (400, "invalid_request"),
            RefusalReason.AnonymousNotEnabled => (400, "anonymous_not_enabled"),
            RefusalReason.VerifiedEmailNotEnabled => (400, "verified_email_not_enabled"),
            RefusalReason.IdentityAssertionNotEnabled => (400, "identity_assertion_not_enabled"),
            RefusalReason.UnsupportedCredentialType => (400, "unsupported_credential_type"),
            RefusalReason.InvalidIssuer => (400, "invalid_issuer"),
            RefusalReason.InvalidSignature => (400, "invalid_signature"),
            RefusalReason.AssertionExpired => (400, "expired"),
            RefusalReason.InvalidAudience => (400, "invalid_audience"),
            RefusalReason.InvalidClient => (400, "invalid_client_id"),
            RefusalReason.ReplayDetected => (400, "replay_detected"),
            RefusalReason.MissingVerifiedEmail => (400, "missing_verified_email"),
            RefusalReason.InsufficientUserAuthentication => (400, "insufficient_user_authentication"),
            RefusalReason.RegistrationRejected => (403, "registration_rejected"),
            RefusalReason.RateLimited => (429, "rate_limited"),
            RefusalReason.TemporarilyUnavailable => (503, "temporarily_unavailable"),
            RefusalReason.InvalidClaimToken => (401, "invalid_claim_token"),
            RefusalReason.ClaimedOrInFlight => (409, "claimed_or_in_flight"),
            RefusalReason.ClaimExpired => (410, "claim_expired"),
            RefusalReason.OtpNotGenerated => (400, "otp_not_generated"),
            RefusalReason.OtpInvalid => (401, "otp_invalid"),
            RefusalReason.OtpExpired => (410, "otp_expired"),
            RefusalReason.PreviouslyClaimed => (409, "previously_claimed"),
            RefusalReason.ClaimSuperseded => (410, "claim_superseded"),
            RefusalReason.ClaimCompleted => (409, "claim_completed"),
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Reason, "A refusal without a wire error."),
        };
        return new WireError(status, code, refusal.Message, refusal.RetryAfter);
    }

    public static WireError InvalidRequest(string message) => Of(new Refusal(RefusalReason.InvalidRequest, message));

    public static WireError BodyTooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, "invalid_request", $"The body is larger than {limit / 1024} KiB. Send only the documented members.");

    public static WireError UnsupportedMediaType(string expected) =>
        new(StatusCodes.Status415UnsupportedMediaType, "invalid_request", $"Send the body as Content-Type: {expected}.");

    public static WireError CredentialNeeded(ServiceUrls urls) =>
        new(StatusCodes.Status401Unauthorized, "unauthorized", $"An agent credential is needed. {urls.AuthMd} says how to register for one.");

    public static WireError InvalidToken(ServiceUrls urls) =>
        new(StatusCodes.Status401Unauthorized, "invalid_token", $"The credential is unknown, expired or revoked. Drop it and register again as {urls.AuthMd} says.");

    public static WireError InsufficientScope(IReadOnlyCollection<string> scopes) =>
        new(StatusCodes.Status403Forbidden, "insufficient_scope", scopes.Count == 0
            ? "This endpoint is not open to agents, whatever scopes they hold."
            : $"The credential lacks a scope: {string.Join(", ", scopes)} is needed here. An unclaimed registration gains scopes when its user claims it.");
}
