using AgentAuth.Audit;
using AgentAuth.Manifest;

namespace AgentAuth.Storage.Sqlite;

/// <summary>
/// The embedded store: one SQLite file, one process. Plain ADO.NET with prepared statements. Each operation is one immediate transaction on the
/// one writing connection, so operations happen one after another and every race has an order.
/// </summary>
/// <param name="path">Path of the database; its folder is created.</param>
/// <param name="time">For the wait for a predecessor to leave.</param>
/// <param name="audit">Is told of every audit row once it is durable; null: nobody is.</param>
public sealed partial class SqliteAgentAuthStore(string path, TimeProvider time, AuditPublisher? audit = null) : IAgentAuthStore, IAsyncDisposable
{
    private const int CacheCapacity = 50_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly SqliteDatabase _database = new(path, time);
    private readonly CredentialCache _cache = new(CacheCapacity);

    /// <summary>The texts of the statements that were run, for a test that reads their plans.</summary>
    internal IEnumerable<string> Statements => _database.Statements;

    /// <summary>Is told of the credentials that changes have changed.</summary>
    internal CredentialChanges? Changes { get; init; }

    /// <inheritdoc/>
    public ValueTask InitializeAsync(CancellationToken cancellationToken) => _database.OpenAsync(s_patience, ForgetEverything, cancellationToken);

    // Somebody else has written to the file: nothing that was read before counts, for requests and for what is open.
    private void ForgetEverything()
    {
        _cache.Clear();
        Changes?.PublishAny();
    }

    /// <summary>Closes the database and lets another process have it.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <inheritdoc/>
    public ValueTask<CredentialRecord?> FindCredentialAsync(SecretHash hash, CancellationToken cancellationToken)
    {
        _database.WatchOthers();
        if (_cache.TryGet(hash, out var cached))
        {
            return ValueTask.FromResult(cached);
        }

        var epoch = _cache.Epoch;
        var record = _database.Read(session => session.First(
            """
            SELECT c.id, c.type, c.scopes, c.expires_at, c.revoked, r.id, r.type, r.status, r.expires_at, r.account_id,
                   r.iss, r.sub, r.client_id, r.jti, r.agent_platform, r.agent_context_id, r.act, r.auth_time, r.acr, r.amr
            FROM credentials c JOIN registrations r ON r.id = c.registration_id
            WHERE c.hash = $hash
            """,
            row =>
            {
                var status = (RegistrationStatus)row.GetInt32(7);
                var own = row.OptionalInstant(3);
                var registration = status == RegistrationStatus.Unclaimed ? row.OptionalInstant(8) : null;
                return new CredentialRecord
                {
                    Id = row.GetString(0),
                    Type = (CredentialType)row.GetInt32(1),
                    Scopes = row.Scopes(2),
                    ExpiresAt = own is null || registration < own ? registration ?? own : own,
                    IsRevoked = row.GetBoolean(4) || status == RegistrationStatus.Revoked,
                    RegistrationId = row.GetString(5),
                    RegistrationType = (RegistrationType)row.GetInt32(6),
                    AccountId = row.Text(9),
                    Agent = row.Agent(10),
                    Authentication = row.Authentication(17),
                };
            },
            ("$hash", hash)));
        if (record is not null)
        {
            _cache.Add(hash, record, epoch);
        }

        return ValueTask.FromResult(record);
    }

    /// <inheritdoc/>
    public ValueTask<string?> FindDelegationAsync(DelegationKey delegation, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_database.Read(session => FindDelegation(session, delegation)));

    /// <summary>
    /// Runs a change as one transaction. Once it is durable the cache forgets the credentials it changed, whoever watches them is told, and then
    /// its audit rows are told of.
    /// </summary>
    private async ValueTask<T> ChangeAsync<T>(
        Func<SqliteSession, T> change, CancellationToken cancellationToken, IReadOnlyList<SecretHash>? changed = null)
    {
        List<AuditEvent> audited = [];
        var result = await _database.WriteAsync(
            session =>
            {
                session.Audited = audited;
                return change(session);
            },
            cancellationToken);
        if (changed is { Count: > 0 })
        {
            _cache.Evict(changed);
            Changes?.Publish(changed);
        }

        audit?.Publish(audited);
        return result;
    }

    private static string? FindDelegation(SqliteSession session, DelegationKey delegation) => session.First(
        "SELECT account_id FROM delegations WHERE iss = $iss AND sub = $sub",
        row => row.GetString(0),
        ("$iss", delegation.Issuer),
        ("$sub", delegation.Subject));

    /// <summary>Uses a token up. One that need not be remembered any more may have been used and forgotten: it is too late for it.</summary>
    private TokenUse UseUp(SqliteSession session, ReplayKey token)
    {
        if (token.RememberUntil <= time.GetUtcNow())
        {
            return TokenUse.Expired;
        }

        var isFirst = session.Execute(
            "INSERT INTO replays (kind, iss, jti, remember_until) VALUES ($kind, $iss, $jti, $until) ON CONFLICT DO NOTHING",
            ("$kind", token.Kind),
            ("$iss", token.Issuer),
            ("$jti", token.JwtId),
            ("$until", token.RememberUntil)) == 1;
        return isFirst ? TokenUse.First : TokenUse.Replayed;
    }

    /// <summary>
    /// The instant asked about, or that of the change when it is later: a body that drips in and the wait for a turn must not keep alive what
    /// expires meanwhile.
    /// </summary>
    private DateTimeOffset Later(DateTimeOffset asked) => time.GetUtcNow() is var now && now > asked ? now : asked;

    private static void Insert(SqliteSession session, NewCredential credential, string registrationId, DateTimeOffset now) => session.Execute(
        """
        INSERT INTO credentials (hash, id, registration_id, type, scopes, created_at, expires_at)
        VALUES ($hash, $id, $registration, $type, $scopes, $now, $expires)
        """,
        ("$hash", credential.Hash),
        ("$id", credential.Id),
        ("$registration", registrationId),
        ("$type", credential.Type),
        ("$scopes", credential.Scopes),
        ("$now", now),
        ("$expires", credential.ExpiresAt));

    /// <summary>Makes an attempt its registration's current one.</summary>
    private static void Insert(SqliteSession session, NewClaimAttempt attempt, string registrationId)
    {
        session.Execute(
            """
            INSERT INTO attempts (id, registration_id, token, email, mailbox, created_at, expires_at, code, code_expires_at, remote_address)
            VALUES ($id, $registration, $token, $email, $mailbox, $created, $expires, $code, $codeExpires, $address)
            """,
            ("$id", attempt.Id),
            ("$registration", registrationId),
            ("$token", attempt.Token),
            ("$email", attempt.Email),
            ("$mailbox", attempt.Mailbox),
            ("$created", attempt.CreatedAt),
            ("$expires", attempt.ExpiresAt),
            ("$code", attempt.Code?.Hash),
            ("$codeExpires", attempt.Code?.ExpiresAt),
            ("$address", attempt.RemoteAddress));
        session.Execute(
            "UPDATE registrations SET attempt_id = $attempt, attempts = attempts + 1 WHERE id = $id", ("$attempt", attempt.Id), ("$id", registrationId));
    }

    /// <summary>The credentials of a registration, for the cache to forget once the change is durable.</summary>
    private static List<SecretHash> CredentialsOf(SqliteSession session, string registrationId) =>
        [.. session.All("SELECT hash FROM credentials WHERE registration_id = $id", row => row.GetFieldValue<byte[]>(0), ("$id", registrationId)).Select(h => new SecretHash(h))];

    /// <summary>Ends a registration with its credentials; how many live ones died.</summary>
    private static int Kill(SqliteSession session, string registrationId, DateTimeOffset now)
    {
        session.Execute(
            "UPDATE registrations SET status = $revoked, revoked_at = $now WHERE id = $id",
            ("$revoked", RegistrationStatus.Revoked),
            ("$now", now),
            ("$id", registrationId));
        return session.Execute(
            "UPDATE credentials SET revoked = 1 WHERE registration_id = $id AND revoked = 0 AND (expires_at IS NULL OR expires_at > $now)",
            ("$id", registrationId),
            ("$now", now));
    }
}
