using System.Globalization;
using AgentAuth.Assertions;
using AgentAuth.AuthMd.Published;
using AgentAuth.Discovery;
using AgentAuth.Refusals;
using AgentAuth.Registrations;
using AgentAuth.Telemetry;
using AgentAuth.Trust;
using AgentAuth.Wire.V01;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.Http;

/// <summary>An error as it goes over the wire.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The <c>error</c> member.</param>
/// <param name="Message">The sentence: <c>message</c> for v0.1 agents, <c>error_description</c> for OAuth clients.</param>
/// <param name="RetryAfter">For the header of that name.</param>
internal sealed record WireError(int Status, string Code, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>What would have been enough: the members <c>max_age</c> and <c>acr_values</c> (RFC 9470 §3) beside those of every error.</summary>
    public RequiredAuthentication? RequiredAuthentication { get; init; }

    public Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        ProtocolOperation.Failed(response.HttpContext, Code);
        WriteRetryAfter(response);
        return WireJson.WriteAsync(response, json =>
        {
            json.WriteString("error", Code);
            json.WriteString("message", Message);
            json.WriteString("error_description", Message);
            if (RequiredAuthentication?.MaxAgeSeconds is { } age)
            {
                json.WriteNumber("max_age", age);
            }

            if (RequiredAuthentication?.AcrValues is { } contexts)
            {
                json.WriteString("acr_values", contexts);
            }
        });
    }

    public void WriteRetryAfter(HttpResponse response)
    {
        if (RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(Math.Max(1, delay.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>Gives each refusal its error of <see cref="ProtocolErrors"/>.</summary>
internal static class WireErrors
{
    public static WireError TemporarilyUnavailable { get; } = Of(new Refusal(
        RefusalReason.TemporarilyUnavailable, "The service cannot reach its storage. Nothing was issued or changed; try again shortly.", TimeSpan.FromSeconds(5)));

    public static WireError Of(Refusal refusal)
    {
        var error = refusal.Reason switch
        {
            RefusalReason.InvalidRequest => ProtocolErrors.InvalidRequest,
            RefusalReason.AnonymousNotEnabled => ProtocolErrors.AnonymousNotEnabled,
            RefusalReason.VerifiedEmailNotEnabled => ProtocolErrors.VerifiedEmailNotEnabled,
            RefusalReason.IdentityAssertionNotEnabled => ProtocolErrors.IdentityAssertionNotEnabled,
            RefusalReason.UnsupportedCredentialType => ProtocolErrors.UnsupportedCredentialType,
            RefusalReason.InvalidIssuer => ProtocolErrors.InvalidIssuer,
            RefusalReason.InvalidSignature => ProtocolErrors.InvalidSignature,
            RefusalReason.AssertionExpired => ProtocolErrors.Expired,
            RefusalReason.InvalidAudience => ProtocolErrors.InvalidAudience,
            RefusalReason.InvalidTarget => ProtocolErrors.InvalidTarget,
            RefusalReason.InvalidClient => ProtocolErrors.InvalidClient,
            RefusalReason.ReplayDetected => ProtocolErrors.ReplayDetected,
            RefusalReason.MissingVerifiedEmail => ProtocolErrors.MissingVerifiedEmail,
            RefusalReason.InsufficientUserAuthentication => ProtocolErrors.InsufficientUserAuthentication,
            RefusalReason.RegistrationRejected => ProtocolErrors.RegistrationRejected,
            RefusalReason.RateLimited => ProtocolErrors.RateLimited,
            RefusalReason.TemporarilyUnavailable => ProtocolErrors.TemporarilyUnavailable,
            RefusalReason.InvalidClaimToken => ProtocolErrors.InvalidClaimToken,
            RefusalReason.ClaimedOrInFlight => ProtocolErrors.ClaimedOrInFlight,
            RefusalReason.ClaimExpired or RefusalReason.ClaimEnded => ProtocolErrors.ClaimExpired,
            RefusalReason.OtpNotGenerated => ProtocolErrors.OtpNotGenerated,
            RefusalReason.OtpInvalid => ProtocolErrors.OtpInvalid,
            RefusalReason.OtpExpired => ProtocolErrors.OtpExpired,
            RefusalReason.PreviouslyClaimed => ProtocolErrors.PreviouslyClaimed,
            RefusalReason.ClaimSuperseded or RefusalReason.UnknownLink => ProtocolErrors.ClaimSuperseded,
            RefusalReason.ClaimCompleted => ProtocolErrors.ClaimCompleted,
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Reason, "A refusal without a wire error."),
        };
        return Of(error, refusal.Message) with { RetryAfter = refusal.RetryAfter, RequiredAuthentication = refusal.RequiredAuthentication };
    }

    private static string Misplaced(string place) =>
        $"There is an agent credential {place}. It was not looked at and may be good: keep it, and send it as 'Authorization: Bearer <credential>', once, alone, and nowhere else.";

    private static WireError Of(ProtocolError error, string message) => new(error.Status, error.Code, message);

    public static WireError InvalidRequest(string message) => Of(new Refusal(RefusalReason.InvalidRequest, message));

    public static WireError BodyTooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, ProtocolErrors.InvalidRequest.Code, $"The body is larger than {limit / 1024} KiB. Send only the documented members.");

    public static WireError MethodNotAllowed(string allowed) =>
        new(StatusCodes.Status405MethodNotAllowed, ProtocolErrors.InvalidRequest.Code, $"This address takes {allowed} and no other method.");

    public static WireError UnsupportedMediaType(string expected) =>
        new(StatusCodes.Status415UnsupportedMediaType, ProtocolErrors.InvalidRequest.Code, $"Send the body as Content-Type: {expected}.");

    public static WireError CredentialNeeded(ServiceUrls urls) =>
        Of(ProtocolErrors.Unauthorized, $"An agent credential is needed. {urls.AuthMd} says how to register for one.");

    public static WireError InvalidToken(ServiceUrls urls) =>
        Of(ProtocolErrors.InvalidToken, $"The credential is unknown, expired or revoked. Drop it and register again as {urls.AuthMd} says.");

    /// <summary>A credential that was not looked at, for it stands where none is read.</summary>
    public static WireError CredentialMisplaced(string place) => Of(ProtocolErrors.Unauthorized, Misplaced(place));

    /// <summary>A credential that was refused for how it was sent.</summary>
    public static WireError CredentialMisread(string place) => Of(ProtocolErrors.InvalidToken, Misplaced(place));

    public static WireError RefusedByService { get; } =
        Of(ProtocolErrors.InsufficientScope, "The credential holds every scope that is needed here; the service refuses the request for a reason of its own, and no scope would change that.");

    public static WireError InsufficientUserAuthentication(RequiredAuthentication required) =>
        Of(
            ProtocolErrors.InsufficientUserAuthentication,
            $"The sign-in behind the credential is not enough here. Have the user sign in again at the provider, then register with an ID-JAG that has {required}. The credential is good elsewhere.")
        with
        {
            Status = StatusCodes.Status401Unauthorized,
            RequiredAuthentication = required,
        };

    public static WireError InsufficientScope(IReadOnlyCollection<string> scopes) =>
        Of(ProtocolErrors.InsufficientScope, scopes.Count == 0
            ? "This endpoint is not open to agents, whatever scopes they hold."
            : $"The credential lacks a scope: {string.Join(", ", scopes)} is needed here. An unclaimed registration gains scopes when its user claims it.");
}
