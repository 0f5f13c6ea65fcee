using AgentAuth.Discovery;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Trust;

namespace AgentAuth.Access;

/// <summary>The refusals of the service's own endpoints.</summary>
internal static class AccessRefusals
{
    /// <summary>The credential is good, and the service says no for a reason of its own.</summary>
    public static Refusal RefusedByService { get; } = new(
        RefusalReason.InsufficientScope,
        "The credential holds every scope that is needed here; the service refuses the request for a reason of its own, and no scope would change that.");

    public static Refusal CredentialNeeded(ServiceUrls urls) =>
        new(RefusalReason.CredentialNeeded, $"An agent credential is needed. {urls.AuthMd} says how to register for one.");

    public static Refusal InvalidToken(ServiceUrls urls) =>
        new(RefusalReason.InvalidToken, $"The credential is unknown, expired or revoked. Drop it and register again as {urls.AuthMd} says.");

    /// <summary>A credential that was not looked at, for it stands where none is read.</summary>
    public static Refusal CredentialMisplaced(string place) => new(RefusalReason.CredentialNeeded, Misplaced(place));

    /// <summary>A credential that was refused for how it was sent.</summary>
    public static Refusal CredentialMisread(string place) => new(RefusalReason.InvalidToken, Misplaced(place));

    /// <summary>The sign-in behind the credential is not enough for the endpoint.</summary>
    public static Refusal StepUpNeeded(RequiredAuthentication required) => new(
        RefusalReason.StepUpNeeded,
        $"The sign-in behind the credential is not enough here. Have the user sign in again at the provider, then register with an ID-JAG that has {required}. The credential is good elsewhere.")
    {
        RequiredAuthentication = required,
    };

    /// <summary>The credential lacks a scope, or the endpoint asks for none and is closed to agents.</summary>
    /// <param name="scopes">Those that are needed; empty when no scope would help.</param>
    public static Refusal InsufficientScope(IReadOnlyCollection<string> scopes) => new(RefusalReason.InsufficientScope, scopes.Count == 0
        ? "This endpoint is not open to agents, whatever scopes they hold."
        : $"The credential lacks a scope: {string.Join(", ", scopes)} is needed here. An unclaimed registration gains scopes when its user claims it.");

    private static string Misplaced(string place) =>
        $"There is an agent credential {place}. It was not looked at and may be good: keep it, and send it as 'Authorization: Bearer <credential>', once, alone, and nowhere else.";
}
