using AgentAuth.Assertions;
using AgentAuth.Refusals;
using AgentAuth.Trust;

namespace AgentAuth.Registrations;

/// <summary>Carries the verifier's typed refusals over into the service's.</summary>
internal static class AssertionRefusals
{
    private static readonly TimeSpan s_keysRetry = TimeSpan.FromSeconds(30);

    public static Refusal Of(AssertionRefusal refusal) => refusal.Failure switch
    {
        AssertionFailure.Malformed => new Refusal(RefusalReason.InvalidRequest, refusal.Message),
        AssertionFailure.UntrustedIssuer => new Refusal(RefusalReason.InvalidIssuer, refusal.Message),
        AssertionFailure.InvalidSignature => new Refusal(RefusalReason.InvalidSignature, refusal.Message),
        AssertionFailure.Expired => new Refusal(RefusalReason.AssertionExpired, refusal.Message),
        AssertionFailure.InvalidAudience => new Refusal(RefusalReason.InvalidAudience, refusal.Message),
        AssertionFailure.InvalidTarget => new Refusal(RefusalReason.InvalidTarget, refusal.Message),
        AssertionFailure.InvalidClient => new Refusal(RefusalReason.InvalidClient, refusal.Message),
        AssertionFailure.MissingVerifiedEmail => new Refusal(RefusalReason.MissingVerifiedEmail, refusal.Message),
        AssertionFailure.InsufficientUserAuthentication =>
            new Refusal(RefusalReason.InsufficientUserAuthentication, refusal.Message) { RequiredAuthentication = refusal.RequiredAuthentication },
        AssertionFailure.Unavailable => new Refusal(RefusalReason.TemporarilyUnavailable, refusal.Message, s_keysRetry),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Failure, "A failure without a refusal."),
    };
}
