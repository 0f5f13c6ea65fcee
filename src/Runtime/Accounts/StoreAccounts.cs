using AgentAuth.Credentials;
using AgentAuth.Storage;

namespace AgentAuth.Accounts;

/// <summary>The built-in accounts: as much of a user table as an API without users needs. They lie in the database of the store, and the store knows nothing of them.</summary>
internal sealed class StoreAccounts(IStoreEngine engine) : IPlannedAccounts
{
    public async ValueTask<AgentAccountAnswer> FindByEmailAsync(string email, AgentAccountRequest request, CancellationToken cancellationToken) =>
        await FindAsync(email, cancellationToken) switch
        {
            { AccountId: { } account } => AgentAccountAnswer.Matched(account, emailIsConfirmed: true),

            // Made for an identity, on the word of its provider alone. Whoever proves the address gets an account beside it.
            { } when request.EmailProof == AgentAccountEmailProof.None => AgentAccountAnswer.Refused(AgentAccountRefusal.UnconfirmedEmail),
            _ => AgentAccountAnswer.NotHere,
        };

    // They are neither disabled nor deleted.
    public ValueTask<AgentAccountAnswer> FindByIdAsync(string accountId, CancellationToken cancellationToken) =>
        new(AgentAccountAnswer.Matched(accountId, emailIsConfirmed: false));

    public async ValueTask<AgentAccountAnswer> MakeAsync(AgentAccountRequest request, CancellationToken cancellationToken) =>
        AgentAccountAnswer.Made(await MakeAsync(Plan(request), cancellationToken));

    public NewAccount Plan(AgentAccountRequest request)
    {
        // A confirmed address leads to one account. Where none may lead to any, the new account does not have it confirmed.
        var isConfirmed = request is { MayMatchEmail: true, Email: not null, EmailProof: not AgentAccountEmailProof.None };
        return new NewAccount(
            isConfirmed ? Identifiers.Account() : request.NewId,
            request.Email,
            isConfirmed,
            request is { Issuer: { } issuer, Subject: { } subject } ? new AgentDelegationKey(issuer, subject) : null,
            request.At);
    }

    /// <summary>The account that an address leads to; null when nobody here has it.</summary>
    /// <param name="email">A normalised address.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public ValueTask<AccountMatch?> FindAsync(string email, CancellationToken cancellationToken) =>
        engine.ReadAsync(session => AccountRows.FindAsync(session, email), cancellationToken);

    /// <summary>Finds or makes an account, idempotently: parallel calls for one confirmed address, or else one identity, or else one id, get one account.</summary>
    /// <param name="account">The account to make when there is none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The account's id.</returns>
    public ValueTask<string> MakeAsync(NewAccount account, CancellationToken cancellationToken) =>
        engine.ChangeAsync(
            async session =>
            {
                await AccountRows.MakeAsync(session, account);
                return await AccountRows.IdOfAsync(session, account);
            },
            cancellationToken);
}
