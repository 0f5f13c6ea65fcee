using System.Net;
using System.Text.Json.Nodes;

namespace AgentAuth.Testing;

/// <summary>A service's answer to an agent: a value, or an error.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <param name="Status">The HTTP status.</param>
/// <param name="Value">The value; null for an error.</param>
/// <param name="Error">The error; null for a value.</param>
/// <param name="Body">The whole answer, for what has no property of its own.</param>
public sealed record AgentAnswer<T>(HttpStatusCode Status, T? Value, AgentError? Error, JsonObject Body)
    where T : class
{
    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">The service answered with an error, which the message names.</exception>
    public T Required => Value ?? throw new InvalidOperationException($"The service answered {(int)Status} {Error?.Code}: {Error?.Message}");
}

/// <summary>The protocol's error body.</summary>
/// <param name="Code"><c>error</c></param>
/// <param name="Message"><c>message</c></param>
/// <param name="RetryAfter">The header of that name, in seconds; null without one.</param>
/// <param name="Pending">The registration that waits for the address's owner, when <paramref name="Code"/> is <c>interaction_required</c>.</param>
public sealed record AgentError(string Code, string Message, TimeSpan? RetryAfter, RegisteredAgent? Pending);

/// <summary>An answer of the register endpoint. Which members are there depends on the method; see the protocol.</summary>
public sealed record RegisteredAgent
{
    /// <summary><c>registration_id</c></summary>
    public required string RegistrationId { get; init; }

    /// <summary><c>registration_type</c></summary>
    public string? RegistrationType { get; init; }

    /// <summary><c>credential_type</c></summary>
    public string? CredentialType { get; init; }

    /// <summary><c>credential</c>: a secret.</summary>
    public string? Credential { get; init; }

    /// <summary><c>credential_expires</c></summary>
    public DateTimeOffset? CredentialExpires { get; init; }

    /// <summary><c>scopes</c></summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary><c>claim_url</c></summary>
    public Uri? ClaimUrl { get; init; }

    /// <summary><c>claim_token</c>: a secret.</summary>
    public string? ClaimToken { get; init; }

    /// <summary><c>claim_token_expires</c></summary>
    public DateTimeOffset? ClaimTokenExpires { get; init; }

    /// <summary><c>post_claim_scopes</c></summary>
    public IReadOnlyList<string> PostClaimScopes { get; init; } = [];
}

/// <summary>An answer of the claim endpoint.</summary>
/// <param name="RegistrationId"><c>registration_id</c></param>
/// <param name="ClaimAttemptId"><c>claim_attempt_id</c></param>
/// <param name="Status"><c>status</c></param>
/// <param name="ExpiresAt"><c>expires_at</c></param>
public sealed record ClaimAttempt(string RegistrationId, string ClaimAttemptId, string Status, DateTimeOffset? ExpiresAt);

/// <summary>An answer of the complete endpoint.</summary>
public sealed record CompletedClaim
{
    /// <summary><c>registration_id</c></summary>
    public required string RegistrationId { get; init; }

    /// <summary><c>status</c></summary>
    public required string Status { get; init; }

    /// <summary><c>credential_type</c>; null when the credential that the agent has goes on.</summary>
    public string? CredentialType { get; init; }

    /// <summary><c>credential</c>: a secret; null when the credential that the agent has goes on.</summary>
    public string? Credential { get; init; }

    /// <summary><c>credential_expires</c></summary>
    public DateTimeOffset? CredentialExpires { get; init; }

    /// <summary><c>scopes</c></summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];
}
