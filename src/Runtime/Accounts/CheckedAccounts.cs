using AgentAuth.Storage;
using AgentAuth.Text;

namespace AgentAuth.Accounts;

/// <summary>The app's accounts, of which every answer is looked at before anything is done with it.</summary>
/// <param name="accounts">The app's, or the built-in ones.</param>
internal sealed class CheckedAccounts(IAgentAccounts accounts)
{
    public async ValueTask<AgentAccountAnswer> FindByEmailAsync(string email, AgentAccountRequest request, CancellationToken cancellationToken) =>
        Checked(await accounts.FindByEmailAsync(email, request, cancellationToken), nameof(FindByEmailAsync));

    public async ValueTask<AgentAccountAnswer> FindByIdAsync(string accountId, CancellationToken cancellationToken)
    {
        var answer = Checked(await accounts.FindByIdAsync(accountId, cancellationToken), nameof(FindByIdAsync));
        return answer.AccountId is null || string.Equals(answer.AccountId, accountId, StringComparison.Ordinal)
            ? answer
            : throw Unusable(nameof(FindByIdAsync), "with another account than the one that it was asked for");
    }

    /// <summary>An account that was answered a moment before, so it must be there.</summary>
    public async ValueTask<AgentAccountAnswer> FindAnsweredAsync(string accountId, CancellationToken cancellationToken) =>
        await FindByIdAsync(accountId, cancellationToken) is { Refusal: not AgentAccountRefusal.NotHere } answer
            ? answer
            : throw Unusable(nameof(FindByIdAsync), "that an account is not there which was answered a moment before");

    /// <summary>The account that the store makes itself; null where the app makes accounts.</summary>
    public NewAccount? Plan(AgentAccountRequest request) => (accounts as IPlannedAccounts)?.Plan(request);

    public async ValueTask<AgentAccountAnswer> MakeAsync(AgentAccountRequest request, CancellationToken cancellationToken) =>
        Checked(await accounts.MakeAsync(request, cancellationToken), nameof(MakeAsync));

    private AgentAccountAnswer Checked(AgentAccountAnswer? answer, string method) => answer switch
    {
        null => throw Unusable(method, "null"),
        { Refusal: { } reason } => Enum.IsDefined(reason) ? answer : throw Unusable(method, $"with a refusal that does not exist ({(int)reason})"),
        { AccountId: null } => throw Unusable(method, "with an account id that is null"),
        { AccountId: "" } => throw Unusable(method, "with an account id that is empty"),
        { AccountId: { Length: > PlainText.MaxIdentifierLength } id } =>
            throw Unusable(method, $"with an account id of {id.Length} characters; it may have {PlainText.MaxIdentifierLength}"),
        { AccountId: { } id } when !PlainText.Is(id, PlainText.MaxIdentifierLength) => throw Unusable(method, $"with an account id that is not {PlainText.Rule}"),
        _ => answer,
    };

    private UnusableAccountException Unusable(string method, string what) => new($"{accounts.GetType()}.{method} answered {what}.");
}

/// <summary>An answer of the app's accounts that cannot be used.</summary>
internal sealed class UnusableAccountException(string message) : Exception(message);
