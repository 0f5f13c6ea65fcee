using AgentAuth.Assertions;
using AgentAuth.Configuration;
using AgentAuth.Manifest;
using AgentAuth.Refusals;
using AgentAuth.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Accounts;

/// <summary>Where an identity belongs: to an account; perhaps to one, if its owner confirms; or to none.</summary>
internal sealed record Match
{
    /// <summary>Perhaps to an account with that address: its owner must confirm.</summary>
    public static Match NeedsConfirmation { get; } = new();

    /// <summary>The account; null when there is none, or none yet.</summary>
    public string? AccountId { get; private init; }

    /// <summary>A built-in account that the store finds or makes together with what it is for; null where <see cref="AccountId"/> says which.</summary>
    public NewAccount? Account { get; private init; }

    /// <summary>True when it belongs to an account, which may be yet to be made.</summary>
    public bool IsTo => AccountId is not null || Account is not null;

    /// <summary>True when the identity was bound to the account before.</summary>
    public bool IsPrior { get; private init; }

    /// <summary>The account that it was bound to before, and that is gone.</summary>
    public string? GoneAccountId { get; init; }

    /// <summary>Why it belongs to none; null when it may.</summary>
    public Refusal? Refusal { get; private init; }

    public static Match To(string accountId, bool isPrior = false) => new() { AccountId = accountId, IsPrior = isPrior };

    public static Match To(NewAccount account) => new() { Account = account };

    public static Match None(Refusal refusal) => new() { Refusal = refusal };
}

/// <summary>
/// Account matching in the order of the protocol: prior delegation, then verified email, then provisioning or rejection. The accounts may be an
/// app's. What of an identity is proved is known here, and an account that the app answers is given away only as far as that goes.
/// </summary>
internal sealed partial class AccountMatcher(
    AgentAuthSettings settings, IAgentAuthStore store, IServiceScopeFactory scopes, AccountIds ids, ILogger<AccountMatcher> logger)
{
    private readonly AccountMatchingPolicy _policy = settings.Manifest.AccountMatching;

    /// <summary>Finds the account of a verified ID-JAG.</summary>
    public async ValueTask<Match> MatchAsync(VerifiedAssertion assertion, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var delegation = assertion.Agent.Delegation;
        var bound = await store.FindDelegationAsync(delegation, cancellationToken);
        var request = new AgentAccountRequest
        {
            Email = assertion.Email,

            // Any provider on the list can say that somebody's address is verified. Only where auth.md takes its word for addresses of that
            // domain does that open an existing account.
            EmailProof = assertion.Email is { } email && assertion.Provider.TrustsAddress(email) ? AgentAccountEmailProof.Provider : AgentAccountEmailProof.None,
            MayMatchEmail = _policy.MatchesVerifiedEmail && assertion.Email is not null,
            Issuer = delegation.Issuer,
            Subject = delegation.Subject,
            NewId = ids.Of(delegation),
            At = now,
        };
        return await AskAsync(accounts => MatchAsync(accounts, bound, request, cancellationToken), cancellationToken);
    }

    /// <summary>Finds the account of somebody who has just shown that a mail address is theirs.</summary>
    public ValueTask<Match> MatchOwnerAsync(ClaimView claim, string email, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var delegation = claim.Agent?.Delegation;
        var request = new AgentAccountRequest
        {
            Email = email,
            EmailProof = AgentAccountEmailProof.Owner,
            MayMatchEmail = _policy.MatchesVerifiedEmail,
            Issuer = delegation?.Issuer,
            Subject = delegation?.Subject,
            NewId = delegation is { } key ? ids.Of(key) : ids.Of(claim.RegistrationId),
            At = now,
        };
        return AskAsync(accounts => FindOrMakeAsync(accounts, request, cancellationToken), cancellationToken);
    }

    /// <summary>Asks the app in a scope of its own, as a request of its users would; what it throws is its failure and not the agent's.</summary>
    private async ValueTask<Match> AskAsync(Func<CheckedAccounts, ValueTask<Match>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await ask(new CheckedAccounts(scope.ServiceProvider.GetRequiredService<IAgentAccounts>()));
        }
        catch (Exception e) when (e is not AgentAuthStorageException)
        {
            // Whoever has hung up is no failure, in whatever way a database says that it was told to stop.
            cancellationToken.ThrowIfCancellationRequested();
            AccountsUnavailable(logger, e);
            return Match.None(AccountRefusals.Unavailable);
        }
    }

    private async ValueTask<Match> MatchAsync(CheckedAccounts accounts, string? bound, AgentAccountRequest request, CancellationToken cancellationToken)
    {
        if (bound is null)
        {
            return await FindOrMakeAsync(accounts, request, cancellationToken);
        }

        var prior = await accounts.FindByIdAsync(bound, cancellationToken);
        return prior.AccountId is not null ? Match.To(bound, isPrior: true)
            : prior.Refusal != AgentAccountRefusal.NotHere ? Match.None(AccountRefusals.Of(prior, request, isTheirs: true))
            : await FindOrMakeAsync(accounts, request, cancellationToken) with { GoneAccountId = bound };
    }

    private async ValueTask<Match> FindOrMakeAsync(CheckedAccounts accounts, AgentAccountRequest request, CancellationToken cancellationToken)
    {
        if (await FindAsync(accounts, request, cancellationToken) is { } match)
        {
            return match;
        }

        if (!_policy.Provisions)
        {
            return Match.None(AccountRefusals.Of(AgentAccountAnswer.NotHere, request));
        }

        if (accounts.Plan(request) is { } planned)
        {
            return Match.To(planned);
        }

        var made = await accounts.MakeAsync(request, cancellationToken);
        if (made is { IsMade: true, AccountId: { } account })
        {
            return await AdmitAsync(accounts, account, request, cancellationToken);
        }

        // Somebody was quicker: the account is there now.
        if (made.Refusal == AgentAccountRefusal.EmailTaken && await FindAsync(accounts, request, cancellationToken) is { } theirs)
        {
            return theirs;
        }

        return made.AccountId is null ? Match.None(AccountRefusals.Of(made, request))
            : request.MayMatchEmail ? await JudgeAsync(accounts, made, request, cancellationToken)
            : Match.None(AccountRefusals.Of(AgentAccountAnswer.Refused(AgentAccountRefusal.EmailTaken), request));
    }

    /// <summary>What the address leads to; null when that is nothing, or when auth.md lets no address lead anywhere.</summary>
    private static async ValueTask<Match?> FindAsync(CheckedAccounts accounts, AgentAccountRequest request, CancellationToken cancellationToken)
    {
        if (!request.MayMatchEmail || request.Email is not { } email)
        {
            return null;
        }

        var found = await accounts.FindByEmailAsync(email, request, cancellationToken);
        return found.Refusal == AgentAccountRefusal.NotHere ? null : await JudgeAsync(accounts, found, request, cancellationToken);
    }

    /// <summary>Decides about an account that an address leads to.</summary>
    private static async ValueTask<Match> JudgeAsync(
        CheckedAccounts accounts, AgentAccountAnswer found, AgentAccountRequest request, CancellationToken cancellationToken)
    {
        // Before the address is proved, all that is known of it gets one answer, also that its account is closed.
        var isUnconfirmed = found is { AccountId: not null, EmailIsConfirmed: false } or { Refusal: AgentAccountRefusal.UnconfirmedEmail };
        if (request.EmailProof == AgentAccountEmailProof.None || (request.EmailProof == AgentAccountEmailProof.Provider && isUnconfirmed))
        {
            return Match.NeedsConfirmation;
        }

        // An account with an address that nobody confirmed may be somebody's who waits for its owner to come: it is theirs only when the app says so.
        return isUnconfirmed ? Match.None(AccountRefusals.Of(AgentAccountAnswer.Refused(AgentAccountRefusal.UnconfirmedEmail, found.Message), request))
            : found.AccountId is { } account ? await AdmitAsync(accounts, account, request, cancellationToken)
            : Match.None(AccountRefusals.Of(found, request));
    }

    /// <summary>An account that was found or made, if it may have agents.</summary>
    private static async ValueTask<Match> AdmitAsync(
        CheckedAccounts accounts, string account, AgentAccountRequest request, CancellationToken cancellationToken)
    {
        var standing = await accounts.FindAnsweredAsync(account, cancellationToken);
        return standing.AccountId is not null ? Match.To(account) : Match.None(AccountRefusals.Of(standing, request, isTheirs: true));
    }

    [LoggerMessage(1, LogLevel.Error, "The app's accounts (IAgentAccounts) could not say whose account it is. The agent was answered 503, and nothing was issued.")]
    private static partial void AccountsUnavailable(ILogger logger, Exception exception);
}
