namespace AgentAuth.Storage;

/// <content>Built-in accounts.</content>
internal sealed partial class AgentAuthStore
{
    /// <inheritdoc/>
    public ValueTask<AccountMatch?> FindAccountAsync(string email, CancellationToken cancellationToken) =>
        engine.ReadAsync(
            session => session.FirstAsync(
                "SELECT id, confirmed FROM accounts WHERE email = @email ORDER BY confirmed DESC LIMIT 1",
                row => new AccountMatch(row.Flag(1) ? row.GetString(0) : null),
                ("@email", email)),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<string> ProvisionAccountAsync(NewAccount account, CancellationToken cancellationToken) =>
        ChangeAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    "INSERT INTO accounts (id, email, confirmed, iss, sub, created_at) VALUES (@id, @email, @confirmed, @iss, @sub, @now) ON CONFLICT DO NOTHING",
                    ("@id", account.Id),
                    ("@email", account.Email),
                    ("@confirmed", account.EmailConfirmed),
                    ("@iss", account.Delegation?.Issuer),
                    ("@sub", account.Delegation?.Subject),
                    ("@now", account.CreatedAt));
                return account.EmailConfirmed
                    ? (await session.FirstAsync("SELECT id FROM accounts WHERE email = @email AND confirmed = 1", row => row.GetString(0), ("@email", account.Email)))!
                    : account.Delegation is not { } delegation ? account.Id
                    : (await session.FirstAsync(
                        "SELECT id FROM accounts WHERE iss = @iss AND sub = @sub AND confirmed = 0",
                        row => row.GetString(0),
                        ("@iss", delegation.Issuer),
                        ("@sub", delegation.Subject)))!;
            },
            cancellationToken);
}
