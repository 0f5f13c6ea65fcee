using AgentAuth.Audit;
using AgentAuth.Manifest;

namespace AgentAuth.Storage;

/// <summary>
/// Makes every decision that must survive a restart, over an engine that offers transactions: each operation is one, and that alone decides a race. A change may
/// run more than once, so what it tells others is in <see cref="StoreEffects"/>, of the run that counts.
/// </summary>
/// <param name="engine">The database.</param>
/// <param name="time">The clock.</param>
/// <param name="audit">Is told of every audit row once it is durable; null: nobody is.</param>
internal sealed partial class AgentAuthStore(IStoreEngine engine, TimeProvider time, AuditPublisher? audit = null) : IAgentAuthStore, IAsyncDisposable
{
    private const int CacheCapacity = 50_000;

    // A registration that is claimed, or waits and has not expired. One that has expired is dead, and the sweeper says so in the audit trail.
    private const string NotEnded = "r.status IN (0, 1) AND (r.status = 1 OR r.expires_at > @now)";

    // A credential by itself; whether its registration has ended is another question.
    private const string NotDead = "revoked = 0 AND (expires_at IS NULL OR expires_at > @now)";

    private readonly CredentialCache _cache = new(CacheCapacity);

    private long _forgotAt = time.GetTimestamp();

    /// <summary>Is told of the credentials that changes have changed.</summary>
    internal CredentialChanges? Changes { get; init; }

    /// <inheritdoc/>
    public ValueTask InitializeAsync(CancellationToken cancellationToken) => engine.OpenAsync(Forget, cancellationToken);

    // Somebody else has changed the database: what was read before does not count, for requests and for what is open.
    private void Forget(IReadOnlyCollection<SecretHash>? changed)
    {
        if (changed is null)
        {
            _cache.Clear();
            Changes?.PublishAny();
        }
        else
        {
            _cache.Evict(changed);
            Changes?.Publish(changed);
        }
    }

    /// <summary>Closes the database and lets another process have it.</summary>
    public ValueTask DisposeAsync() => engine.DisposeAsync();

    /// <inheritdoc/>
    public ValueTask<CredentialRecord?> FindCredentialAsync(SecretHash hash, CancellationToken cancellationToken)
    {
        if (!engine.TellsOfOthers)
        {
            return ReadCredentialAsync(hash, cancellationToken);
        }

        engine.LookForOthers();
        ForgetOld();
        return _cache.TryGet(hash, out var cached) ? ValueTask.FromResult(cached) : ReadAndKeepAsync(hash, cancellationToken);
    }

    // All at once: what was read last goes a little too early.
    private void ForgetOld()
    {
        if (engine.MemoryFor is { } most && Volatile.Read(ref _forgotAt) is var forgot && time.GetElapsedTime(forgot) >= most
            && Interlocked.CompareExchange(ref _forgotAt, time.GetTimestamp(), forgot) == forgot)
        {
            _cache.Clear();
        }
    }

    private async ValueTask<CredentialRecord?> ReadAndKeepAsync(SecretHash hash, CancellationToken cancellationToken)
    {
        var epoch = _cache.Epoch;
        var record = await ReadCredentialAsync(hash, cancellationToken);
        if (record is not null)
        {
            _cache.Add(hash, record, epoch);
        }

        return record;
    }

    private ValueTask<CredentialRecord?> ReadCredentialAsync(SecretHash hash, CancellationToken cancellationToken) => engine.ReadAsync(
        session => session.FirstAsync(
            """
            SELECT c.id, c.type, c.scopes, c.expires_at, c.revoked, r.id, r.type, r.status, r.expires_at, r.account_id,
                   r.iss, r.sub, r.client_id, r.jti, r.agent_platform, r.agent_context_id, r.act, r.auth_time, r.acr, r.amr
            FROM credentials c JOIN registrations r ON r.id = c.registration_id
            WHERE c.hash = @hash
            """,
            row =>
            {
                var status = (AgentRegistrationStatus)row.GetInt32(7);
                var own = row.OptionalInstant(3);
                var registration = status == AgentRegistrationStatus.Unclaimed ? row.OptionalInstant(8) : null;
                return new CredentialRecord
                {
                    Id = row.GetString(0),
                    Type = (CredentialType)row.GetInt32(1),
                    Scopes = row.Scopes(2),
                    ExpiresAt = own is null || registration < own ? registration ?? own : own,
                    IsRevoked = row.Flag(4) || status == AgentRegistrationStatus.Revoked,
                    RegistrationId = row.GetString(5),
                    RegistrationType = (AgentRegistrationType)row.GetInt32(6),
                    AccountId = row.Text(9),
                    Agent = row.Agent(10),
                    Authentication = row.Authentication(17),
                };
            },
            ("@hash", hash)),
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<string?> FindDelegationAsync(AgentDelegationKey delegation, CancellationToken cancellationToken) =>
        engine.ReadAsync(session => FindDelegationAsync(session, delegation), cancellationToken);

    /// <summary>
    /// Runs a change as one transaction. Once it is durable the cache forgets the credentials it changed, whoever watches them is told, and then
    /// its audit rows are told of.
    /// </summary>
    private async ValueTask<T> ChangeAsync<T>(Func<StoreSession, ValueTask<T>> change, CancellationToken cancellationToken)
    {
        var (result, effects) = await engine.ChangeAsync(
            async session =>
            {
                var effects = session.Effects = new StoreEffects();
                return (await change(session), effects);
            },
            cancellationToken);
        if (effects.Changed.Count > 0)
        {
            _cache.Evict(effects.Changed);
            Changes?.Publish(effects.Changed);
        }

        audit?.Publish(effects.Audited);
        return result;
    }

    private static ValueTask<string?> FindDelegationAsync(StoreSession session, AgentDelegationKey delegation) => session.FirstAsync(
        "SELECT account_id FROM delegations WHERE iss = @iss AND sub = @sub",
        row => row.GetString(0),
        ("@iss", delegation.Issuer),
        ("@sub", delegation.Subject));

    /// <summary>Uses a token up. One that need not be remembered any more may have been used and forgotten: it is too late for it.</summary>
    private async ValueTask<TokenUse> UseUpAsync(StoreSession session, ReplayKey token)
    {
        if (token.RememberUntil <= time.GetUtcNow())
        {
            return TokenUse.Expired;
        }

        var isFirst = await session.ExecuteAsync(
            "INSERT INTO replays (kind, iss, jti, remember_until) VALUES (@kind, @iss, @jti, @until) ON CONFLICT DO NOTHING",
            ("@kind", token.Kind),
            ("@iss", token.Issuer),
            ("@jti", token.JwtId),
            ("@until", token.RememberUntil)) == 1;
        return isFirst ? TokenUse.First : TokenUse.Replayed;
    }

    /// <summary>
    /// The instant asked about, or that of the change when it is later: a body that drips in and the wait for a turn must not keep alive what
    /// expires meanwhile.
    /// </summary>
    private DateTimeOffset Later(DateTimeOffset asked) => time.GetUtcNow() is var now && now > asked ? now : asked;

    private static async ValueTask InsertAsync(StoreSession session, NewCredential credential, string registrationId, DateTimeOffset now) => await session.ExecuteAsync(
        """
        INSERT INTO credentials (hash, id, registration_id, type, scopes, created_at, expires_at)
        VALUES (@hash, @id, @registration, @type, @scopes, @now, @expires)
        """,
        ("@hash", credential.Hash),
        ("@id", credential.Id),
        ("@registration", registrationId),
        ("@type", credential.Type),
        ("@scopes", credential.Scopes),
        ("@now", now),
        ("@expires", credential.ExpiresAt));

    /// <summary>Makes an attempt its registration's current one.</summary>
    private static async ValueTask InsertAsync(StoreSession session, NewClaimAttempt attempt, string registrationId)
    {
        await session.ExecuteAsync(
            """
            INSERT INTO attempts (id, registration_id, token, email, mailbox, created_at, expires_at, code, code_expires_at, remote_address)
            VALUES (@id, @registration, @token, @email, @mailbox, @created, @expires, @code, @codeExpires, @address)
            """,
            ("@id", attempt.Id),
            ("@registration", registrationId),
            ("@token", attempt.Token),
            ("@email", attempt.Email),
            ("@mailbox", attempt.Mailbox),
            ("@created", attempt.CreatedAt),
            ("@expires", attempt.ExpiresAt),
            ("@code", attempt.Code?.Hash),
            ("@codeExpires", attempt.Code?.ExpiresAt),
            ("@address", attempt.RemoteAddress));
        await session.ExecuteAsync(
            "UPDATE registrations SET attempt_id = @attempt, attempts = attempts + 1 WHERE id = @id", ("@attempt", attempt.Id), ("@id", registrationId));
    }

    /// <summary>Has others be told of the credentials of a registration.</summary>
    private static async ValueTask TellOfCredentialsAsync(StoreSession session, string registrationId) => session.Effects.Changed.AddRange(
        await session.AllAsync("SELECT hash FROM credentials WHERE registration_id = @id", row => row.Hash(0), ("@id", registrationId)));

    /// <summary>Ends a registration with its credentials, and has others be told; how many live ones died.</summary>
    private static async ValueTask<int> KillAsync(StoreSession session, string registrationId, DateTimeOffset now)
    {
        await TellOfCredentialsAsync(session, registrationId);
        await session.ExecuteAsync(
            "UPDATE registrations SET status = @revoked, revoked_at = @now WHERE id = @id",
            ("@revoked", AgentRegistrationStatus.Revoked),
            ("@now", now),
            ("@id", registrationId));
        return await session.ExecuteAsync(
            $"UPDATE credentials SET revoked = 1 WHERE registration_id = @id AND {NotDead}",
            ("@id", registrationId),
            ("@now", now));
    }
}
