using AgentAuth;
using Microsoft.AspNetCore.Identity;

namespace MyService;

/// <summary>Lets agents act for the users of ASP.NET Core Identity.</summary>
public sealed class IdentityAccounts(UserManager<IdentityUser> users) : IAgentAccounts
{
    public async ValueTask<AgentAccountAnswer> FindByEmailAsync(string email, AgentAccountRequest request, CancellationToken cancellationToken) =>
        await AnswerAsync(await users.FindByEmailAsync(email));

    public async ValueTask<AgentAccountAnswer> FindByIdAsync(string accountId, CancellationToken cancellationToken) =>
        await AnswerAsync(await users.FindByIdAsync(accountId));

    public async ValueTask<AgentAccountAnswer> MakeAsync(AgentAccountRequest request, CancellationToken cancellationToken)
    {
        // An earlier try has made it.
        if (await users.FindByIdAsync(request.NewId) is { } made)
        {
            return AgentAccountAnswer.Made(made.Id);
        }

        // An address that nobody proved would only be in the way of its owner, and one that may not lead to an account is not kept either.
        var email = request.MayMatchEmail && request.EmailProof != AgentAccountEmailProof.None ? request.Email : null;
        var user = new IdentityUser { Id = request.NewId, UserName = email ?? request.NewId, Email = email, EmailConfirmed = email is not null };
        var result = await users.CreateAsync(user);
        return result.Succeeded ? AgentAccountAnswer.Made(user.Id)
            : result.Errors.All(error => error.Code is nameof(IdentityErrorDescriber.DuplicateUserName) or nameof(IdentityErrorDescriber.DuplicateEmail))
                ? AgentAccountAnswer.Refused(AgentAccountRefusal.EmailTaken)
            : throw new InvalidOperationException(string.Join(' ', result.Errors.Select(error => error.Description)));
    }

    private async Task<AgentAccountAnswer> AnswerAsync(IdentityUser? user) =>
        user is null ? AgentAccountAnswer.NotHere
        : await users.IsLockedOutAsync(user) ? AgentAccountAnswer.Refused(AgentAccountRefusal.Disabled)
        : AgentAccountAnswer.Matched(user.Id, user.EmailConfirmed);
}
