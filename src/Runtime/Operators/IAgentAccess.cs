namespace AgentAuth;

/// <summary>
/// The operator's hand on agents: who has access, and ending it. <c>AddAgentAuth</c> registers it. It asks nobody for permission; that is up to
/// whoever calls it. <c>MapAgentAccess</c> has the same as endpoints.
/// </summary>
public interface IAgentAccess
{
    /// <summary>Lists registrations, newest first, without any secret or hash of one.</summary>
    /// <param name="query">Which; null: the newest of all.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The query is malformed; its message says how.</exception>
    /// <exception cref="AgentAuthStorageException">The store cannot be reached.</exception>
    ValueTask<AgentRegistrationPage> ListAsync(AgentRegistrationQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the audit trail, newest first. A refusal is written a moment after it is answered.</summary>
    /// <param name="registrationId">Only rows of this registration; null: all.</param>
    /// <param name="limit">How many at the most, from 1 to 1000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is none of these.</exception>
    /// <exception cref="AgentAuthStorageException">The store cannot be reached.</exception>
    ValueTask<IReadOnlyList<AgentAuditEvent>> ReadAuditAsync(string? registrationId = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends access, and has ended it when it returns: credentials are refused by the next request, waiting claims cannot be completed, and the
    /// delegations are forgotten, so that no later ID-JAG (draft-ietf-oauth-identity-assertion-authz-grant) links to an account on the strength
    /// of an earlier consent. One row of the audit trail, <c>registration.revoked</c>, tells of each registration.
    /// <para>
    /// What began before, and is answered after, is refused: requests that were received, registrations that wait to be claimed, and ID-JAGs
    /// that were issued, each when the target is theirs. "Issued" is by the provider's clock: where that is ahead, and it may be by the allowed
    /// clock skew, an ID-JAG of just before counts as one of after. Ending one registration by an ID-JAG counts for its (<c>iss</c>,
    /// <c>sub</c>) in that, and forgets the pair's delegation; the pair's other registrations live on.
    /// </para>
    /// <para>
    /// It is no ban. A provider that signs a fresh ID-JAG afterwards begins anew: account matching decides as about a stranger, so where auth.md
    /// does not take the provider's word for addresses, the owner of the address is asked again. To keep a provider out, take it off the trust
    /// list.
    /// </para>
    /// </summary>
    /// <param name="target">Whose access.</param>
    /// <param name="note">Who ends it and why.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>What ended. Doing it again ends nothing more; an unknown registration, account, agent or provider is no error.</returns>
    /// <exception cref="AgentAuthStorageException">The store cannot be reached, and nothing has ended.</exception>
    ValueTask<AgentAccessRevoked> RevokeAsync(AgentAccessTarget target, AgentRevocationNote note, CancellationToken cancellationToken = default);
}

/// <summary>What a revocation ended.</summary>
/// <param name="Registrations">Registrations that were claimed, or waited to be.</param>
/// <param name="Credentials">Credentials that were good until then.</param>
public readonly record struct AgentAccessRevoked(int Registrations, int Credentials);
