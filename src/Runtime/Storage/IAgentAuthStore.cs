using System.Collections.Immutable;

namespace AgentAuth.Storage;

/// <summary>
/// Everything that must survive a restart. Each method is one atomic operation: it happens wholly or not at all, audit rows included,
/// and it alone decides a race; no caller checks first and writes afterwards. Expiry is decided here, whether or not a sweep has run, and a
/// change decides it against the instant that the caller passes or against that of the change, whichever is later: a request may have been
/// a long time on its way. Implementations throw <see cref="AgentAuthStorageException"/> when the engine cannot be reached or cannot make
/// the write durable, and nothing has been issued then.
/// </summary>
internal interface IAgentAuthStore
{
    /// <summary>Opens the store and brings its schema up to date. Called once, before the first request.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask InitializeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Finds a credential by its hash; null when there is none. A revoked or expired one is returned too, so that its use can be audited;
    /// see <see cref="CredentialRecord.StateAt"/>. After a revoking operation of this interface has returned, every later call sees it.
    /// </summary>
    /// <param name="hash">Hash of the presented credential.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<CredentialRecord?> FindCredentialAsync(SecretHash hash, CancellationToken cancellationToken);

    /// <summary>Uses a token up that does nothing else: the first time only.</summary>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<TokenUse> UseTokenAsync(ReplayKey token, CancellationToken cancellationToken);

    /// <summary>True when what an assertion asks for was revoked after it was made: <see cref="RegisterAsync"/> would refuse it.</summary>
    /// <param name="agent">Whose assertion.</param>
    /// <param name="receivedAt">When the request came.</param>
    /// <param name="issuedAt">When the assertion was made.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<bool> IsRevokedAsync(AgentIdentity agent, DateTimeOffset receivedAt, DateTimeOffset issuedAt, CancellationToken cancellationToken);

    /// <summary>Ends one credential; its registration and delegation stay.</summary>
    /// <param name="hash">Hash of the credential.</param>
    /// <param name="audit">Written with it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>False when there is none, or when it was ended before.</returns>
    ValueTask<bool> RevokeCredentialAsync(SecretHash hash, AgentAuditEvent audit, CancellationToken cancellationToken);

    /// <summary>The account that (issuer, subject) was bound to by an earlier registration; null when it was not, or was revoked since.</summary>
    /// <param name="delegation">Whose account.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<string?> FindDelegationAsync(AgentDelegationKey delegation, CancellationToken cancellationToken);

    /// <summary>Creates a registration with all that comes with it, and uses up the assertion it came from.</summary>
    /// <param name="registration">What to create.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<RegisterOutcome> RegisterAsync(NewRegistration registration, CancellationToken cancellationToken);

    /// <summary>
    /// Issues a further credential to a registration, with the scopes of what it is by then: waiting or claimed. Refused when it has expired or was
    /// revoked, and when a revocation that fits it came after it was created, whether or not that has got to it. So that revoking one registration
    /// of an identity ends this for the others of that identity that were created before.
    /// </summary>
    /// <param name="credential">What to issue, and to which registration.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<FurtherIssued> IssueCredentialAsync(FurtherCredential credential, CancellationToken cancellationToken);

    /// <summary>Reads a registration and its current claim attempt by its claim token; null when the token is unknown.</summary>
    /// <param name="claimToken">Hash of the claim token.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<ClaimView?> FindClaimAsync(SecretHash claimToken, CancellationToken cancellationToken);

    /// <summary>Reads a claim attempt, superseded or not, and its registration by the token in a mailed link; null when the token is unknown.</summary>
    /// <param name="attemptToken">Hash of the claim attempt token.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<ClaimView?> FindAttemptAsync(SecretHash attemptToken, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a new attempt the current one: every earlier link and code of the registration is dead from then on. Refused unless the
    /// registration is unclaimed, neither expired nor revoked, and has guesses and attempts left; and while the current attempt is for the same
    /// address with a live link and guesses and codes left, so that parallel requests make one mail.
    /// </summary>
    /// <param name="claimToken">Hash of the claim token.</param>
    /// <param name="attempt">The new attempt.</param>
    /// <param name="now">The instant that expiry is decided against.</param>
    /// <param name="limits">Guesses, codes and attempts allowed.</param>
    /// <param name="audit">Written with it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<StartAttemptOutcome> StartAttemptAsync(
        SecretHash claimToken,
        NewClaimAttempt attempt,
        DateTimeOffset now,
        GuessLimits limits,
        ImmutableArray<AgentAuditEvent> audit,
        CancellationToken cancellationToken);

    /// <summary>
    /// Gives the current attempt a fresh code, which replaces the one before and resets the guesses against the code, never those against
    /// the registration or the mailbox. Refused once it has shown all its codes.
    /// </summary>
    /// <param name="attemptToken">Hash of the claim attempt token.</param>
    /// <param name="code">The code's keyed hash and its expiry.</param>
    /// <param name="now">The instant that expiry is decided against.</param>
    /// <param name="limits">Codes allowed for one attempt.</param>
    /// <param name="audit">Written with it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<AttemptOutcome> SetCodeAsync(
        SecretHash attemptToken, OneTimeCode code, DateTimeOffset now, GuessLimits limits, AgentAuditEvent audit, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the links and codes of attempts whose mail could not be delivered: nobody holds them, and the next start makes a new one.
    /// </summary>
    /// <param name="attemptIds">The attempts.</param>
    /// <param name="now">Now.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask EndAttemptsAsync(IReadOnlyCollection<string> attemptIds, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Counts a guess before anybody compares it, so that parallel guesses cannot outrun the limits: against the code, the registration, and the
    /// mailbox that the code is for, whichever registration it is of. Returns what to compare with.
    /// </summary>
    /// <param name="claimToken">Hash of the claim token.</param>
    /// <param name="now">The instant that expiry is decided against.</param>
    /// <param name="limits">Guesses allowed for one code, for the registration's life and for the mailbox.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<GuessReservation> ReserveGuessAsync(
        SecretHash claimToken, DateTimeOffset now, GuessLimits limits, CancellationToken cancellationToken);

    /// <summary>
    /// Records that a reserved guess was wrong. When it was the last one the registration had, the registration and its credentials die.
    /// </summary>
    /// <param name="registrationId">The registration.</param>
    /// <param name="now">Now.</param>
    /// <param name="limits">The limits the guess was reserved under.</param>
    /// <param name="audit">Written with it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask RecordWrongGuessAsync(
        string registrationId, DateTimeOffset now, GuessLimits limits, AgentAuditEvent audit, CancellationToken cancellationToken);

    /// <summary>
    /// Gives back a reserved guess that was right and led nowhere, such as when no account could be had for it; of a code that has been replaced
    /// since, none. Never below zero.
    /// </summary>
    /// <param name="registrationId">The registration.</param>
    /// <param name="attemptId">The attempt whose code was given.</param>
    /// <param name="code">The code that was compared; it must still be the attempt's code.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask ReturnGuessAsync(string registrationId, string attemptId, SecretHash code, CancellationToken cancellationToken);

    /// <summary>
    /// Claims a registration: once, only while it is unclaimed, unexpired and unrevoked, and only while the code that was compared is still
    /// the current attempt's code. The guess that was right no longer counts against the mailbox.
    /// </summary>
    /// <param name="claim">What the claim does.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<CompleteOutcome> CompleteClaimAsync(ClaimCompletion claim, CancellationToken cancellationToken);

    /// <summary>"This wasn't me": revokes the registration of the current attempt with all its credentials.</summary>
    /// <param name="attemptToken">Hash of the claim attempt token.</param>
    /// <param name="now">The instant that expiry is decided against.</param>
    /// <param name="audit">Written with it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<AttemptOutcome> DeclineAsync(
        SecretHash attemptToken, DateTimeOffset now, AgentAuditEvent audit, CancellationToken cancellationToken);

    /// <summary>
    /// Revokes all that (issuer, subject) holds: credentials, registrations and the delegation. Also refuses, from then on, a
    /// <see cref="RegisterAsync"/> for the pair whose request was received before, or whose assertion was issued before the logout token.
    /// </summary>
    /// <param name="revocation">Whose, on whose word.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<RevokeOutcome> RevokeAsync(ProviderRevocation revocation, CancellationToken cancellationToken);

    /// <summary>
    /// Revokes all that a scope names, which is not revoked or expired yet: credentials, registrations and delegations; of a scope that names one
    /// registration or agents, the delegations of their identities. Also refuses, from then on, each <see cref="RegisterAsync"/> whose request
    /// was received, or whose assertion was issued, until now and which the scope fits, and each <see cref="CompleteClaimAsync"/> for a
    /// registration created until now which it fits with the account that it is claimed for. A scope that names one registration refuses so what
    /// has its identity, when it had one and was revoked. Now is the instant passed, or, when it is later, that of the change itself.
    /// </summary>
    /// <param name="revocation">Whose, by whom.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<AgentAccessRevoked> RevokeAccessAsync(AccessRevocation revocation, CancellationToken cancellationToken);

    /// <summary>Lists registrations, newest first.</summary>
    /// <param name="query">Which; well-formed, and <c>act</c> in the form in which it is kept.</param>
    /// <param name="now">The instant that expiry is decided against.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<AgentRegistrationPage> ListRegistrationsAsync(AgentRegistrationQuery query, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes <c>credential.used_after_revocation</c> the first time a dead credential is presented; later uses write nothing.</summary>
    /// <param name="credentialId">The credential.</param>
    /// <param name="audit">What to write.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask RecordUseAfterRevocationAsync(string credentialId, AgentAuditEvent audit, CancellationToken cancellationToken);

    /// <summary>Writes an audit row that belongs to no other change, such as a refusal.</summary>
    /// <param name="audit">The row.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask WriteAuditAsync(AgentAuditEvent audit, CancellationToken cancellationToken);

    /// <summary>Writes audit rows that belong to no other change, all of them at once.</summary>
    /// <param name="audit">The rows, in their order.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask WriteAuditAsync(IReadOnlyCollection<AgentAuditEvent> audit, CancellationToken cancellationToken);

    /// <summary>Reads audit rows, newest first.</summary>
    /// <param name="registrationId">Only this registration's; null for all.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<IReadOnlyList<AgentAuditEvent>> ReadAuditAsync(string? registrationId, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Tidies: audits registrations that expired unclaimed (<c>registration.expired</c>, once each), and deletes rows that can no longer
    /// decide anything. Never deletes audit rows, accounts or live things.
    /// </summary>
    /// <param name="now">Now.</param>
    /// <param name="limit">How many rows of each kind at the most, so that no sweep holds the store for long.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>True when there is more to do.</returns>
    ValueTask<bool> SweepAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}
