namespace AgentAuth.Storage.Sqlite;

/// <content>Registrations.</content>
public sealed partial class SqliteAgentAuthStore
{
    /// <inheritdoc/>
    public ValueTask<RegisterOutcome> RegisterAsync(NewRegistration registration, CancellationToken cancellationToken) =>
        ChangeAsync(
            session =>
            {
                // Looked at before anything is written: the token of a refused registration stays good, and nothing needs to be undone.
                if (IsRevoked(session, registration.Agent, registration.AccountId, registration.ReceivedAt, registration.AssertionIssuedAt))
                {
                    return RegisterOutcome.Revoked;
                }

                if (registration is { Agent: { } agent, AccountId: { } account } && !IsStillBound(session, agent.Delegation, account, registration))
                {
                    return RegisterOutcome.BoundElsewhere;
                }

                var use = registration.Replay is { } token ? UseUp(session, token) : TokenUse.First;
                if (use != TokenUse.First)
                {
                    return use == TokenUse.Replayed ? RegisterOutcome.Replayed : RegisterOutcome.Expired;
                }

                Insert(session, registration);
                return RegisterOutcome.Created;
            },
            cancellationToken);

    // A delegation that ended between the look for an account and this change must not be made again by it.
    private static bool IsStillBound(SqliteSession session, DelegationKey delegation, string account, NewRegistration registration) =>
        FindDelegation(session, delegation) is { } bound
            ? string.Equals(bound, account, StringComparison.Ordinal) || string.Equals(bound, registration.ReplacedAccountId, StringComparison.Ordinal)
            : !registration.RestsOnDelegation;

    private static void Insert(SqliteSession session, NewRegistration registration)
    {
        var agent = registration.Agent;
        session.Execute(
            """
            INSERT INTO registrations (id, type, status, created_at, expires_at, account_id, email, remote_address, claim_token, requested_credential,
                                       scopes, iss, sub, client_id, jti, agent_platform, agent_context_id, act, auth_time, acr, amr, claimed_at)
            VALUES ($id, $type, $status, $created, $expires, $account, $email, $address, $token, $requested,
                    $scopes, $iss, $sub, $client, $jti, $platform, $context, $act, $auth_time, $acr, $amr, $claimed)
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
            ("$act", agent?.Act),
            ("$auth_time", registration.Authentication?.At),
            ("$acr", registration.Authentication?.Context),
            ("$amr", registration.Authentication?.Methods),
            ("$claimed", registration.AccountId is null ? null : registration.CreatedAt));
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
