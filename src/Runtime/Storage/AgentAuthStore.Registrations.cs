namespace AgentAuth.Storage;

/// <content>Registrations.</content>
internal sealed partial class AgentAuthStore
{
    /// <inheritdoc/>
    public ValueTask<RegisterOutcome> RegisterAsync(NewRegistration registration, CancellationToken cancellationToken) =>
        ChangeAsync(
            async session =>
            {
                // Looked at before anything is written: the token of a refused registration stays good, and nothing needs to be undone.
                if (await IsRevokedAsync(session, registration.Agent, registration.AccountId, registration.ReceivedAt, registration.AssertionIssuedAt))
                {
                    return RegisterOutcome.Revoked;
                }

                if (registration is { Agent: { } agent, AccountId: { } account } && !await IsStillBoundAsync(session, agent.Delegation, account, registration))
                {
                    return RegisterOutcome.BoundElsewhere;
                }

                var use = registration.Replay is { } token ? await UseUpAsync(session, token) : TokenUse.First;
                if (use != TokenUse.First)
                {
                    return use == TokenUse.Replayed ? RegisterOutcome.Replayed : RegisterOutcome.Expired;
                }

                await InsertAsync(session, registration);
                return RegisterOutcome.Created;
            },
            cancellationToken);

    // A delegation that ended between the look for an account and this change must not be made again by it.
    private static async ValueTask<bool> IsStillBoundAsync(StoreSession session, AgentDelegationKey delegation, string account, NewRegistration registration) =>
        await FindDelegationAsync(session, delegation) is { } bound
            ? string.Equals(bound, account, StringComparison.Ordinal) || string.Equals(bound, registration.ReplacedAccountId, StringComparison.Ordinal)
            : !registration.RestsOnDelegation;

    private static async ValueTask InsertAsync(StoreSession session, NewRegistration registration)
    {
        var agent = registration.Agent;
        await session.ExecuteAsync(
            """
            INSERT INTO registrations (id, type, status, created_at, expires_at, account_id, email, remote_address, claim_token, requested_credential,
                                       scopes, iss, sub, client_id, jti, agent_platform, agent_context_id, act, auth_time, acr, amr, claimed_at)
            VALUES (@id, @type, @status, @created, @expires, @account, @email, @address, @token, @requested,
                    @scopes, @iss, @sub, @client, @jti, @platform, @context, @act, @auth_time, @acr, @amr, @claimed)
            """,
            ("@id", registration.Id),
            ("@type", registration.Type),
            ("@status", registration.AccountId is null ? AgentRegistrationStatus.Unclaimed : AgentRegistrationStatus.Claimed),
            ("@created", registration.CreatedAt),
            ("@expires", registration.ExpiresAt),
            ("@account", registration.AccountId),
            ("@email", registration.Email),
            ("@address", registration.RemoteAddress),
            ("@token", registration.ClaimToken),
            ("@requested", registration.RequestedCredential),
            ("@scopes", registration.GrantedScopes),
            ("@iss", agent?.Delegation.Issuer),
            ("@sub", agent?.Delegation.Subject),
            ("@client", agent?.ClientId),
            ("@jti", agent?.JwtId),
            ("@platform", agent?.AgentPlatform),
            ("@context", agent?.AgentContextId),
            ("@act", agent?.Act),
            ("@auth_time", registration.Authentication?.At),
            ("@acr", registration.Authentication?.Context),
            ("@amr", registration.Authentication?.Methods),
            ("@claimed", registration.AccountId is null ? null : registration.CreatedAt));
        if (registration.Credential is { } credential)
        {
            await InsertAsync(session, credential, registration.Id, registration.CreatedAt);
        }

        if (registration.Attempt is { } attempt)
        {
            await InsertAsync(session, attempt, registration.Id);
        }

        if (agent is not null && registration.AccountId is { } account)
        {
            await BindAsync(session, agent.Delegation, account, registration.CreatedAt);
        }

        await InsertAsync(session, registration.Audit);
    }

    private static async ValueTask BindAsync(StoreSession session, AgentDelegationKey delegation, string account, DateTimeOffset now) => await session.ExecuteAsync(
        """
        INSERT INTO delegations (iss, sub, account_id, created_at) VALUES (@iss, @sub, @account, @now)
        ON CONFLICT (iss, sub) DO UPDATE SET account_id = excluded.account_id
        """,
        ("@iss", delegation.Issuer),
        ("@sub", delegation.Subject),
        ("@account", account),
        ("@now", now));
}
