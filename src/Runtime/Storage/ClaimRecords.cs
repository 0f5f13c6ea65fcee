using System.Collections.Immutable;
using AgentAuth.Manifest;

namespace AgentAuth.Storage;

/// <summary>A claim attempt to start: one mail to one address.</summary>
/// <param name="Id"><c>cla_…</c></param>
/// <param name="Token">Hash of the token in the mailed link.</param>
/// <param name="Email">Normalised address.</param>
/// <param name="CreatedAt">Now.</param>
/// <param name="ExpiresAt">When the link dies.</param>
/// <param name="Code">The code, when the mail holds the code itself; otherwise null.</param>
/// <param name="RemoteAddress">Remote address of the request for the mail, for the person who is asked to confirm; null when unknown.</param>
internal sealed record NewClaimAttempt(
    string Id,
    SecretHash Token,
    string Email,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    OneTimeCode? Code = null,
    string? RemoteAddress = null)
{
    /// <summary>The mailbox that the address leads to: wrong guesses at codes for it are counted together, over all registrations.</summary>
    public string Mailbox { get; init; } = Email;
}

/// <summary>A one-time code as it is kept.</summary>
/// <param name="Hash">HMAC-SHA-256, keyed by a server secret, over the attempt, the registration and the code.</param>
/// <param name="ExpiresAt">When it dies.</param>
internal sealed record OneTimeCode(SecretHash Hash, DateTimeOffset ExpiresAt);

/// <summary>How many guesses, codes and mails there are.</summary>
/// <param name="PerCode">Guesses at one code.</param>
/// <param name="PerRegistration">Guesses at all codes of a registration together.</param>
internal readonly record struct GuessLimits(int PerCode, int PerRegistration)
{
    /// <summary>Guesses in <see cref="MailboxWindow"/> at codes that were mailed to one mailbox, over all registrations: anybody can have one mailed.</summary>
    public int MailedPerMailbox { get; init; } = 10;

    /// <summary>
    /// Guesses in <see cref="MailboxWindow"/> at codes that the page showed to the owner of one mailbox, over all registrations. Apart from the
    /// mailed ones: there is no such code unless the owner asks for it, so that nobody else can use these up.
    /// </summary>
    public int ShownPerMailbox { get; init; } = 20;

    /// <summary>The time that begins with the first wrong guess for a mailbox.</summary>
    public TimeSpan MailboxWindow { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Codes that one link shows.</summary>
    public int CodesPerAttempt { get; init; } = 20;

    /// <summary>Attempts of one registration, each of them a mail.</summary>
    public int AttemptsPerRegistration { get; init; } = 5;
}

/// <summary>Where a claim attempt stands.</summary>
internal enum AttemptStatus
{
    /// <summary>It is its registration's current attempt.</summary>
    Current,

    /// <summary>A later attempt replaced it.</summary>
    Superseded,
}

/// <summary>A registration as the claim ceremony sees it, with one of its attempts.</summary>
internal sealed record ClaimView
{
    /// <summary><c>reg_…</c></summary>
    public required string RegistrationId { get; init; }

    /// <summary>How the registration came about.</summary>
    public required AgentRegistrationType Type { get; init; }

    /// <summary>Where the registration stands.</summary>
    public required AgentRegistrationStatus Status { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it dies unclaimed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Remote address of the registering request.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The address it is for; null for an anonymous registration.</summary>
    public string? Email { get; init; }

    /// <summary>Credential type that a claim issues.</summary>
    public required CredentialType RequestedCredential { get; init; }

    /// <summary>Scopes that a claim grants.</summary>
    public required ImmutableArray<string> GrantedScopes { get; init; }

    /// <summary>Wrong and unfinished guesses over its life.</summary>
    public required int Guesses { get; init; }

    /// <summary>Attempts over its life, each of them a mail.</summary>
    public int Attempts { get; init; }

    /// <summary>Who acts, for an ID-JAG that waits for the owner of its address.</summary>
    public AgentIdentity? Agent { get; init; }

    /// <summary>The attempt: the current one, or the one that was asked for; null when none was started.</summary>
    public AttemptView? Attempt { get; init; }

    /// <summary>Whether it waits to be claimed, and has not expired.</summary>
    /// <param name="now">The instant.</param>
    public bool IsAliveAt(DateTimeOffset now) => Status == AgentRegistrationStatus.Unclaimed && ExpiresAt > now;

    /// <summary>Whether it can still be claimed: it is alive, and has guesses left.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="limits">The guesses that it has.</param>
    public bool CanBeClaimedAt(DateTimeOffset now, GuessLimits limits) => IsAliveAt(now) && Guesses < limits.PerRegistration;

    /// <summary>The attempt, when it is for an address, and its link is good for another code or guess; otherwise null.</summary>
    /// <param name="email">The normalised address.</param>
    /// <param name="now">The instant.</param>
    /// <param name="limits">Guesses and codes of an attempt.</param>
    public AttemptView? OpenAttemptFor(string email, DateTimeOffset now, GuessLimits limits) =>
        Attempt is { } open && string.Equals(open.Email, email, StringComparison.Ordinal)
        && open.ExpiresAt > now && open.Guesses < limits.PerCode && open.CodesShown < limits.CodesPerAttempt
            ? open
            : null;

    /// <summary>Whether the attempt's link leads to something that can be done.</summary>
    /// <param name="now">The instant.</param>
    public AttemptOutcome LinkAt(DateTimeOffset now) => this switch
    {
        { Status: AgentRegistrationStatus.Claimed } => AttemptOutcome.Claimed,
        { Status: AgentRegistrationStatus.Revoked } => AttemptOutcome.Ended,
        { Attempt: null or { Status: AttemptStatus.Superseded } } => AttemptOutcome.Superseded,
        _ => IsAliveAt(now) && Attempt.ExpiresAt > now ? AttemptOutcome.Done : AttemptOutcome.Expired,
    };
}

/// <summary>A claim attempt.</summary>
/// <param name="Id"><c>cla_…</c></param>
/// <param name="Email">Whom it was mailed to.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ExpiresAt">When its link dies.</param>
/// <param name="Guesses">Guesses against its current code.</param>
/// <param name="CreatedAt">When its mail was asked for.</param>
/// <param name="RemoteAddress">Remote address of the request for the mail; null when unknown.</param>
internal sealed record AttemptView(
    string Id, string Email, AttemptStatus Status, DateTimeOffset ExpiresAt, int Guesses, DateTimeOffset CreatedAt, string? RemoteAddress)
{
    /// <summary>How many codes its page has shown.</summary>
    public int CodesShown { get; init; }
}

/// <summary>How the start of an attempt ended.</summary>
internal enum StartAttemptOutcome
{
    /// <summary>It is the current attempt now.</summary>
    Started,

    /// <summary>The current attempt is for the same address and still good; it stays.</summary>
    AlreadyOpen,

    /// <summary>No such claim token.</summary>
    UnknownToken,

    /// <summary>The registration has been claimed.</summary>
    Claimed,

    /// <summary>The registration has expired, was revoked, or has no guesses left.</summary>
    Expired,

    /// <summary>The registration has had all its attempts.</summary>
    NoneLeft,
}

/// <summary>How an operation on an attempt ended.</summary>
internal enum AttemptOutcome
{
    /// <summary>Done, or can be.</summary>
    Done,

    /// <summary>No such token, or a later attempt replaced it.</summary>
    Superseded,

    /// <summary>The registration has been claimed.</summary>
    Claimed,

    /// <summary>The link or the registration has expired.</summary>
    Expired,

    /// <summary>The registration was revoked.</summary>
    Ended,

    /// <summary>The link has shown all its codes.</summary>
    NoneLeft,
}

/// <summary>Whether a guess may be compared.</summary>
internal enum GuessOutcome
{
    /// <summary>It may: it has been counted.</summary>
    Reserved,

    /// <summary>No such claim token.</summary>
    UnknownToken,

    /// <summary>There is no code: nobody opened the page yet.</summary>
    NoCode,

    /// <summary>The code is too old, or its guesses are used up.</summary>
    CodeExpired,

    /// <summary>The registration has expired, was revoked, or has no guesses left. Its credentials are dead.</summary>
    RegistrationExpired,

    /// <summary>The registration has been claimed.</summary>
    Claimed,

    /// <summary>Too many wrong guesses were made at codes of this kind for this mailbox; <see cref="GuessReservation.PausedUntil"/> says how long.</summary>
    Paused,
}

/// <summary>A reserved guess.</summary>
internal sealed record GuessReservation
{
    /// <summary>Whether it may be compared.</summary>
    public required GuessOutcome Outcome { get; init; }

    /// <summary>The registration with its current attempt; null unless <see cref="GuessOutcome.Reserved"/>.</summary>
    public ClaimView? Claim { get; init; }

    /// <summary>What to compare with; null unless <see cref="GuessOutcome.Reserved"/>.</summary>
    public OneTimeCode? Code { get; init; }

    /// <summary>When guesses for the mailbox are taken again; null unless <see cref="GuessOutcome.Paused"/>.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>True when the page showed the code to the owner of the address; false when the code itself was mailed.</summary>
    public bool IsShown { get; init; }

    /// <summary>Guesses that remain against this code after this one.</summary>
    public int RemainingForCode { get; init; }

    /// <summary>Guesses that remain against the registration after this one.</summary>
    public int RemainingForRegistration { get; init; }
}

/// <summary>What a successful claim does.</summary>
internal sealed record ClaimCompletion
{
    /// <summary>The registration.</summary>
    public required string RegistrationId { get; init; }

    /// <summary>The attempt whose code was given; it must still be the current one.</summary>
    public required string AttemptId { get; init; }

    /// <summary>The code that was compared; it must still be the attempt's code.</summary>
    public required SecretHash Code { get; init; }

    /// <summary>The account that gets the registration; null: <see cref="Account"/> does.</summary>
    public string? AccountId { get; init; }

    /// <summary>A built-in account that gets the registration, and is found or made with the claim; null where <see cref="AccountId"/> is set.</summary>
    public NewAccount? Account { get; init; }

    /// <summary>The instant that expiry is decided against.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>A credential to issue; null: the one that the registration has gains <see cref="Scopes"/>.</summary>
    public NewCredential? Credential { get; init; }

    /// <summary>True: credentials that the registration had before die with this claim.</summary>
    public bool RevokesEarlierCredentials { get; init; }

    /// <summary>The scopes from now on.</summary>
    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>Written with it, with the account filled in.</summary>
    public required AgentAuditEvent Audit { get; init; }
}

/// <summary>How a claim ended.</summary>
internal enum CompleteOutcome
{
    /// <summary>Claimed; an ID-JAG's delegation is bound to the account now.</summary>
    Completed,

    /// <summary>Somebody else was first.</summary>
    AlreadyClaimed,

    /// <summary>A fresh code or attempt replaced the one that was compared.</summary>
    CodeReplaced,

    /// <summary>The registration or the code expired, or the registration was revoked, or was created before a revocation that fits it and the account.</summary>
    Expired,
}
