using AgentAuth.Storage;

namespace AgentAuth;

/// <summary>
/// The accounts that agents act for. By default they are kept in the store beside the registrations; an app that has users registers its own
/// with <see cref="AgentAuthBuilder.AddAccounts{T}"/>. An account's id is a text of 1 to 1024 characters without control characters, line breaks
/// and marks that turn the direction of writing: operators could not name another.
/// </summary>
public interface IAgentAccounts
{
    /// <summary>
    /// Finds the account of a mail address. Null: the address is unknown. A match without an account id: the address is known, but nobody has
    /// confirmed that it is theirs; such an account is never handed to whoever confirms the address later.
    /// </summary>
    /// <param name="email">Normalised: ASCII, lower-case, a domain in other letters in its <c>xn--</c> form.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<AccountMatch?> FindByEmailAsync(string email, CancellationToken cancellationToken);

    /// <summary>
    /// Gives an identity an account. Must be idempotent: for one confirmed address, or else one (issuer, subject), always the same account,
    /// also when called in parallel, and also when the registration that asked for it fails afterwards.
    /// </summary>
    /// <param name="account">Who it is for, with the id to use for a new account where the app has no ids of its own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The account's id.</returns>
    ValueTask<string> ProvisionAsync(NewAccount account, CancellationToken cancellationToken);
}
