namespace AgentAuth.Storage;

/// <summary>The rows of the built-in accounts. Whoever makes one does it in the transaction of what it is made for.</summary>
internal static class AccountRows
{
    /// <summary>The account that an address leads to; null when nobody here has it.</summary>
    /// <param name="session">The transaction, or a reader.</param>
    /// <param name="email">A normalised address.</param>
    public static ValueTask<AccountMatch?> FindAsync(StoreSession session, string email) => session.FirstAsync(
        "SELECT id, confirmed FROM accounts WHERE email = @email ORDER BY confirmed DESC LIMIT 1",
        row => new AccountMatch(row.Flag(1) ? row.GetString(0) : null),
        ("@email", email));

    /// <summary>The id of an account that is to be found or made: of the one that is there, or else the one that it will get. Writes nothing.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="account">The account.</param>
    public static async ValueTask<string> IdOfAsync(StoreSession session, NewAccount account) =>
        await (account switch
        {
            { EmailConfirmed: true } => session.FirstAsync(
                "SELECT id FROM accounts WHERE email = @email AND confirmed = 1", row => row.GetString(0), ("@email", account.Email)),
            { Delegation: { } delegation } => session.FirstAsync(
                "SELECT id FROM accounts WHERE iss = @iss AND sub = @sub AND confirmed = 0",
                row => row.GetString(0),
                ("@iss", delegation.Issuer),
                ("@sub", delegation.Subject)),
            _ => ValueTask.FromResult<string?>(null),
        }) ?? account.Id;

    /// <summary>Makes an account unless it is there: one for a confirmed address, or else for an identity, or else for an id.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="account">The account.</param>
    public static async ValueTask MakeAsync(StoreSession session, NewAccount account) => await session.ExecuteAsync(
        "INSERT INTO accounts (id, email, confirmed, iss, sub, created_at) VALUES (@id, @email, @confirmed, @iss, @sub, @now) ON CONFLICT DO NOTHING",
        ("@id", account.Id),
        ("@email", account.Email),
        ("@confirmed", account.EmailConfirmed),
        ("@iss", account.Delegation?.Issuer),
        ("@sub", account.Delegation?.Subject),
        ("@now", account.CreatedAt));
}
