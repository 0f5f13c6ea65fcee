namespace AgentAuth.Storage.Sqlite;

/// <content>Built-in accounts.</content>
public sealed partial class SqliteAgentAuthStore
{
    /// <inheritdoc/>
    public ValueTask<AccountMatch?> FindAccountAsync(string email, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_database.Read(session => session.First(
            "SELECT id, confirmed FROM accounts WHERE email = $email ORDER BY confirmed DESC LIMIT 1",
            row => new AccountMatch(row.GetBoolean(1) ? row.GetString(0) : null),
            ("$email", email))));

    /// <inheritdoc/>
    public ValueTask<string> ProvisionAccountAsync(NewAccount account, CancellationToken cancellationToken) =>
        ChangeAsync(
            session =>
            {
                session.Execute(
                    "INSERT INTO accounts (id, email, confirmed, iss, sub, created_at) VALUES ($id, $email, $confirmed, $iss, $sub, $now) ON CONFLICT DO NOTHING",
                    ("$id", account.Id),
                    ("$email", account.Email),
                    ("$confirmed", account.EmailConfirmed),
                    ("$iss", account.Delegation?.Issuer),
                    ("$sub", account.Delegation?.Subject),
                    ("$now", account.CreatedAt));
                return account.EmailConfirmed
                    ? session.First("SELECT id FROM accounts WHERE email = $email AND confirmed = 1", row => row.GetString(0), ("$email", account.Email))!
                    : account.Delegation is not { } delegation ? account.Id
                    : session.First(
                        "SELECT id FROM accounts WHERE iss = $iss AND sub = $sub AND confirmed = 0",
                        row => row.GetString(0),
                        ("$iss", delegation.Issuer),
                        ("$sub", delegation.Subject))!;
            },
            cancellationToken);
}
