using System.Collections.Immutable;
using AgentAuth.Manifest;

namespace AgentAuth.Storage;

/// <summary>What tokens are told apart by in the replay memory.</summary>
internal enum AssertionKind
{
    /// <summary>ID-JAG.</summary>
    IdentityAssertion,

    /// <summary>Logout token.</summary>
    LogoutToken,

    /// <summary>A client's assertion about itself (RFC 7523 §2.2).</summary>
    ClientAssertion,
}

/// <summary>A token that may be used once.</summary>
/// <param name="Kind">Its kind: a jti is unique per kind and issuer only.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="JwtId">Its <c>jti</c>.</param>
/// <param name="RememberUntil">When it can be forgotten: its expiry plus the clock skew.</param>
internal sealed record ReplayKey(AssertionKind Kind, string Issuer, string JwtId, DateTimeOffset RememberUntil);

/// <summary>What <see cref="IAgentAuthStore.RegisterAsync"/> creates.</summary>
internal sealed record NewRegistration
{
    /// <summary><c>reg_…</c></summary>
    public required string Id { get; init; }

    /// <summary>How it came about.</summary>
    public required AgentRegistrationType Type { get; init; }

    /// <summary>When it is created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The account it belongs to from the start; null: <see cref="Account"/> says which, or it waits to be claimed.</summary>
    public string? AccountId { get; init; }

    /// <summary>A built-in account that it belongs to from the start, which is found or made with it; null where <see cref="AccountId"/> is set.</summary>
    public NewAccount? Account { get; init; }

    /// <summary>When it dies unclaimed; null when it belongs to an account.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Hash of the claim token; null when it belongs to an account.</summary>
    public SecretHash? ClaimToken { get; init; }

    /// <summary>The credential type a claim will issue; for an anonymous registration <see cref="CredentialType.ApiKey"/>.</summary>
    public required CredentialType RequestedCredential { get; init; }

    /// <summary>The scopes it will have once claimed (or has, when it belongs to an account): narrowed ones stay narrowed.</summary>
    public required ImmutableArray<string> GrantedScopes { get; init; }

    /// <summary>The address an email registration, or an ID-JAG that waits for its owner, is for; null for an anonymous one.</summary>
    public string? Email { get; init; }

    /// <summary>Remote address of the request, for the person who is asked to confirm; null when unknown.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Who acts, for an ID-JAG.</summary>
    public AgentIdentity? Agent { get; init; }

    /// <summary>How the user behind it signed in, when it comes of an ID-JAG; otherwise null.</summary>
    public AgentUserAuthentication? Authentication { get; init; }

    /// <summary>The credential issued at once; null when none is.</summary>
    public NewCredential? Credential { get; init; }

    /// <summary>The claim attempt started at once; null when none is.</summary>
    public NewClaimAttempt? Attempt { get; init; }

    /// <summary>The assertion that this registration uses up; null when there was none.</summary>
    public ReplayKey? Replay { get; init; }

    /// <summary>True when the account comes of an earlier delegation, which must still be there.</summary>
    public bool RestsOnDelegation { get; init; }

    /// <summary>The account that the identity was bound to, and that is gone: that delegation may be replaced. Null: none may.</summary>
    public string? ReplacedAccountId { get; init; }

    /// <summary>When the request was received: a revocation after this instant that fits it refuses it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The assertion's <c>iat</c>; a logout token of a later second refuses it, as does an operator's later revocation. Null when there was none.</summary>
    public DateTimeOffset? AssertionIssuedAt { get; init; }

    /// <summary>Written with it, with the account filled in.</summary>
    public required ImmutableArray<AgentAuditEvent> Audit { get; init; }
}

/// <summary>How a registration ended.</summary>
internal enum RegisterOutcome
{
    /// <summary>All of it is durable. When an account and an agent identity were given, the delegation is bound now.</summary>
    Created,

    /// <summary>The assertion had been used before; nothing was written.</summary>
    Replayed,

    /// <summary>The assertion expired before its turn came; nothing was written.</summary>
    Expired,

    /// <summary>A revocation that fits came after the request or its assertion did; nothing was written.</summary>
    Revoked,

    /// <summary>The delegation has been bound to another account meanwhile, or has ended; nothing was written. Resolve the account again.</summary>
    BoundElsewhere,
}

/// <summary>A credential to issue.</summary>
/// <param name="Id"><c>cred_…</c>: names it in logs and audit rows.</param>
/// <param name="Hash">Hash of the secret.</param>
/// <param name="Type">Its type.</param>
/// <param name="Scopes">Its scopes.</param>
/// <param name="ExpiresAt">When it dies by itself; null: it does not.</param>
internal sealed record NewCredential(
    string Id, SecretHash Hash, CredentialType Type, ImmutableArray<string> Scopes, DateTimeOffset? ExpiresAt);

/// <summary>A further credential for a registration that is there.</summary>
internal sealed record FurtherCredential
{
    /// <summary>The registration.</summary>
    public required string RegistrationId { get; init; }

    /// <summary><c>cred_…</c>: names it in logs and audit rows.</summary>
    public required string Id { get; init; }

    /// <summary>Hash of the secret.</summary>
    public required SecretHash Hash { get; init; }

    /// <summary>Its type.</summary>
    public required CredentialType Type { get; init; }

    /// <summary>When it dies by itself; null: it does not. While nobody has claimed the registration it dies with that.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What it can do while nobody has claimed the registration; empty: it gets none then. Afterwards that is what the registration was granted.</summary>
    public required ImmutableArray<string> UnclaimedScopes { get; init; }

    /// <summary>The most that it is to be able to do; null: all that the registration can.</summary>
    public ImmutableArray<string>? AskedScopes { get; init; }

    /// <summary>The token that this uses up; null when there was none.</summary>
    public ReplayKey? Replay { get; init; }

    /// <summary>When the request was received.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Written with it, with the registration's id, type, account and agent filled in.</summary>
    public required AgentAuditEvent Audit { get; init; }
}

/// <summary>How the issue of a further credential ended.</summary>
internal enum IssueOutcome
{
    /// <summary>It is issued.</summary>
    Issued,

    /// <summary>No such registration.</summary>
    UnknownRegistration,

    /// <summary>Nobody has claimed the registration, and it gets no credential before.</summary>
    Unclaimed,

    /// <summary>The registration expired unclaimed.</summary>
    RegistrationExpired,

    /// <summary>The registration was revoked, or a revocation that fits it came after it was created.</summary>
    Revoked,

    /// <summary>The registration has none of the scopes that were asked for.</summary>
    NoScope,

    /// <summary>The token had been used before.</summary>
    Replayed,

    /// <summary>The token expired before its turn came.</summary>
    TokenExpired,
}

/// <summary>A further credential that was issued or refused.</summary>
/// <param name="Outcome">Whether; when it was refused, nothing was written.</param>
/// <param name="Scopes">Its scopes; empty when it was refused.</param>
internal readonly record struct FurtherIssued(IssueOutcome Outcome, ImmutableArray<string> Scopes);

/// <summary>Whether a credential is good.</summary>
internal enum CredentialState
{
    /// <summary>It is.</summary>
    Live,

    /// <summary>It, or its unclaimed registration, has expired.</summary>
    Expired,

    /// <summary>It was revoked.</summary>
    Revoked,
}

/// <summary>A credential with what a request needs to know of its registration. Immutable, so that it can be cached and shared.</summary>
internal sealed record CredentialRecord
{
    /// <summary><c>cred_…</c></summary>
    public required string Id { get; init; }

    /// <summary>Its type.</summary>
    public required CredentialType Type { get; init; }

    /// <summary>Its scopes.</summary>
    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>The earliest of its own expiry and, while that is unclaimed, its registration's; null: it does not expire.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True when it, or its registration, was revoked.</summary>
    public required bool IsRevoked { get; init; }

    /// <summary><c>reg_…</c></summary>
    public required string RegistrationId { get; init; }

    /// <summary>How the registration came about.</summary>
    public required AgentRegistrationType RegistrationType { get; init; }

    /// <summary>The account; null while nobody has claimed the registration.</summary>
    public required string? AccountId { get; init; }

    /// <summary>Who acts, for an ID-JAG.</summary>
    public AgentIdentity? Agent { get; init; }

    /// <summary>How the user behind it signed in, for an ID-JAG.</summary>
    public AgentUserAuthentication? Authentication { get; init; }

    /// <summary>Whether it is good at an instant.</summary>
    /// <param name="now">The instant.</param>
    public CredentialState StateAt(DateTimeOffset now) =>
        IsRevoked ? CredentialState.Revoked : ExpiresAt <= now ? CredentialState.Expired : CredentialState.Live;
}

/// <summary>A revocation on a provider's word.</summary>
internal sealed record ProviderRevocation
{
    /// <summary>Whose.</summary>
    public required AgentDelegationKey Delegation { get; init; }

    /// <summary>The logout token, which is used up.</summary>
    public required ReplayKey Replay { get; init; }

    /// <summary>The logout token's <c>iat</c>.</summary>
    public required DateTimeOffset TokenIssuedAt { get; init; }

    /// <summary>Now.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>
    /// Written once for each registration that is revoked, with its id, type, account and agent filled in, though with the logout token's
    /// <c>jti</c>; once without, when there is none.
    /// </summary>
    public required AgentAuditEvent Audit { get; init; }
}

/// <summary>Whether a token may be used, which it may once and until it expires.</summary>
internal enum TokenUse
{
    /// <summary>It was used for the first time.</summary>
    First,

    /// <summary>It had been used before.</summary>
    Replayed,

    /// <summary>It expired before its turn came: at <see cref="ReplayKey.RememberUntil"/>, after which nobody knows whether it was used.</summary>
    Expired,
}

/// <summary>What a revocation did.</summary>
/// <param name="Token">Whether the logout token could be used; when not, nothing was revoked.</param>
/// <param name="Credentials">How many live credentials died.</param>
internal readonly record struct RevokeOutcome(TokenUse Token, int Credentials);

/// <summary>A revocation on an operator's word.</summary>
internal sealed record AccessRevocation
{
    /// <summary>Whose.</summary>
    public required AgentAccessTarget Target { get; init; }

    /// <summary>Now.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>
    /// Written once for each registration that is revoked, with its id, type, account and agent filled in. When there is none, once with what
    /// the scope names; not at all when that is a registration, for then nothing has changed.
    /// </summary>
    public required AgentAuditEvent Audit { get; init; }
}

/// <summary>A built-in account to find or create.</summary>
/// <param name="Id">The id it gets when it is created: <c>acc_…</c></param>
/// <param name="Email">Normalised address; null when only a phone number was verified.</param>
/// <param name="EmailConfirmed">True when the address's owner confirmed it, or a provider trusted with addresses vouches for it, and addresses may
/// lead to accounts. Only such an account is found, or found again, by its address; otherwise the address is kept as information, and
/// <paramref name="Delegation"/> is the key, or <paramref name="Id"/> where there is none.</param>
/// <param name="Delegation">The pair the account is made for; null for a claim of a registration without one.</param>
/// <param name="CreatedAt">Now.</param>
internal sealed record NewAccount(string Id, string? Email, bool EmailConfirmed, AgentDelegationKey? Delegation, DateTimeOffset CreatedAt);

/// <summary>An account that an address leads to.</summary>
/// <param name="AccountId">The account; null when the address is known here but nobody has confirmed it.</param>
internal sealed record AccountMatch(string? AccountId);
