using System.Collections.Immutable;
using System.Data.Common;
using AgentAuth.Audit;
using AgentAuth.Manifest;

namespace AgentAuth.Storage;

/// <content>The claim ceremony.</content>
internal sealed partial class AgentAuthStore
{
    private const string ClaimColumns =
        """
        SELECT r.id, r.type, r.status, r.created_at, r.expires_at, r.remote_address, r.email, r.requested_credential, r.scopes, r.guesses,
               r.iss, r.sub, r.client_id, r.jti, r.agent_platform, r.agent_context_id, r.act,
               a.id, a.email, a.expires_at, a.guesses, CASE WHEN r.attempt_id = a.id THEN 1 ELSE 0 END, a.code, a.code_expires_at,
               a.created_at, a.remote_address,
               r.attempts, a.codes_shown, coalesce(a.mailbox, a.email)
        """;

    private const string ByClaimToken =
        ClaimColumns + " FROM registrations r LEFT JOIN attempts a ON a.id = r.attempt_id WHERE r.claim_token = @token";

    private const string ByAttemptToken =
        ClaimColumns + " FROM attempts a JOIN registrations r ON r.id = a.registration_id WHERE a.token = @token";

    private const string ById =
        ClaimColumns + " FROM registrations r LEFT JOIN attempts a ON a.id = r.attempt_id WHERE r.id = @token";

    /// <inheritdoc/>
    public ValueTask<ClaimView?> FindClaimAsync(SecretHash claimToken, CancellationToken cancellationToken) =>
        engine.ReadAsync(async session => (await FindClaimAsync(session, ByClaimToken, claimToken))?.View, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ClaimView?> FindAttemptAsync(SecretHash attemptToken, CancellationToken cancellationToken) =>
        engine.ReadAsync(async session => (await FindClaimAsync(session, ByAttemptToken, attemptToken))?.View, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StartAttemptOutcome> StartAttemptAsync(
        SecretHash claimToken,
        NewClaimAttempt attempt,
        DateTimeOffset now,
        GuessLimits limits,
        ImmutableArray<AgentAuditEvent> audit,
        CancellationToken cancellationToken) =>
        ChangeAsync(
            async session =>
            {
                if ((await FindClaimAsync(session, ByClaimToken, claimToken))?.View is not { } claim)
                {
                    return StartAttemptOutcome.UnknownToken;
                }

                if (claim.Status == AgentRegistrationStatus.Claimed)
                {
                    return StartAttemptOutcome.Claimed;
                }

                var at = Later(now);
                if (!claim.CanBeClaimedAt(at, limits))
                {
                    return StartAttemptOutcome.Expired;
                }

                if (claim.OpenAttemptFor(attempt.Email, at, limits) is not null)
                {
                    return StartAttemptOutcome.AlreadyOpen;
                }

                if (claim.Attempts >= limits.AttemptsPerRegistration)
                {
                    return StartAttemptOutcome.NoneLeft;
                }

                // The code of the attempt before dies with it.
                await session.ExecuteAsync("UPDATE attempts SET code = NULL, code_expires_at = NULL WHERE registration_id = @id", ("@id", claim.RegistrationId));
                await InsertAsync(session, attempt, claim.RegistrationId);
                await InsertAsync(session, audit);
                return StartAttemptOutcome.Started;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AttemptOutcome> SetCodeAsync(
        SecretHash attemptToken, OneTimeCode code, DateTimeOffset now, GuessLimits limits, AgentAuditEvent audit, CancellationToken cancellationToken) =>
        ChangeAsync(
            session => ActOnAttemptAsync(session, attemptToken, Later(now), async claim =>
            {
                if (claim.Attempt!.CodesShown >= limits.CodesPerAttempt)
                {
                    return AttemptOutcome.NoneLeft;
                }

                await session.ExecuteAsync(
                    "UPDATE attempts SET code = @code, code_expires_at = @expires, guesses = 0, codes_shown = codes_shown + 1 WHERE id = @id",
                    ("@code", code.Hash),
                    ("@expires", code.ExpiresAt),
                    ("@id", claim.Attempt.Id));
                await InsertAsync(session, audit);
                return AttemptOutcome.Done;
            }),
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask EndAttemptsAsync(IReadOnlyCollection<string> attemptIds, DateTimeOffset now, CancellationToken cancellationToken) =>
        await ChangeAsync(
            async session =>
            {
                foreach (var id in attemptIds)
                {
                    await session.ExecuteAsync(
                        """
                        UPDATE attempts SET expires_at = CASE WHEN expires_at < @now THEN expires_at ELSE @now END, code = NULL, code_expires_at = NULL
                        WHERE id = @id AND codes_shown = 0
                        """,
                        ("@now", now),
                        ("@id", id));
                }

                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<AttemptOutcome> DeclineAsync(
        SecretHash attemptToken, DateTimeOffset now, AgentAuditEvent audit, CancellationToken cancellationToken)
    {
        return await ChangeAsync(
            session => ActOnAttemptAsync(session, attemptToken, Later(now), async claim =>
            {
                await KillAsync(session, claim.RegistrationId, now);
                await InsertAsync(session, audit);
                await InsertAsync(session, audit with { Name = AgentAuditEvents.RegistrationRevoked });
                return AttemptOutcome.Done;
            }),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<GuessReservation> ReserveGuessAsync(
        SecretHash claimToken, DateTimeOffset now, GuessLimits limits, CancellationToken cancellationToken)
    {
        return await ChangeAsync(
            async session =>
            {
                if (await FindClaimAsync(session, ByClaimToken, claimToken) is not { } row)
                {
                    return new GuessReservation { Outcome = GuessOutcome.UnknownToken };
                }

                var claim = row.View;
                if (claim.Status == AgentRegistrationStatus.Claimed)
                {
                    return new GuessReservation { Outcome = GuessOutcome.Claimed };
                }

                var at = Later(now);
                if (!claim.IsAliveAt(at))
                {
                    return new GuessReservation { Outcome = GuessOutcome.RegistrationExpired };
                }

                if (claim.Guesses >= limits.PerRegistration)
                {
                    // The last guess was counted and its failure never recorded: the process died between the two.
                    await KillAsync(session, claim.RegistrationId, now);
                    await InsertAsync(
                        session,
                        new AgentAuditEvent
                        {
                            Name = AgentAuditEvents.RegistrationRevoked,
                            At = now,
                            RegistrationId = claim.RegistrationId,
                            RegistrationType = claim.Type,
                        }.About(claim.Agent));
                    return new GuessReservation { Outcome = GuessOutcome.RegistrationExpired };
                }

                if (claim.Attempt is not { } attempt || row.Code is not { } code)
                {
                    return new GuessReservation { Outcome = GuessOutcome.NoCode };
                }

                if (code.ExpiresAt <= at || attempt.Guesses >= limits.PerCode)
                {
                    return new GuessReservation { Outcome = GuessOutcome.CodeExpired };
                }

                var isShown = attempt.CodesShown > 0;
                if (await PausedUntilAsync(session, row.Mailbox!, isShown, at, limits) is { } pausedUntil)
                {
                    return new GuessReservation { Outcome = GuessOutcome.Paused, PausedUntil = pausedUntil, IsShown = isShown };
                }

                await session.ExecuteAsync("UPDATE attempts SET guesses = guesses + 1 WHERE id = @id", ("@id", attempt.Id));
                await session.ExecuteAsync("UPDATE registrations SET guesses = guesses + 1 WHERE id = @id", ("@id", claim.RegistrationId));
                await CountGuessAsync(session, row.Mailbox!, isShown, at, limits);
                return new GuessReservation
                {
                    Outcome = GuessOutcome.Reserved,
                    IsShown = isShown,
                    Claim = claim,
                    Code = code,
                    RemainingForCode = limits.PerCode - attempt.Guesses - 1,
                    RemainingForRegistration = limits.PerRegistration - claim.Guesses - 1,
                };
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask RecordWrongGuessAsync(
        string registrationId, DateTimeOffset now, GuessLimits limits, AgentAuditEvent audit, CancellationToken cancellationToken)
    {
        await ChangeAsync(
            async session =>
            {
                await InsertAsync(session, audit);
                if (await FindClaimAsync(session, ById, registrationId) is { View: { Status: AgentRegistrationStatus.Unclaimed } claim }
                    && claim.Guesses >= limits.PerRegistration)
                {
                    await KillAsync(session, registrationId, now);
                    await InsertAsync(session, audit with { Name = AgentAuditEvents.RegistrationRevoked, Outcome = "success" });
                }

                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask ReturnGuessAsync(string registrationId, string attemptId, SecretHash code, CancellationToken cancellationToken) =>
        await ChangeAsync(
            async session =>
            {
                if (await FindClaimAsync(session, ById, registrationId) is not { Code: { } current, View.Attempt: { } attempt } row || attempt.Id != attemptId || current.Hash != code)
                {
                    return false;
                }

                await session.ExecuteAsync("UPDATE attempts SET guesses = CASE WHEN guesses > 0 THEN guesses - 1 ELSE 0 END WHERE id = @id", ("@id", attemptId));
                await session.ExecuteAsync("UPDATE registrations SET guesses = CASE WHEN guesses > 0 THEN guesses - 1 ELSE 0 END WHERE id = @id", ("@id", registrationId));
                await UncountGuessAsync(session, row);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<CompleteOutcome> CompleteClaimAsync(ClaimCompletion claim, CancellationToken cancellationToken)
    {
        return await ChangeAsync(
            async session =>
            {
                if (await FindClaimAsync(session, ById, claim.RegistrationId) is not { } row)
                {
                    return CompleteOutcome.Expired;
                }

                if (row.View.Status == AgentRegistrationStatus.Claimed)
                {
                    return CompleteOutcome.AlreadyClaimed;
                }

                var at = Later(claim.Now);
                if (!row.View.IsAliveAt(at))
                {
                    return CompleteOutcome.Expired;
                }

                if (row.View.Attempt?.Id != claim.AttemptId || row.Code?.Hash != claim.Code)
                {
                    return CompleteOutcome.CodeReplaced;
                }

                // Who began before a revocation must begin anew: a claim cannot bring back what it ended.
                var account = claim.Account is { } planned ? await AccountRows.IdOfAsync(session, planned) : claim.AccountId!;
                if (row.Code.ExpiresAt <= at || await IsRevokedAsync(session, row.View.Agent, account, row.View.CreatedAt, issuedAt: null))
                {
                    return CompleteOutcome.Expired;
                }

                if (claim.Account is { } made)
                {
                    await AccountRows.MakeAsync(session, made);
                }

                await TellOfCredentialsAsync(session, claim.RegistrationId);
                await CompleteAsync(session, claim, row.View, account);
                await UncountGuessAsync(session, row);
                return CompleteOutcome.Completed;
            },
            cancellationToken);
    }

    // It was right, so it was no guess at the mailbox.
    private static async ValueTask UncountGuessAsync(StoreSession session, ClaimRow row) => await session.ExecuteAsync(
        "UPDATE guesses SET count = count - 1 WHERE mailbox = @mailbox AND shown = @shown AND count > 0",
        ("@mailbox", row.Mailbox),
        ("@shown", row.View.Attempt!.CodesShown > 0));

    private static async ValueTask CompleteAsync(StoreSession session, ClaimCompletion claim, ClaimView view, string account)
    {
        await session.ExecuteAsync(
            "UPDATE registrations SET status = @claimed, account_id = @account, claimed_at = @now WHERE id = @id",
            ("@claimed", AgentRegistrationStatus.Claimed),
            ("@account", account),
            ("@now", claim.Now),
            ("@id", claim.RegistrationId));
        await session.ExecuteAsync("UPDATE attempts SET code = NULL, code_expires_at = NULL WHERE registration_id = @id", ("@id", claim.RegistrationId));
        if (claim.RevokesEarlierCredentials)
        {
            await session.ExecuteAsync("UPDATE credentials SET revoked = 1 WHERE registration_id = @id", ("@id", claim.RegistrationId));
        }
        else
        {
            await session.ExecuteAsync(
                "UPDATE credentials SET scopes = @scopes WHERE registration_id = @id AND revoked = 0",
                ("@scopes", claim.Scopes),
                ("@id", claim.RegistrationId));
        }

        if (claim.Credential is { } credential)
        {
            await InsertAsync(session, credential, claim.RegistrationId, claim.Now);
        }

        if (view.Agent is { } agent)
        {
            await BindAsync(session, agent.Delegation, account, claim.Now);
        }

        await InsertAsync(session, claim.Audit with { AccountId = account });
    }

    private static async ValueTask<AttemptOutcome> ActOnAttemptAsync(
        StoreSession session, SecretHash attemptToken, DateTimeOffset now, Func<ClaimView, ValueTask<AttemptOutcome>> act)
    {
        if ((await FindClaimAsync(session, ByAttemptToken, attemptToken))?.View is not { } claim)
        {
            return AttemptOutcome.Superseded;
        }

        return claim.LinkAt(now) is var link && link != AttemptOutcome.Done ? link : await act(claim);
    }

    /// <summary>Until when no guesses at codes of a kind are taken for a mailbox; null: they are. A time that begins in the future is a clock's mistake.</summary>
    private static async ValueTask<DateTimeOffset?> PausedUntilAsync(StoreSession session, string mailbox, bool isShown, DateTimeOffset now, GuessLimits limits) =>
        await session.AllAsync(
            "SELECT since FROM guesses WHERE mailbox = @mailbox AND shown = @shown AND since > @before AND since <= @now AND count >= @limit",
            row => row.Instant(0) + limits.MailboxWindow,
            ("@mailbox", mailbox),
            ("@shown", isShown),
            ("@before", now - limits.MailboxWindow),
            ("@now", now),
            ("@limit", isShown ? limits.ShownPerMailbox : limits.MailedPerMailbox)) is [var until] ? until : null;

    private static async ValueTask CountGuessAsync(StoreSession session, string mailbox, bool isShown, DateTimeOffset now, GuessLimits limits) => await session.ExecuteAsync(
        """
        INSERT INTO guesses (mailbox, shown, since, count) VALUES (@mailbox, @shown, @now, 1)
        ON CONFLICT (mailbox, shown) DO UPDATE SET
            count = CASE WHEN guesses.since > @before AND guesses.since <= @now THEN guesses.count + 1 ELSE 1 END,
            since = CASE WHEN guesses.since > @before AND guesses.since <= @now THEN guesses.since ELSE @now END
        """,
        ("@mailbox", mailbox),
        ("@shown", isShown),
        ("@now", now),
        ("@before", now - limits.MailboxWindow));

    private static ValueTask<ClaimRow?> FindClaimAsync(StoreSession session, string sql, object key) => session.FirstAsync(sql, ReadClaim, ("@token", key));

    private static ClaimRow ReadClaim(DbDataReader row) => new(
        new ClaimView
        {
            RegistrationId = row.GetString(0),
            Type = (AgentRegistrationType)row.GetInt32(1),
            Status = (AgentRegistrationStatus)row.GetInt32(2),
            CreatedAt = row.Instant(3),
            ExpiresAt = row.OptionalInstant(4) ?? DateTimeOffset.MaxValue,
            RemoteAddress = row.Text(5),
            Email = row.Text(6),
            RequestedCredential = (CredentialType)row.GetInt32(7),
            GrantedScopes = row.Scopes(8),
            Guesses = row.GetInt32(9),
            Attempts = row.GetInt32(26),
            Agent = row.Agent(10),
            Attempt = row.IsDBNull(17)
                ? null
                : new AttemptView(
                    row.GetString(17),
                    row.GetString(18),
                    row.Flag(21) ? AttemptStatus.Current : AttemptStatus.Superseded,
                    row.Instant(19),
                    row.GetInt32(20),
                    row.Instant(24),
                    row.Text(25))
                {
                    CodesShown = row.GetInt32(27),
                },
        },
        row.IsDBNull(22) ? null : new OneTimeCode(row.Hash(22), row.Instant(23)),
        row.Text(28));

    private sealed record ClaimRow(ClaimView View, OneTimeCode? Code, string? Mailbox);
}
