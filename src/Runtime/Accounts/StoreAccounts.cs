using AgentAuth.Storage;

namespace AgentAuth.Accounts;

/// <summary>The built-in accounts: as much of a user table as an API without users needs.</summary>
internal sealed class StoreAccounts(IAgentAuthStore store) : IAgentAccounts
{
    public ValueTask<AccountMatch?> FindByEmailAsync(string email, CancellationToken cancellationToken) =>
        store.FindAccountAsync(email, cancellationToken);

    public ValueTask<string> ProvisionAsync(NewAccount account, CancellationToken cancellationToken) =>
        store.ProvisionAccountAsync(account, cancellationToken);
}
