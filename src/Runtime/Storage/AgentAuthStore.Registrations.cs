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
                var account = registration.Account is { } planned ? await AccountRows.IdOfAsync(session, planned) : registration.AccountId;
                if (await IsRevokedAsync(session, registration.Agent, account, registration.ReceivedAt, registration.AssertionIssuedAt))
                {
                    return RegisterOutcome.Revoked;
                }

                if (registration.Agent is { } agent && !await IsStillBoundAsync(session, agent.Delegation, account, registration))
                {
                    return RegisterOutcome.BoundElsewhere;
                }

                var use = registration.Replay is { } token ? await UseUpAsync(session, token) : TokenUse.First;
                if (use != TokenUse.First)
                {
                    return use == TokenUse.Replayed ? RegisterOutcome.Replayed : RegisterOutcome.Expired;
                }

                if (registration.Account is { } made)
                {
                    await AccountRows.MakeAsync(session, made);
                }

                await InsertAsync(session, registration, account);
                return RegisterOutcome.Created;
            },
            cancellationToken);

    // A delegation that ended between the look for an account and this change must not be made again by it. And where there was none, a parallel
    // registration may have made one: then the account is that one, and nobody needs to be asked.
    private static async ValueTask<bool> IsStillBoundAsync(StoreSession session, AgentDelegationKey delegation, string? account, NewRegistration registration) =>
        await FindDelegationAsync(session, delegation) is { } bound
            ? string.Equals(bound, account, StringComparison.Ordinal) || string.Equals(bound, registration.ReplacedAccountId, StringComparison.Ordinal)
            : !registration.RestsOnDelegation;

    private static async ValueTask InsertAsync(StoreSession session, NewRegistration registration, string? account)
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
            ("@status", account is null ? AgentRegistrationStatus.Unclaimed : AgentRegistrationStatus.Claimed),
            ("@created", registration.CreatedAt),
            ("@expires", registration.ExpiresAt),
            ("@account", account),
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
            ("@claimed", account is null ? null : registration.CreatedAt));
        if (registration.Credential is { } credential)
        {
            await InsertAsync(session, credential, registration.Id, registration.CreatedAt);
        }

        if (registration.Attempt is { } attempt)
        {
            await InsertAsync(session, attempt, registration.Id);
        }

        if (agent is not null && account is not null)
        {
            await BindAsync(session, agent.Delegation, account, registration.CreatedAt);
        }

        await InsertAsync(session, registration.Audit.Select(audit => audit with { AccountId = account }));
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
