namespace AgentAuth.Storage.Sqlite;

/// <content>Registrations.</content>
public sealed partial class SqliteAgentAuthStore
{
    /// <inheritdoc/>
    public ValueTask<RegisterOutcome> RegisterAsync(NewRegistration registration, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            session =>
            {
                // Looked at before anything is written: the token of a refused registration stays good, and nothing needs to be undone.
                if (registration.Agent is { } agent)
                {
                    if (IsRevoked(session, agent.Delegation, registration))
                    {
                        return RegisterOutcome.Revoked;
                    }

                    if (registration.AccountId is { } account && FindDelegation(session, agent.Delegation) is { } bound
                        && !string.Equals(bound, account, StringComparison.Ordinal))
                    {
                        return RegisterOutcome.BoundElsewhere;
                    }
                }

                if (registration.Replay is { } token && !UseUp(session, token))
                {
                    return RegisterOutcome.Replayed;
                }

                Insert(session, registration);
                return RegisterOutcome.Created;
            },
            cancellationToken);

    private static bool IsRevoked(SqliteSession session, DelegationKey delegation, NewRegistration registration)
    {
        var revocation = session.First(
            "SELECT revoked_at, token_issued_at FROM revocations WHERE iss = $iss AND sub = $sub",
            row => Tuple.Create(row.Instant(0), row.Instant(1)),
            ("$iss", delegation.Issuer),
            ("$sub", delegation.Subject));
        return revocation is not null
            && (revocation.Item1 >= registration.ReceivedAt || revocation.Item2 > registration.AssertionIssuedAt);
    }

    private static void Insert(SqliteSession session, NewRegistration registration)
    {
        var agent = registration.Agent;
        session.Execute(
            """
            INSERT INTO registrations (id, type, status, created_at, expires_at, account_id, email, remote_address, claim_token, requested_credential,
                                       scopes, iss, sub, client_id, jti, agent_platform, agent_context_id, act)
            VALUES ($id, $type, $status, $created, $expires, $account, $email, $address, $token, $requested,
                    $scopes, $iss, $sub, $client, $jti, $platform, $context, $act)
            """,
            ("$id", registration.Id),
            ("$type", registration.Type),
            ("$status", registration.AccountId is null ? RegistrationStatus.Unclaimed : RegistrationStatus.Claimed),
            ("$created", registration.CreatedAt),
            ("$expires", registration.ExpiresAt),
            ("$account", registration.AccountId),
            ("$email", registration.Email),
            ("$address", registration.RemoteAddress),
            ("$token", registration.ClaimToken),
            ("$requested", registration.RequestedCredential),
            ("$scopes", registration.GrantedScopes),
            ("$iss", agent?.Delegation.Issuer),
            ("$sub", agent?.Delegation.Subject),
            ("$client", agent?.ClientId),
            ("$jti", agent?.JwtId),
            ("$platform", agent?.AgentPlatform),
            ("$context", agent?.AgentContextId),
            ("$act", agent?.Act));
        if (registration.Credential is { } credential)
        {
            Insert(session, credential, registration.Id, registration.CreatedAt);
        }

        if (registration.Attempt is { } attempt)
        {
            Insert(session, attempt, registration.Id);
        }

        if (agent is not null && registration.AccountId is { } account)
        {
            Bind(session, agent.Delegation, account, registration.CreatedAt);
        }

        Insert(session, registration.Audit);
    }

    private static void Bind(SqliteSession session, DelegationKey delegation, string account, DateTimeOffset now) => session.Execute(
        """
        INSERT INTO delegations (iss, sub, account_id, created_at) VALUES ($iss, $sub, $account, $now)
        ON CONFLICT (iss, sub) DO UPDATE SET account_id = excluded.account_id
        """,
        ("$iss", delegation.Issuer),
        ("$sub", delegation.Subject),
        ("$account", account),
        ("$now", now));
}
