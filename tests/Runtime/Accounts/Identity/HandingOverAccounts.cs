using AgentAuth;
using Microsoft.AspNetCore.Identity;

namespace MyService;

/// <summary>The accounts of an app that takes the claim ceremony for a confirmation.</summary>
internal sealed class HandingOverAccounts(UserManager<IdentityUser> users) : IAgentAccounts
{
    private readonly IdentityAccounts _accounts = new(users);

    public async ValueTask<AgentAccountAnswer> FindByEmailAsync(string email, AgentAccountRequest request, CancellationToken cancellationToken)
    {
        var user = await users.FindByEmailAsync(email);
        if (user is { EmailConfirmed: false } && request.EmailProof == AgentAccountEmailProof.Owner && !await users.IsLockedOutAsync(user))
        {
            await users.HandOverAsync(user);
        }

        return await _accounts.FindByEmailAsync(email, request, cancellationToken);
    }

    public ValueTask<AgentAccountAnswer> FindByIdAsync(string accountId, CancellationToken cancellationToken) => _accounts.FindByIdAsync(accountId, cancellationToken);

    public ValueTask<AgentAccountAnswer> MakeAsync(AgentAccountRequest request, CancellationToken cancellationToken) => _accounts.MakeAsync(request, cancellationToken);
}
