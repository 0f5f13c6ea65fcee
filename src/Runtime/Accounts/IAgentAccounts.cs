namespace AgentAuth;

/// <summary>
/// The accounts that agents act for. By default they are kept in the store beside the registrations; an app that has users registers its own
/// with <see cref="AgentAuthBuilder.AddAccounts{T}"/>. It says what is so, and the service decides: no account is handed over that has an
/// unconfirmed address, or for which <see cref="FindByIdAsync"/> does not answer.
/// <para>
/// Which identity of a provider belongs to which account is remembered by the service, not by the app, and forgotten when access is revoked.
/// </para>
/// <para>
/// What an implementation throws is logged, and answered with 503: nothing is issued, and the agent may try the same again.
/// </para>
/// </summary>
public interface IAgentAccounts
{
    /// <summary>
    /// Finds the account of a mail address. Where <see cref="AgentAccountRequest.EmailProof"/> is <see cref="AgentAccountEmailProof.None"/>, the
    /// answer decides only whether the owner of the address is asked. Not called where auth.md lets no address open an account.
    /// </summary>
    /// <param name="email">The address: ASCII, lower-case, a domain in other letters in its <c>xn--</c> form.</param>
    /// <param name="request">Who it is for, and what is proved.</param>
    /// <param name="cancellationToken">Signals that the agent has hung up.</param>
    /// <returns>
    /// <see cref="AgentAccountAnswer.Matched"/> with what the user table says of the address, <see cref="AgentAccountAnswer.NotHere"/>, or a refusal.
    /// </returns>
    ValueTask<AgentAccountAnswer> FindByEmailAsync(string email, AgentAccountRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Finds an account by its id, to learn whether it may have agents. Called before anything is issued for an account, however it was found:
    /// also for one that was linked years ago, and may have been deleted or disabled since.
    /// </summary>
    /// <param name="accountId">An id that this interface answered once.</param>
    /// <param name="cancellationToken">Signals that the agent has hung up.</param>
    /// <returns>
    /// <see cref="AgentAccountAnswer.Matched"/> with the same id (whether its address is confirmed does not matter here); a refusal, such as
    /// <see cref="AgentAccountRefusal.Disabled"/>; or <see cref="AgentAccountAnswer.NotHere"/>: it was deleted, and who was linked to it is a
    /// stranger again.
    /// </returns>
    ValueTask<AgentAccountAnswer> FindByIdAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>
    /// Gives an identity an account of its own. By default an app makes none. Must be idempotent, also in parallel, and also when the
    /// registration that asked for it fails afterwards: for one (issuer, subject), or else one <see cref="AgentAccountRequest.NewId"/>, always the
    /// same account. Not called where auth.md rejects strangers.
    /// </summary>
    /// <param name="request">Who it is for, and what is proved.</param>
    /// <param name="cancellationToken">Signals that the agent has hung up.</param>
    /// <returns>
    /// <see cref="AgentAccountAnswer.Made"/>, or a refusal. <see cref="AgentAccountRefusal.EmailTaken"/>: another account has the address; where
    /// <see cref="AgentAccountRequest.MayMatchEmail"/> allows it, that one is looked for again. <see cref="AgentAccountAnswer.Matched"/>, where
    /// that allows it: the account that has the address.
    /// </returns>
    ValueTask<AgentAccountAnswer> MakeAsync(AgentAccountRequest request, CancellationToken cancellationToken) => new(AgentAccountAnswer.NotHere);
}
