using AgentAuth.Audit;

namespace AgentAuth.Storage;

/// <content>Revocation.</content>
internal sealed partial class AgentAuthStore
{
    /// <inheritdoc/>
    public ValueTask<RevokeOutcome> RevokeAsync(ProviderRevocation revocation, CancellationToken cancellationToken) =>
        ChangeAsync(
            async session =>
            {
                if (await UseUpAsync(session, revocation.Replay) is var use && use != TokenUse.First)
                {
                    return new RevokeOutcome(use, Credentials: 0);
                }

                Ended ended = new();
                await SeverAsync(session, revocation.Delegation, ChangeAt(revocation.Now), revocation.TokenIssuedAt);
                var conditions = new StoreConditions(engine.Dialect)
                    .Add(NotEnded, ("@now", revocation.Now))
                    .AddEqual("iss", revocation.Delegation.Issuer)
                    .AddEqual("sub", revocation.Delegation.Subject);
                foreach (var registration in await FindAsync(session, conditions))
                {
                    await EndAsync(session, registration, revocation.Now, revocation.Audit.About(registration.Agent) with { JwtId = revocation.Audit.JwtId }, ended);
                }

                if (ended.Registrations == 0)
                {
                    await InsertAsync(session, revocation.Audit);
                }

                return new RevokeOutcome(TokenUse.First, ended.Credentials);
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AgentAccessRevoked> RevokeAccessAsync(AccessRevocation revocation, CancellationToken cancellationToken) =>
        ChangeAsync(
            async session =>
            {
                Ended ended = new();
                var (target, at) = (revocation.Target, ChangeAt(revocation.Now));
                var conditions = new StoreConditions(engine.Dialect)
                    .Add(NotEnded, ("@now", revocation.Now))
                    .AddEqual("id", target.RegistrationId)
                    .AddEqual("account_id", target.AccountId)
                    .AddEqual("iss", target.Issuer)
                    .Add(target.Agent);
                foreach (var registration in await FindAsync(session, conditions))
                {
                    await EndAsync(session, registration, revocation.Now, revocation.Audit.About(registration.Agent), ended);
                    if (registration.Agent is { } agent && (target.RegistrationId is not null || target.Agent is not null))
                    {
                        await ForgetDelegationAsync(session, agent.Delegation);
                        if (target.RegistrationId is not null)
                        {
                            // A millisecond more: an assertion of the very instant of the change came before it too.
                            await RememberAsync(session, agent.Delegation, at, at.AddMilliseconds(1));
                        }
                    }
                }

                if (target.RegistrationId is null)
                {
                    await SeverAllAsync(session, target, at);
                    if (ended.Registrations == 0)
                    {
                        await InsertAsync(session, NothingEnded(revocation));
                    }
                }

                return new AgentAccessRevoked(ended.Registrations, ended.Credentials);
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RecordUseAfterRevocationAsync(string credentialId, AgentAuditEvent audit, CancellationToken cancellationToken) =>
        await ChangeAsync(
            async session =>
            {
                var isFirst = await session.ExecuteAsync("UPDATE credentials SET late_use = 1 WHERE id = @id AND late_use = 0", ("@id", credentialId)) == 1;
                if (isFirst)
                {
                    await InsertAsync(session, audit);
                }

                return isFirst;
            },
            cancellationToken);

    /// <summary>Whether a revocation came after a request was received, or after its assertion was issued.</summary>
    private static async ValueTask<bool> IsRevokedAsync(StoreSession session, AgentIdentity? agent, string? account, DateTimeOffset receivedAt, DateTimeOffset? issuedAt) =>
        (agent is not null && await IsRevokedAsync(session, agent.Delegation, receivedAt, issuedAt))
        || await session.FirstAsync(
            """
            SELECT 'revoked' FROM access_revocations
            WHERE revoked_at >= @began
              AND (account_id IS NULL OR account_id = @account)
              AND (iss IS NULL OR iss = @iss)
              AND (client_id IS NULL OR client_id = @client)
              AND (agent_platform IS NULL OR agent_platform = @platform)
              AND (agent_context_id IS NULL OR agent_context_id = @context)
              AND (act IS NULL OR act = @act)
            """,
            row => row.GetString(0),
            ("@began", issuedAt < receivedAt ? issuedAt : receivedAt),
            ("@account", account),
            ("@iss", agent?.Delegation.Issuer),
            ("@client", agent?.ClientId),
            ("@platform", agent?.AgentPlatform),
            ("@context", agent?.AgentContextId),
            ("@act", agent?.Act)) is not null;

    private static async ValueTask<bool> IsRevokedAsync(StoreSession session, AgentDelegationKey delegation, DateTimeOffset receivedAt, DateTimeOffset? issuedAt)
    {
        var revocation = await session.FirstAsync(
            "SELECT revoked_at, token_issued_at FROM revocations WHERE iss = @iss AND sub = @sub",
            row => Tuple.Create(row.Instant(0), row.Instant(1)),
            ("@iss", delegation.Issuer),
            ("@sub", delegation.Subject));
        return revocation is not null && (revocation.Item1 >= receivedAt || revocation.Item2 > issuedAt);
    }

    private static ValueTask<List<Registration>> FindAsync(StoreSession session, StoreConditions conditions) => session.AllAsync(
        $"SELECT id, type, account_id, iss, sub, client_id, jti, agent_platform, agent_context_id, act FROM {conditions.From(otherwise: "registrations_by_status")} WHERE {conditions}",
        row => new Registration(row.GetString(0), (AgentRegistrationType)row.GetInt32(1), row.Text(2), row.Agent(3)),
        [.. conditions.Parameters]);

    private static async ValueTask EndAsync(StoreSession session, Registration registration, DateTimeOffset now, AgentAuditEvent audit, Ended ended)
    {
        ended.Registrations++;
        ended.Credentials += await KillAsync(session, registration.Id, now);
        await InsertAsync(session, audit with { RegistrationId = registration.Id, RegistrationType = registration.Type, AccountId = registration.AccountId });
    }

    private static async ValueTask SeverAsync(StoreSession session, AgentDelegationKey delegation, DateTimeOffset at, DateTimeOffset issuedBefore)
    {
        await RememberAsync(session, delegation, at, issuedBefore);
        await ForgetDelegationAsync(session, delegation);
    }

    private static async ValueTask RememberAsync(StoreSession session, AgentDelegationKey delegation, DateTimeOffset at, DateTimeOffset issuedBefore) => await session.ExecuteAsync(
        """
        INSERT INTO revocations (iss, sub, revoked_at, token_issued_at) VALUES (@iss, @sub, @at, @issued)
        ON CONFLICT (iss, sub) DO UPDATE SET
            revoked_at = CASE WHEN revocations.revoked_at > excluded.revoked_at THEN revocations.revoked_at ELSE excluded.revoked_at END,
            token_issued_at = CASE WHEN revocations.token_issued_at > excluded.token_issued_at THEN revocations.token_issued_at ELSE excluded.token_issued_at END
        """,
        ("@iss", delegation.Issuer),
        ("@sub", delegation.Subject),
        ("@at", at),
        ("@issued", issuedBefore));

    private static async ValueTask ForgetDelegationAsync(StoreSession session, AgentDelegationKey delegation) => await session.ExecuteAsync(
        "DELETE FROM delegations WHERE iss = @iss AND sub = @sub", ("@iss", delegation.Issuer), ("@sub", delegation.Subject));

    /// <summary>Remembers a target of many. A delegation knows its account and its provider; those of agents go with their registrations.</summary>
    private static async ValueTask SeverAllAsync(StoreSession session, AgentAccessTarget target, DateTimeOffset at)
    {
        await session.ExecuteAsync(
            """
            INSERT INTO access_revocations (revoked_at, account_id, iss, client_id, agent_platform, agent_context_id, act)
            VALUES (@at, @account, @iss, @client, @platform, @context, @act)
            """,
            ("@at", at),
            ("@account", target.AccountId),
            ("@iss", target.Issuer),
            ("@client", target.Agent?.ClientId),
            ("@platform", target.Agent?.AgentPlatform),
            ("@context", target.Agent?.AgentContextId),
            ("@act", target.Agent?.Act));
        switch (target)
        {
            case { Agent: not null }:
                break;
            case { AccountId: { } account }:
                await session.ExecuteAsync("DELETE FROM delegations WHERE account_id = @account", ("@account", account));
                break;
            case { Issuer: { } issuer }:
                await session.ExecuteAsync("DELETE FROM delegations WHERE iss = @iss", ("@iss", issuer));
                break;
            default:
                await session.ExecuteAsync("DELETE FROM delegations");
                break;
        }
    }

    private static AgentAuditEvent NothingEnded(AccessRevocation revocation) => revocation.Audit with
    {
        AccountId = revocation.Target.AccountId,
        Issuer = revocation.Target.Issuer,
        ClientId = revocation.Target.Agent?.ClientId,
        AgentPlatform = revocation.Target.Agent?.AgentPlatform,
        AgentContextId = revocation.Target.Agent?.AgentContextId,
        Act = revocation.Target.Agent?.Act,
    };

    // Whoever changes waits for a turn, and what is received meanwhile came before. Rounded up: so did a request of the same millisecond.
    private DateTimeOffset ChangeAt(DateTimeOffset asked) => Later(asked).AddTicks(TimeSpan.TicksPerMillisecond - 1);

    private sealed record Registration(string Id, AgentRegistrationType Type, string? AccountId, AgentIdentity? Agent);

    private sealed class Ended
    {
        public int Registrations { get; set; }

        public int Credentials { get; set; }
    }
}
