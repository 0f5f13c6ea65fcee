using AgentAuth.Credentials;
using AgentAuth.Storage;

namespace AgentAuth.Accounts;

/// <summary>The built-in accounts: as much of a user table as an API without users needs.</summary>
internal sealed class StoreAccounts(IAgentAuthStore store) : IAgentAccounts
{
    public async ValueTask<AgentAccountAnswer> FindByEmailAsync(string email, AgentAccountRequest request, CancellationToken cancellationToken) =>
        await store.FindAccountAsync(email, cancellationToken) switch
        {
            { AccountId: { } account } => AgentAccountAnswer.Matched(account, emailIsConfirmed: true),

            // Made for an identity, on the word of its provider alone. Whoever proves the address gets an account beside it.
            { } when request.EmailProof == AgentAccountEmailProof.None => AgentAccountAnswer.Refused(AgentAccountRefusal.UnconfirmedEmail),
            _ => AgentAccountAnswer.NotHere,
        };

    // They are neither disabled nor deleted.
    public ValueTask<AgentAccountAnswer> FindByIdAsync(string accountId, CancellationToken cancellationToken) =>
        new(AgentAccountAnswer.Matched(accountId, emailIsConfirmed: false));

    public async ValueTask<AgentAccountAnswer> MakeAsync(AgentAccountRequest request, CancellationToken cancellationToken)
    {
        // A confirmed address leads to one account. Where none may lead to any, the new account does not have it confirmed.
        var isConfirmed = request is { MayMatchEmail: true, Email: not null, EmailProof: not AgentAccountEmailProof.None };
        return AgentAccountAnswer.Made(await store.ProvisionAccountAsync(
            new NewAccount(
                isConfirmed ? Identifiers.Account() : request.NewId,
                request.Email,
                isConfirmed,
                request is { Issuer: { } issuer, Subject: { } subject } ? new AgentDelegationKey(issuer, subject) : null,
                request.At),
            cancellationToken));
    }
}
