using System.Collections.Immutable;
using AgentAuth.Storage;
using AgentAuth.Text;

namespace AgentAuth;

/// <summary>A registration as operators and users see it. No secret, and no hash of one.</summary>
public sealed record AgentRegistration
{
    /// <summary><c>reg_…</c></summary>
    public required string Id { get; init; }

    /// <summary>How it came about.</summary>
    public required AgentRegistrationType Type { get; init; }

    /// <summary>Where it stands. An unclaimed one may be past <see cref="ExpiresAt"/>.</summary>
    public required AgentRegistrationStatus Status { get; init; }

    /// <summary>The account that it acts for; null while nobody has claimed it.</summary>
    public string? AccountId { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it dies, or died, unclaimed; null when it belonged to an account from the start.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it came to its account; null while it has none, and where that was before the store wrote it down.</summary>
    public DateTimeOffset? ClaimedAt { get; init; }

    /// <summary>When it was revoked; null while it is not, and where that was before the store wrote it down.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When it last got a credential; null: it never did.</summary>
    public DateTimeOffset? LastIssuedAt { get; init; }

    /// <summary>How many good credentials it has.</summary>
    public required int LiveCredentials { get; init; }

    /// <summary>The scopes that it has, or will have once claimed.</summary>
    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>Who acts, for a registration by ID-JAG; otherwise null.</summary>
    public AgentIdentity? Agent { get; init; }

    /// <summary>How the user behind it signed in, for a registration by ID-JAG; otherwise, and where it was not kept yet, null.</summary>
    public AgentUserAuthentication? Authentication { get; init; }

    /// <summary>Which it is, where it stands, whom it acts for and what it may do, for logs.</summary>
    public override string ToString() =>
        $"{Id} ({Type}, {Status}, {(AccountId is null ? "no account" : "account " + AccountId)}, scopes {string.Join(' ', Scopes.IsDefault ? [] : Scopes)})";
}

/// <summary>Which registrations to list. What is null is not asked about; the rest must all be so.</summary>
public sealed record AgentRegistrationQuery
{
    /// <summary>The registrations of a page, when nobody says how many.</summary>
    public const int DefaultLimit = 50;

    /// <summary>The most registrations of a page.</summary>
    public const int MaxLimit = 200;

    /// <summary>
    /// Only those of an account; null: everybody's. A page where users see their own agents makes its query with <see cref="OfAccount"/>, which takes no
    /// null.
    /// </summary>
    public string? AccountId { get; init; }

    /// <summary>Only those of agents.</summary>
    public AgentIdentityFilter? Agent { get; init; }

    /// <summary>Only those that a provider vouched for, by its issuer identifier.</summary>
    public string? Issuer { get; init; }

    /// <summary>Only those that stand so.</summary>
    public AgentRegistrationStatus? Status { get; init; }

    /// <summary>True: only those with a good credential. Those whose credentials have all expired stay in the list otherwise.</summary>
    public bool IsLive { get; init; }

    /// <summary>How many at the most, 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary><see cref="AgentRegistrationPage.Next"/> of the page before; null: the first page.</summary>
    public string? After { get; init; }

    /// <summary>The registrations of one account.</summary>
    /// <param name="accountId">The account. A user who has none has no agents either: null is refused.</param>
    /// <exception cref="ArgumentException">It is null, empty, too long or has control characters, line breaks or marks that turn the direction of writing.</exception>
    public static AgentRegistrationQuery OfAccount(string accountId) => new() { AccountId = PlainText.Identifier(accountId, "account_id") };

    /// <summary>The query as the store takes it.</summary>
    /// <exception cref="ArgumentException">It is malformed.</exception>
    internal AgentRegistrationQuery Checked()
    {
        PlainText.CheckOptional(AccountId, "account_id");
        PlainText.CheckOptional(Issuer, "issuer");
        if (Limit is < 1 or > MaxLimit)
        {
            throw new ArgumentException($"A page holds 1 to {MaxLimit} registrations.");
        }

        return After is { } after && !PageCursor.TryParse(after, out _)
            ? throw new ArgumentException("That is not where a page ended. Pass on what came with the page before as it is.")
            : this with { Agent = Agent?.Canonical() };
    }
}

/// <summary>A page of registrations.</summary>
/// <param name="Registrations">Newest first.</param>
/// <param name="Next">For <see cref="AgentRegistrationQuery.After"/>; null: there are no more.</param>
public sealed record AgentRegistrationPage(ImmutableArray<AgentRegistration> Registrations, string? Next)
{
    /// <summary>The registrations, for logs.</summary>
    public override string ToString() => string.Join("; ", Registrations.IsDefault ? [] : Registrations);
}
