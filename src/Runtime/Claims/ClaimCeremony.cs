using AgentAuth.Accounts;
using AgentAuth.Audit;
using AgentAuth.Configuration;
using AgentAuth.Credentials;
using AgentAuth.Limits;
using AgentAuth.Protocol;
using AgentAuth.Protocol.V01;
using AgentAuth.Refusals;
using AgentAuth.Storage;
using AgentAuth.Text;

namespace AgentAuth.Claims;

/// <summary>An attempt that was started, or that was open already.</summary>
internal sealed record StartedClaim(string RegistrationId, string AttemptId, DateTimeOffset ExpiresAt);

/// <summary>A code to show to the person.</summary>
internal sealed record ShownCode(string Code, DateTimeOffset ExpiresAt, ClaimView Claim)
{
    // A record prints its members; this one must not.
    public override string ToString() => "(code)";
}

/// <summary>A claim that succeeded.</summary>
/// <param name="RegistrationId">The registration.</param>
/// <param name="Credential">The new credential; null when the one that the agent has gained the scopes.</param>
internal sealed record CompletedClaim(string RegistrationId, IssuedCredential? Credential);

/// <summary>
/// The claim ceremony: the agent asks for a mail, the person reads a code off a page, the agent gives the code back. The code proves that the
/// person who reads the mail and the person the agent talks to are one.
/// </summary>
internal sealed class ClaimCeremony(
    AgentAuthSettings settings,
    IAgentAuthStore store,
    AccountMatcher matcher,
    RequestLimits limits,
    ClaimMailer mailer,
    OneTimeCodes codes,
    RefusalTrail refusals)
{
    /// <summary>
    /// Five guesses at one code, ten over a registration's life: a chance of 1 in 100,000. A code that was mailed is longer, and ten guesses a day at
    /// one mailbox are a chance of 1 in 27,000 over a year, whoever makes them and however many registrations they spread them over.
    /// </summary>
    public static readonly GuessLimits Guesses = new(PerCode: 5, PerRegistration: 10);

    private const int LongestCode = 64;

    private static readonly Refusal s_unknownToken = new(
        RefusalReason.InvalidClaimToken, "The claim token is unknown. Check that it is complete, or register again.");

    private static readonly Refusal s_claimed = new(
        RefusalReason.ClaimedOrInFlight, "The registration has been claimed. Use its credential, or register again.");

    private static readonly Refusal s_inFlight = new(
        RefusalReason.ClaimedOrInFlight, "Another request has just started a claim of this registration. Complete that one, or try again in a moment.");

    private static readonly Refusal s_registrationExpired = new(
        RefusalReason.ClaimExpired, "The registration has expired or was ended, and its credential with it. Register again.");

    private static readonly Refusal s_linkExpired = new(
        RefusalReason.ClaimExpired, "The link has expired. Ask the agent to have another mail sent.");

    private static readonly Refusal s_ended = new(
        RefusalReason.ClaimEnded, "The request was refused, or the agent's registration was ended, and whatever access it had with it. You need not do anything else.");

    private static readonly Refusal s_unknownLink = new(
        RefusalReason.UnknownLink, "No mail has this link. Open the link in the mail itself, or check that you have copied all of it.");

    private static readonly Refusal s_superseded = new(
        RefusalReason.ClaimSuperseded, "A newer mail has replaced the one with this link. Use the newest mail.");

    private static readonly Refusal s_completed = new(
        RefusalReason.ClaimCompleted, "The registration has been claimed already. Nothing is left to do.");

    private static readonly Refusal s_codeExpired = new(
        RefusalReason.OtpExpired, "The code is too old or was guessed at too often. Ask for a fresh mail with the claim token, and for the code on its page.");

    private static readonly Refusal s_mailedCodesPaused = new(
        RefusalReason.OtpExpired, "Too many wrong codes were given for this address. Ask the user to open the link in the mail, and to tell you the code that the page shows.");

    private static readonly Refusal s_noMailLeft = new(
        RefusalReason.ClaimExpired, "No more mails are sent for this registration. Complete the claim with the newest one, or register again.");

    private static readonly Refusal s_noCodeLeft = new(
        RefusalReason.ClaimExpired, "This link has shown as many codes as it can. Ask the agent to have another mail sent.");

    private static readonly Refusal s_codeInvalid = new(
        RefusalReason.OtpInvalid, "That is not the code. Ask the user to read it again from the page.");

    /// <summary>Starts an attempt, or restarts one, and mails its link.</summary>
    public async ValueTask<Outcome<StartedClaim>> StartAsync(
        string claimToken, string email, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var token = SecretHash.Of(claimToken);
        var claim = await store.FindClaimAsync(token, cancellationToken);
        if (claim is null)
        {
            return s_unknownToken;
        }

        if (claim.Status == AgentRegistrationStatus.Claimed)
        {
            return s_claimed;
        }

        if (!claim.CanBeClaimedAt(origin.ReceivedAt, Guesses))
        {
            return s_registrationExpired;
        }

        if (!EmailAddress.TryNormalize(email, out var address))
        {
            return ClaimMailer.InvalidAddress;
        }

        if (claim.Email is not null && !string.Equals(claim.Email, address, StringComparison.Ordinal))
        {
            return new Refusal(RefusalReason.InvalidRequest, "The registration was made for another address. Send that one, or register again.");
        }

        if (claim.OpenAttemptFor(address, origin.ReceivedAt, Guesses) is { } open)
        {
            return new StartedClaim(claim.RegistrationId, open.Id, open.ExpiresAt);
        }

        // Before a permit is taken: what comes to nothing must not use up the recipient's.
        if (claim.Attempts >= Guesses.AttemptsPerRegistration)
        {
            return s_noMailLeft;
        }

        if ((mailer.BusyFor(address, origin) ?? limits.ClaimMail(origin.Address, address)) is { } refusal)
        {
            return refusal;
        }

        var attempt = mailer.Prepare(claim.RegistrationId, claim.Type, address, origin, claim.ExpiresAt);
        var audit = AuditTrail.ClaimRequested(claim.RegistrationId, claim.Type, attempt.Record.Code is not null, origin, claim.Agent);
        switch (await store.StartAttemptAsync(token, attempt.Record, origin.ReceivedAt, Guesses, [.. audit], cancellationToken))
        {
            case StartAttemptOutcome.Started:
                mailer.Send(attempt, claim.GrantedScopes, claim.Agent);
                return new StartedClaim(claim.RegistrationId, attempt.Record.Id, attempt.Record.ExpiresAt);
            case StartAttemptOutcome.AlreadyOpen:
                // A parallel request was first; its mail is this one's too.
                return await store.FindClaimAsync(token, cancellationToken) is { } again && again.OpenAttemptFor(address, origin.ReceivedAt, Guesses) is { } theirs
                    ? new StartedClaim(again.RegistrationId, theirs.Id, theirs.ExpiresAt)
                    : s_inFlight;
            case StartAttemptOutcome.UnknownToken:
                return s_unknownToken;
            case StartAttemptOutcome.Claimed:
                return s_claimed;
            case StartAttemptOutcome.NoneLeft:
                return s_noMailLeft;
            default:
                return s_registrationExpired;
        }
    }

    /// <summary>What the link leads to. Changes nothing: mail scanners follow links.</summary>
    public async ValueTask<Outcome<ClaimView>> ViewAsync(string attemptToken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.FindAttemptAsync(SecretHash.Of(attemptToken), cancellationToken) is not { } claim)
        {
            return s_unknownLink;
        }

        return RefusalOf(claim.LinkAt(now)) is { } refusal ? refusal : claim.CanBeClaimedAt(now, Guesses) ? claim : s_linkExpired;
    }

    /// <summary>Makes a fresh code, which kills the one before, and shows it.</summary>
    public async ValueTask<Outcome<ShownCode>> ShowCodeAsync(string attemptToken, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var view = await ViewAsync(attemptToken, origin.ReceivedAt, cancellationToken);
        if (view.Value is not { } claim)
        {
            return view.Refusal!;
        }

        // Looked at before the store's turn is asked for: a link that shows no more codes costs a look and no more.
        if (claim.Attempt!.CodesShown >= Guesses.CodesPerAttempt)
        {
            return s_noCodeLeft;
        }

        if (limits.Challenge(origin.Address) is { } limited)
        {
            return OnPage(limited);
        }

        var code = OneTimeCodes.CreateShown();
        var expires = origin.ReceivedAt + settings.Manifest.Lifetimes.OneTimeCode;
        expires = expires < claim.ExpiresAt ? expires : claim.ExpiresAt;
        var outcome = await store.SetCodeAsync(
            SecretHash.Of(attemptToken),
            new OneTimeCode(codes.Hash(claim.Attempt.Id, claim.RegistrationId, code), expires),
            origin.ReceivedAt,
            Guesses,
            AuditTrail.Of(AgentAuditEvents.OtpGenerated, claim.RegistrationId, claim.Type, origin, claim.Agent),
            cancellationToken);
        return RefusalOf(outcome) is { } refusal ? refusal : new ShownCode(code, expires, claim);
    }

    /// <summary>"This wasn't me."</summary>
    public async ValueTask<Outcome<ClaimView>> DeclineAsync(string attemptToken, RequestOrigin origin, CancellationToken cancellationToken)
    {
        // Looked at before the store's turn is asked for: there is one decline in a link, and whatever comes after it changes nothing.
        var view = await ViewAsync(attemptToken, origin.ReceivedAt, cancellationToken);
        if (view.Value is not { } claim)
        {
            return view.Refusal!;
        }

        if (limits.Decline(origin.Address) is { } limited)
        {
            return OnPage(limited);
        }

        var outcome = await store.DeclineAsync(
            SecretHash.Of(attemptToken),
            origin.ReceivedAt,
            AuditTrail.Of(AgentAuditEvents.ClaimDeclined, claim.RegistrationId, claim.Type, origin, claim.Agent),
            cancellationToken);
        return RefusalOf(outcome) is not { } refusal ? claim : refusal;
    }

    /// <summary>Compares the code, and claims the registration when it is right.</summary>
    public async ValueTask<Outcome<CompletedClaim>> CompleteAsync(
        string claimToken, string code, RequestOrigin origin, CancellationToken cancellationToken)
    {
        if (code.Length > LongestCode)
        {
            return new Refusal(RefusalReason.InvalidRequest, "The code has six digits, or eight in a mail; that is something else.");
        }

        if (limits.Complete(origin.Address) is { } limited)
        {
            return limited;
        }

        if (!OneTimeCodes.TryRead(code, out var digits))
        {
            return OneTimeCodes.NoCode;
        }

        var now = origin.ReceivedAt;
        var guess = await store.ReserveGuessAsync(SecretHash.Of(claimToken), now, Guesses, cancellationToken);
        if (guess.Outcome != GuessOutcome.Reserved)
        {
            return guess.PausedUntil is { } until ? Paused(guess.IsShown, until - now) : RefusalOf(guess.Outcome);
        }

        var claim = guess.Claim!;
        var hash = codes.Hash(claim.Attempt!.Id, claim.RegistrationId, digits);
        if (hash != guess.Code!.Hash)
        {
            // Whoever hangs up now has guessed all the same.
            await store.RecordWrongGuessAsync(
                claim.RegistrationId,
                now,
                Guesses,
                AuditTrail.Of(AgentAuditEvents.ClaimFailed, claim.RegistrationId, claim.Type, origin, claim.Agent) with { Outcome = ProtocolErrors.OtpInvalid.Code },
                CancellationToken.None);
            return guess.RemainingForRegistration == 0 ? s_registrationExpired
                : guess.RemainingForCode == 0 ? s_codeExpired
                : s_codeInvalid;
        }

        var match = await FindAccountAsync(claim, hash, now, cancellationToken);
        if (match.IsTo)
        {
            return await CompleteAsync(claim, hash, match, origin, cancellationToken);
        }

        if (match.Refusal!.Reason == RefusalReason.RegistrationRejected)
        {
            refusals.Tell(
                AuditTrail.Of(AgentAuditEvents.ClaimFailed, claim.RegistrationId, claim.Type, origin, claim.Agent) with { Outcome = ProtocolErrors.RegistrationRejected.Code }, origin);
        }

        return match.Refusal!;
    }

    /// <summary>Only now is anybody's account looked at: the address is proved to be theirs.</summary>
    private async ValueTask<Match> FindAccountAsync(ClaimView claim, SecretHash code, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isFound = false;
        try
        {
            var match = await matcher.MatchOwnerAsync(claim, claim.Attempt!.Email, now, cancellationToken);
            isFound = match.IsTo;
            return match;
        }
        finally
        {
            // The guess was right. An app that cannot answer, or an address that has yet to be confirmed, must not use up the code.
            if (!isFound)
            {
                await store.ReturnGuessAsync(claim.RegistrationId, claim.Attempt!.Id, code, CancellationToken.None);
            }
        }
    }

    private async ValueTask<Outcome<CompletedClaim>> CompleteAsync(
        ClaimView claim, SecretHash code, Match match, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var keepsKey = claim.Type == AgentRegistrationType.Anonymous && settings.Manifest.Anonymous?.RotateOnClaim != true;
        var credential = keepsKey
            ? null
            : CredentialIssuer.Issue(claim.RequestedCredential, claim.GrantedScopes, settings.Manifest.Lifetimes, origin.ReceivedAt);
        var outcome = await store.CompleteClaimAsync(
            new ClaimCompletion
            {
                RegistrationId = claim.RegistrationId,
                AttemptId = claim.Attempt!.Id,
                Code = code,
                AccountId = match.AccountId,
                Account = match.Account,
                Now = origin.ReceivedAt,
                Credential = credential?.Record,
                RevokesEarlierCredentials = !keepsKey,
                Scopes = claim.GrantedScopes,
                Audit = AuditTrail.Of(AgentAuditEvents.ClaimConfirmed, claim.RegistrationId, claim.Type, origin, claim.Agent),
            },
            cancellationToken);
        return outcome switch
        {
            CompleteOutcome.Completed => new CompletedClaim(claim.RegistrationId, credential),
            CompleteOutcome.AlreadyClaimed => RefusalOf(GuessOutcome.Claimed),
            CompleteOutcome.CodeReplaced => s_codeInvalid,
            _ => s_registrationExpired,
        };
    }

    private static Refusal? RefusalOf(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Done => null,
        AttemptOutcome.Superseded => s_superseded,
        AttemptOutcome.Claimed => s_completed,
        AttemptOutcome.Ended => s_ended,
        AttemptOutcome.NoneLeft => s_noCodeLeft,
        _ => s_linkExpired,
    };

    // Whoever can open the mail is not kept waiting by somebody who can only guess: the page's codes are counted apart.
    private static Refusal Paused(bool isShown, TimeSpan wait) => isShown
        ? new Refusal(RefusalReason.RateLimited, "Too many wrong codes were given for this address. Wait as long as Retry-After says, then ask for a fresh mail.", wait)
        : s_mailedCodesPaused;

    private static Refusal OnPage(Refusal limited) => limited with { Message = "This was pressed too often from where you are. Wait a while, then try again." };

    private static Refusal RefusalOf(GuessOutcome outcome) => outcome switch
    {
        GuessOutcome.UnknownToken => s_unknownToken,
        GuessOutcome.NoCode => new Refusal(RefusalReason.OtpNotGenerated, "The user has not opened the link in the mail yet. Ask them to, and to tell you the code."),
        GuessOutcome.CodeExpired => s_codeExpired,
        GuessOutcome.Claimed => new Refusal(RefusalReason.PreviouslyClaimed, "The registration has been claimed already. Use its credential, or register again for a fresh one."),
        _ => s_registrationExpired,
    };
}
