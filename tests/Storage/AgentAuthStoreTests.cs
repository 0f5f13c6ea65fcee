using AgentAuth.Accounts;
using AgentAuth.Manifest;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Storage;

/// <summary>The store over an engine: what survives, what is refused, and what real threads can do to each other.</summary>
public abstract class AgentAuthStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly GuessLimits s_limits = new(PerCode: 5, PerRegistration: 10);

    private readonly FakeTimeProvider _time = new(s_now);
    private ITestDatabase _database = null!;
    private IStoreEngine _engine = null!;
    private AgentAuthStore _store = null!;

    private StoreAccounts Accounts => new(_engine);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_survives_a_restart()
    {
        var registration = Anonymous("reg_1");
        await _store.RegisterAsync(registration, Token);
        await _store.RegisterAsync(Assertion("reg_2", "jti-1"), Token);

        await _store.DisposeAsync();
        await OpenAsync();

        var credential = await _store.FindCredentialAsync(registration.Credential!.Hash, Token);
        Assert.Equal((registration.Credential.Id, "reg_1", s_now.AddHours(24)), (credential!.Id, credential.RegistrationId, credential.ExpiresAt));
        Assert.Equal(RegisterOutcome.Replayed, await _store.RegisterAsync(Assertion("reg_3", "jti-1"), Token));
        Assert.Equal("acc_1", await _store.FindDelegationAsync(new AgentDelegationKey("https://p.example", "alice"), Token));
        Assert.Equal(2, (await _store.ReadAuditAsync(null, 10, Token)).Count);
    }

    [Abuse(39, "64 threads with one `jti`, in the store", "one registers")]
    [Abuse(100, "64 threads with one `jti`, in the store", "the insert decides: there is no check before it")]
    [Fact]
    public async Task Abuse_39_and_100_of_64_threads_with_one_jti_exactly_one_registers()
    {
        var outcomes = await InParallelAsync(64, i => _store.RegisterAsync(Assertion($"reg_{i}", "one"), Token).AsTask());

        Assert.Single(outcomes, RegisterOutcome.Created);
        Assert.Equal(63, outcomes.Count(o => o == RegisterOutcome.Replayed));
        Assert.Single(await _store.ReadAuditAsync(null, 100, Token));
    }

    [Abuse(41, "one `jti` of two issuers, in the store", "both register")]
    [Abuse(93, "one `jti` of an ID-JAG and a logout token, in the store", "both count")]
    [Fact]
    public async Task Abuse_41_and_93_a_jti_is_one_per_kind_and_issuer()
    {
        Assert.Equal(RegisterOutcome.Created, await _store.RegisterAsync(Assertion("reg_1", "same"), Token));
        Assert.Equal(RegisterOutcome.Created, await _store.RegisterAsync(Assertion("reg_2", "same", issuer: "https://q.example"), Token));
        Assert.Equal(TokenUse.First, (await _store.RevokeAsync(Logout("same", s_now), Token)).Token);
        Assert.Equal(TokenUse.Replayed, (await _store.RevokeAsync(Logout("same", s_now), Token)).Token);
    }

    [Abuse(38, "the same ID-JAG as it expires, when its `jti` is forgotten, in the store", "expired: nobody knows any more")]
    [Fact]
    public async Task Abuse_38_a_token_that_expired_while_it_waited_is_not_used_again_once_it_is_forgotten()
    {
        await _store.RegisterAsync(Assertion("reg_1", "1"), Token);
        await _store.RevokeAsync(Logout("1", s_now), Token);
        _time.Advance(TimeSpan.FromMinutes(6));
        await _store.SweepAsync(_time.GetUtcNow(), 100, Token);

        Assert.Equal(RegisterOutcome.Expired, await _store.RegisterAsync(Assertion("reg_2", "1", subject: "bob"), Token));
        Assert.Equal(new RevokeOutcome(TokenUse.Expired, 0), await _store.RevokeAsync(Logout("1", s_now), Token));
        Assert.Null(await _store.FindCredentialAsync(SecretHash.Of("key reg_2"), Token));
    }

    [Abuse(96, "pairs that join to one text, in the store", "told apart")]
    [Fact]
    public async Task Abuse_96_pairs_that_join_alike_are_different_people()
    {
        await _store.RegisterAsync(Assertion("reg_1", "1", issuer: "https://p.example|a", subject: "b"), Token);

        Assert.Null(await _store.FindDelegationAsync(new AgentDelegationKey("https://p.example", "a|b"), Token));
    }

    [Fact]
    public async Task A_registration_for_a_pair_that_is_bound_elsewhere_writes_nothing_and_burns_nothing()
    {
        await _store.RegisterAsync(Assertion("reg_1", "1"), Token);

        Assert.Equal(RegisterOutcome.BoundElsewhere, await _store.RegisterAsync(Assertion("reg_2", "2", account: "acc_2"), Token));
        Assert.Equal(RegisterOutcome.Created, await _store.RegisterAsync(Assertion("reg_2", "2"), Token));
    }

    [Abuse(82, "a registration beside a logout token, in the store", "refused, or dead")]
    [Fact]
    public async Task Abuse_82_what_races_a_revocation_is_refused_or_dead()
    {
        for (var round = 0; round < 50; round++)
        {
            var registration = Assertion($"reg_{round}", $"jti-{round}", subject: $"user-{round}") with { ReceivedAt = _time.GetUtcNow() };
            var logout = Logout($"out-{round}", _time.GetUtcNow(), $"user-{round}");

            await InParallelAsync<object>(2, async i => i == 0 ? await _store.RegisterAsync(registration, Token) : await _store.RevokeAsync(logout, Token));

            var credential = await _store.FindCredentialAsync(registration.Credential!.Hash, Token);
            Assert.True(credential is null || credential.StateAt(s_now) == CredentialState.Revoked);
            Assert.Null(await _store.FindDelegationAsync(logout.Delegation, Token));
        }
    }

    [Abuse(83, "readers beside a revocation, in the store", "nobody sees a live credential afterwards")]
    [Fact]
    public async Task Abuse_83_readers_that_race_a_revocation_leave_no_stale_credential_behind()
    {
        for (var round = 0; round < 50; round++)
        {
            var registration = Assertion($"reg_{round}", $"jti-{round}", subject: $"user-{round}");
            await _store.RegisterAsync(registration, Token);
            var hash = registration.Credential!.Hash;

            await InParallelAsync<object?>(8, async i => i == 0
                ? await _store.RevokeAsync(Logout($"out-{round}", s_now, $"user-{round}"), Token)
                : await _store.FindCredentialAsync(hash, Token));

            Assert.Equal(CredentialState.Revoked, (await _store.FindCredentialAsync(hash, Token))!.StateAt(s_now));
        }
    }

    [Abuse(61, "16 threads that guess, in the store", "five are let through")]
    [Fact]
    public async Task Abuse_61_of_16_threads_that_guess_5_are_let_through()
    {
        var (claimToken, _) = await RegisterWithCodeAsync();

        var guesses = await InParallelAsync(16, _ => _store.ReserveGuessAsync(claimToken, s_now, s_limits, Token).AsTask());

        Assert.Equal(5, guesses.Count(g => g.Outcome == GuessOutcome.Reserved));
        Assert.Equal([0, 1, 2, 3, 4], guesses.Where(g => g.Outcome == GuessOutcome.Reserved).Select(g => g.RemainingForCode).Order());
        Assert.Equal(11, guesses.Count(g => g.Outcome == GuessOutcome.CodeExpired));
    }

    [Abuse(67, "threads that complete, in the store", "one wins")]
    [Abuse(68, "threads that complete and decline, in the store", "one wins; a declined key is dead")]
    [Fact]
    public async Task Abuse_67_and_68_of_threads_that_complete_and_decline_one_wins_and_a_declined_key_is_dead()
    {
        for (var round = 0; round < 25; round++)
        {
            var (claimToken, registration) = await RegisterWithCodeAsync($"reg_{round}");
            var guess = await _store.ReserveGuessAsync(claimToken, s_now, s_limits, Token);

            var won = await InParallelAsync(5, async i => i == 0
                ? await _store.DeclineAsync(registration.Attempt!.Token, s_now, Audit("claim.declined"), Token) == AttemptOutcome.Done
                : await _store.CompleteClaimAsync(Completion(registration, guess), Token) == CompleteOutcome.Completed);

            var declined = won[0] ? 1 : 0;
            var completed = won.Skip(1).Count(w => w);

            Assert.Equal(1, completed + declined);
            var credential = await _store.FindCredentialAsync(registration.Credential!.Hash, Token);
            Assert.Equal(declined == 1, credential!.IsRevoked);
            Assert.Equal(completed == 1 ? ["read", "write"] : ["read"], credential.Scopes);
        }
    }

    [Fact]
    public async Task A_code_that_was_replaced_between_guess_and_claim_claims_nothing()
    {
        var (claimToken, registration) = await RegisterWithCodeAsync();
        var guess = await _store.ReserveGuessAsync(claimToken, s_now, s_limits, Token);
        await _store.SetCodeAsync(registration.Attempt!.Token, new OneTimeCode(SecretHash.Of("other"), s_now.AddMinutes(10)), s_now, s_limits, Audit("otp.generated"), Token);

        Assert.Equal(CompleteOutcome.CodeReplaced, await _store.CompleteClaimAsync(Completion(registration, guess), Token));
    }

    [Fact]
    public async Task A_guess_that_was_counted_and_never_recorded_still_ends_the_registration()
    {
        var (claimToken, registration) = await RegisterWithCodeAsync();
        var last = new GuessLimits(PerCode: 5, PerRegistration: 1);
        Assert.Equal(GuessOutcome.Reserved, (await _store.ReserveGuessAsync(claimToken, s_now, last, Token)).Outcome);

        Assert.Equal(GuessOutcome.RegistrationExpired, (await _store.ReserveGuessAsync(claimToken, s_now, last, Token)).Outcome);
        Assert.True((await _store.FindCredentialAsync(registration.Credential!.Hash, Token))!.IsRevoked);
        Assert.Equal(
            (AgentAuditEvents.RegistrationRevoked, AgentRegistrationType.Anonymous),
            (await _store.ReadAuditAsync("reg_1", 10, Token)).Select(row => (row.Name, row.RegistrationType!.Value)).First());
    }

    [Abuse(65, "a code whose guess was a long time on its way, in the store", "expired when its turn comes")]
    [Fact]
    public async Task Abuse_65_what_expires_while_a_request_is_on_its_way_is_expired_when_its_turn_comes()
    {
        var (claimToken, registration) = await RegisterWithCodeAsync();
        var guess = await _store.ReserveGuessAsync(claimToken, s_now, s_limits, Token);

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(GuessOutcome.CodeExpired, (await _store.ReserveGuessAsync(claimToken, s_now, s_limits, Token)).Outcome);
        Assert.Equal(CompleteOutcome.Expired, await _store.CompleteClaimAsync(Completion(registration, guess), Token));
        Assert.Equal(
            AttemptOutcome.Expired,
            await _store.SetCodeAsync(registration.Attempt!.Token, new OneTimeCode(SecretHash.Of("x"), s_now.AddHours(1)), s_now, s_limits, Audit("otp.generated"), Token));
        Assert.Equal(AttemptOutcome.Expired, await _store.DeclineAsync(registration.Attempt.Token, s_now, Audit("claim.declined"), Token));

        // The same address and a link that has lapsed: a fresh attempt, where a live link would be open already.
        var attempt = registration.Attempt with { Id = "cla_2", Token = SecretHash.Of("cvt 2"), Code = new OneTimeCode(SecretHash.Of("code"), s_now.AddHours(30)) };
        Assert.Equal(StartAttemptOutcome.Started, await _store.StartAttemptAsync(claimToken, attempt with { ExpiresAt = s_now.AddHours(30) }, s_now, s_limits, [], Token));
        guess = await _store.ReserveGuessAsync(claimToken, s_now, s_limits, Token);
        Assert.Equal(GuessOutcome.Reserved, guess.Outcome);

        _time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(GuessOutcome.RegistrationExpired, (await _store.ReserveGuessAsync(claimToken, s_now, s_limits, Token)).Outcome);
        Assert.Equal(CompleteOutcome.Expired, await _store.CompleteClaimAsync(Completion(registration, guess), Token));
        Assert.Equal(StartAttemptOutcome.Expired, await _store.StartAttemptAsync(claimToken, attempt with { Id = "cla_3" }, s_now, s_limits, [], Token));
    }

    [Fact]
    public async Task Expiry_is_at_the_instant()
    {
        var (claimToken, registration) = await RegisterWithCodeAsync();
        var (code, link, life) = (s_now.AddMinutes(10), s_now.AddMinutes(10), s_now.AddHours(24));
        var tick = TimeSpan.FromMilliseconds(1);

        Assert.Equal(GuessOutcome.Reserved, (await _store.ReserveGuessAsync(claimToken, code - tick, s_limits, Token)).Outcome);
        Assert.Equal(GuessOutcome.CodeExpired, (await _store.ReserveGuessAsync(claimToken, code, s_limits, Token)).Outcome);
        Assert.Equal(GuessOutcome.RegistrationExpired, (await _store.ReserveGuessAsync(claimToken, life, s_limits, Token)).Outcome);
        Assert.Equal(AttemptOutcome.Expired, await _store.SetCodeAsync(registration.Attempt!.Token, new OneTimeCode(SecretHash.Of("x"), life), link, s_limits, Audit("otp.generated"), Token));
        Assert.Equal(CredentialState.Live, (await _store.FindCredentialAsync(registration.Credential!.Hash, Token))!.StateAt(life - tick));
        Assert.Equal(CredentialState.Expired, (await _store.FindCredentialAsync(registration.Credential.Hash, Token))!.StateAt(life));
    }

    [Fact]
    public async Task A_right_guess_is_given_back_only_while_its_code_is_current()
    {
        var code = new OneTimeCode(SecretHash.Of("code"), s_now.AddMinutes(10));
        var registration = Anonymous("reg_1") with
        {
            Credential = null,
            Attempt = new NewClaimAttempt("cla_1", SecretHash.Of("cvt 1"), "user@example.com", s_now, s_now.AddHours(1), code),
        };
        await _store.RegisterAsync(registration, Token);
        var claimToken = registration.ClaimToken!.Value;
        async Task<(int, int)> RemainingAsync()
        {
            var guess = await _store.ReserveGuessAsync(claimToken, s_now, s_limits, Token);
            return (guess.RemainingForCode, guess.RemainingForRegistration);
        }

        Assert.Equal((4, 9), await RemainingAsync());
        await _store.ReturnGuessAsync("reg_1", "cla_1", code.Hash, Token);
        Assert.Equal((4, 9), await RemainingAsync());
        await _store.ReturnGuessAsync("reg_1", "cla_1", SecretHash.Of("another"), Token);
        await _store.ReturnGuessAsync("reg_1", "cla_2", code.Hash, Token);
        await _store.ReturnGuessAsync("reg_2", "cla_1", code.Hash, Token);
        Assert.Equal((3, 8), await RemainingAsync());

        // Of a code that has been replaced none comes back: that would be one guess more at the new one.
        await _store.SetCodeAsync(SecretHash.Of("cvt 1"), new OneTimeCode(SecretHash.Of("new"), s_now.AddMinutes(10)), s_now, s_limits, Audit("otp.generated"), Token);
        await _store.ReturnGuessAsync("reg_1", "cla_1", code.Hash, Token);
        Assert.Equal((4, 7), await RemainingAsync());

        // And never more than were taken.
        for (var i = 0; i < 12; i++)
        {
            await _store.ReturnGuessAsync("reg_1", "cla_1", SecretHash.Of("new"), Token);
        }

        Assert.Equal((4, 9), await RemainingAsync());
    }

    [Fact]
    public async Task A_guess_that_was_right_or_is_given_back_does_not_count_for_the_mailbox()
    {
        var limits = s_limits with { MailedPerMailbox = 2, ShownPerMailbox = 2 };
        var (claimToken, registration) = await RegisterWithCodeAsync("reg_1");
        var (another, claimed) = await RegisterWithCodeAsync("reg_2");
        var code = registration.Attempt!.Code!.Hash;
        async Task<GuessOutcome> GuessAsync(SecretHash token) => (await _store.ReserveGuessAsync(token, s_now, limits, Token)).Outcome;
        ValueTask ReturnAsync(SecretHash hash) => _store.ReturnGuessAsync("reg_1", "cla_reg_1", hash, Token);

        // Any number of times: the owner's own code, and an app that could not answer.
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(GuessOutcome.Reserved, await GuessAsync(claimToken));
            await ReturnAsync(code);
        }

        var guess = await _store.ReserveGuessAsync(another, s_now, limits, Token);
        Assert.Equal(CompleteOutcome.Completed, await _store.CompleteClaimAsync(Completion(claimed, guess), Token));

        // The wrong ones count as before, and what is given back is one of them.
        Assert.Equal([GuessOutcome.Reserved, GuessOutcome.Reserved, GuessOutcome.Paused], [await GuessAsync(claimToken), await GuessAsync(claimToken), await GuessAsync(claimToken)]);
        await ReturnAsync(code);
        Assert.Equal([GuessOutcome.Reserved, GuessOutcome.Paused], [await GuessAsync(claimToken), await GuessAsync(claimToken)]);

        // Codes of the page are counted apart, and given back apart.
        await _store.SetCodeAsync(registration.Attempt.Token, new OneTimeCode(SecretHash.Of("shown"), s_now.AddMinutes(10)), s_now, limits, Audit("otp.generated"), Token);
        Assert.Equal(GuessOutcome.Reserved, await GuessAsync(claimToken));
        await ReturnAsync(SecretHash.Of("shown"));
        Assert.Equal([GuessOutcome.Reserved, GuessOutcome.Reserved, GuessOutcome.Paused], [await GuessAsync(claimToken), await GuessAsync(claimToken), await GuessAsync(claimToken)]);
        Assert.Equal(GuessOutcome.Paused, await GuessAsync((await RegisterWithCodeAsync("reg_3")).ClaimToken));
    }

    [Fact]
    public async Task A_delegation_is_replaced_only_where_its_account_is_known_to_be_gone()
    {
        await _store.RegisterAsync(Assertion("reg_1", "jti-1"), Token);

        Assert.Equal(RegisterOutcome.BoundElsewhere, await _store.RegisterAsync(Assertion("reg_2", "jti-2", account: "acc_2"), Token));
        Assert.Equal(RegisterOutcome.BoundElsewhere, await _store.RegisterAsync(Assertion("reg_2", "jti-2", account: "acc_2") with { ReplacedAccountId = "acc_3" }, Token));
        Assert.Equal(RegisterOutcome.Created, await _store.RegisterAsync(Assertion("reg_2", "jti-2", account: "acc_2") with { ReplacedAccountId = "acc_1" }, Token));

        Assert.Equal("acc_2", await _store.FindDelegationAsync(new AgentDelegationKey("https://p.example", "alice"), Token));
    }

    [Fact]
    public async Task An_account_of_neither_a_confirmed_address_nor_an_identity_is_made_once_by_its_id()
    {
        NewAccount Of(string id) => new(id, "alice@example.com", EmailConfirmed: false, Delegation: null, s_now);

        Assert.Equal(["acc_1", "acc_1", "acc_2"], [
            await Accounts.MakeAsync(Of("acc_1"), Token),
            await Accounts.MakeAsync(Of("acc_1"), Token),
            await Accounts.MakeAsync(Of("acc_2"), Token),
        ]);
        Assert.Equal(new AccountMatch(null), await Accounts.FindAsync("alice@example.com", Token));
    }

    [Fact]
    public async Task Accounts_are_found_by_confirmed_addresses_and_made_once()
    {
        var delegation = new AgentDelegationKey("https://p.example", "alice");
        NewAccount Unconfirmed(int i) => new($"acc_u{i}", "alice@example.com", EmailConfirmed: false, delegation, s_now);
        NewAccount Confirmed(int i) => new($"acc_c{i}", "alice@example.com", EmailConfirmed: true, null, s_now);

        Assert.Null(await Accounts.FindAsync("alice@example.com", Token));
        Assert.Single((await InParallelAsync(8, i => Accounts.MakeAsync(Unconfirmed(i), Token).AsTask())).Distinct());
        Assert.Equal(new AccountMatch(null), await Accounts.FindAsync("alice@example.com", Token));
        var confirmed = Assert.Single((await InParallelAsync(8, i => Accounts.MakeAsync(Confirmed(i), Token).AsTask())).Distinct());
        Assert.StartsWith("acc_c", confirmed, StringComparison.Ordinal);
        Assert.Equal(new AccountMatch(confirmed), await Accounts.FindAsync("alice@example.com", Token));
    }

    [Fact]
    public async Task A_registration_and_the_account_it_is_for_are_made_together_or_not_at_all()
    {
        var planned = new NewAccount("acc_new", "alice@example.com", EmailConfirmed: true, Delegation: null, s_now);
        NewRegistration For(string id, string jti, string subject) => Assertion(id, jti, subject: subject) with { AccountId = null, Account = planned };
        await _store.RegisterAsync(Assertion("reg_1", "used", subject: "bob"), Token);

        Assert.Equal(RegisterOutcome.Replayed, await _store.RegisterAsync(For("reg_2", "used", "alice"), Token));
        Assert.Null(await Accounts.FindAsync("alice@example.com", Token));

        Assert.Equal(RegisterOutcome.Created, await _store.RegisterAsync(For("reg_2", "2", "alice"), Token));
        Assert.Equal(new AccountMatch("acc_new"), await Accounts.FindAsync("alice@example.com", Token));
        Assert.Equal("acc_new", await _store.FindDelegationAsync(new AgentDelegationKey("https://p.example", "alice"), Token));
        Assert.Equal("acc_new", (await _store.FindCredentialAsync(SecretHash.Of("key reg_2"), Token))!.AccountId);
        Assert.Equal("acc_new", Assert.Single(await _store.ReadAuditAsync("reg_2", 10, Token)).AccountId);
    }

    [Fact]
    public async Task Parallel_registrations_of_one_address_get_one_account()
    {
        var outcomes = await InParallelAsync(8, i => _store.RegisterAsync(
            Assertion($"reg_{i}", $"{i}", subject: $"user-{i}") with
            {
                AccountId = null,
                Account = new NewAccount($"acc_{i}", "alice@example.com", EmailConfirmed: true, Delegation: null, s_now),
            },
            Token).AsTask());

        Assert.All(outcomes, outcome => Assert.Equal(RegisterOutcome.Created, outcome));
        var accounts = new List<string?>();
        for (var i = 0; i < 8; i++)
        {
            accounts.Add(await _store.FindDelegationAsync(new AgentDelegationKey("https://p.example", $"user-{i}"), Token));
        }

        Assert.Equal((await Accounts.FindAsync("alice@example.com", Token))!.AccountId, Assert.Single(accounts.Distinct()));
    }

    [Fact]
    public async Task A_claim_and_the_account_it_is_for_are_made_together_or_not_at_all()
    {
        var (claimToken, registration) = await RegisterWithCodeAsync();
        var guess = await _store.ReserveGuessAsync(claimToken, s_now, s_limits, Token);
        var planned = new NewAccount("acc_new", "user@example.com", EmailConfirmed: true, Delegation: null, s_now);
        var claim = Completion(registration, guess) with { AccountId = null, Account = planned };

        Assert.Equal(CompleteOutcome.CodeReplaced, await _store.CompleteClaimAsync(claim with { Code = SecretHash.Of("another") }, Token));
        Assert.Null(await Accounts.FindAsync("user@example.com", Token));

        Assert.Equal(CompleteOutcome.Completed, await _store.CompleteClaimAsync(claim, Token));
        Assert.Equal(new AccountMatch("acc_new"), await Accounts.FindAsync("user@example.com", Token));
        Assert.Equal("acc_new", (await _store.FindCredentialAsync(registration.Credential!.Hash, Token))!.AccountId);
        Assert.Equal("acc_new", (await _store.ReadAuditAsync(null, 1, Token))[0].AccountId);
    }

    [Fact]
    public async Task Nobody_is_asked_about_an_identity_that_a_parallel_registration_has_bound()
    {
        await _store.RegisterAsync(Assertion("reg_1", "1"), Token);
        var waiting = Assertion("reg_2", "2") with { AccountId = null, ExpiresAt = s_now.AddHours(24), ClaimToken = SecretHash.Of("clm"), Credential = null };

        Assert.Equal(RegisterOutcome.BoundElsewhere, await _store.RegisterAsync(waiting, Token));
        Assert.Equal(RegisterOutcome.Created, await _store.RegisterAsync(waiting with { ReplacedAccountId = "acc_1" }, Token));
    }

    [Fact]
    public async Task A_further_credential_has_the_scopes_that_its_registration_has_by_then()
    {
        var (claimToken, registration) = await RegisterWithCodeAsync();

        Assert.Equal(IssueOutcome.Unclaimed, (await _store.IssueCredentialAsync(Further("reg_1", "0") with { UnclaimedScopes = [] }, Token)).Outcome);
        var waiting = await _store.IssueCredentialAsync(Further("reg_1", "1"), Token);
        var guess = await _store.ReserveGuessAsync(claimToken, s_now, s_limits, Token);
        await _store.CompleteClaimAsync(Completion(registration, guess), Token);
        var claimed = await _store.IssueCredentialAsync(Further("reg_1", "2"), Token);
        var narrowed = await _store.IssueCredentialAsync(Further("reg_1", "3") with { AskedScopes = ["write", "admin"] }, Token);
        var none = await _store.IssueCredentialAsync(Further("reg_1", "4") with { AskedScopes = ["admin"] }, Token);

        Assert.Equal((IssueOutcome.Issued, "read"), (waiting.Outcome, string.Join(' ', waiting.Scopes)));
        Assert.Equal((IssueOutcome.Issued, "read write"), (claimed.Outcome, string.Join(' ', claimed.Scopes)));
        Assert.Equal((IssueOutcome.Issued, "write"), (narrowed.Outcome, string.Join(' ', narrowed.Scopes)));
        Assert.Equal((IssueOutcome.NoScope, ""), (none.Outcome, string.Join(' ', none.Scopes)));
        Assert.Null(await _store.FindCredentialAsync(SecretHash.Of("further 0"), Token));
        Assert.Null(await _store.FindCredentialAsync(SecretHash.Of("further 4"), Token));
        var record = (await _store.FindCredentialAsync(SecretHash.Of("further 3"), Token))!;
        Assert.Equal(("cred_f3", "reg_1", "acc_1", "write"), (record.Id, record.RegistrationId, record.AccountId, string.Join(' ', record.Scopes)));
        var audit = (await _store.ReadAuditAsync("reg_1", 10, Token)).Where(row => row.Name == "credential.issued").ToList();
        Assert.Equal(["acc_1", "acc_1", null], audit.Select(row => row.AccountId));
        Assert.All(audit, row => Assert.Equal(AgentRegistrationType.Anonymous, row.RegistrationType));
    }

    [Fact]
    public async Task No_further_credential_for_what_is_unknown_expired_or_revoked()
    {
        await _store.RegisterAsync(Anonymous("reg_1"), Token);
        await _store.RegisterAsync(Assertion("reg_2", "2"), Token);
        await _store.RevokeAsync(Logout("out", s_now), Token);

        Assert.Equal(IssueOutcome.UnknownRegistration, (await _store.IssueCredentialAsync(Further("reg_0", "0"), Token)).Outcome);
        Assert.Equal(IssueOutcome.Revoked, (await _store.IssueCredentialAsync(Further("reg_2", "2"), Token)).Outcome);

        // The request came in time, and its turn did not.
        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(IssueOutcome.Issued, (await _store.IssueCredentialAsync(Further("reg_1", "1"), Token)).Outcome);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(IssueOutcome.RegistrationExpired, (await _store.IssueCredentialAsync(Further("reg_1", "3"), Token)).Outcome);
        Assert.Null(await _store.FindCredentialAsync(SecretHash.Of("further 3"), Token));
    }

    [Fact]
    public async Task No_further_credential_for_what_a_revocation_mark_covers()
    {
        // Of one identity two registrations, of which one is revoked: the mark is of the identity.
        await _store.RegisterAsync(Assertion("reg_1", "1"), Token);
        await _store.RegisterAsync(Assertion("reg_2", "2"), Token);
        await _store.RevokeAccessAsync(
            new AccessRevocation { Target = AgentAccessTarget.Registration("reg_1"), Now = s_now, Audit = Audit(AgentAuditEvents.RegistrationRevoked) }, Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        var later = _time.GetUtcNow();
        await _store.RegisterAsync(Assertion("reg_3", "3") with { CreatedAt = later, ReceivedAt = later, AssertionIssuedAt = later }, Token);

        Assert.Equal(IssueOutcome.Revoked, (await _store.IssueCredentialAsync(Further("reg_2", "2"), Token)).Outcome);
        Assert.Equal(IssueOutcome.Issued, (await _store.IssueCredentialAsync(Further("reg_3", "3"), Token)).Outcome);
    }

    [Fact]
    public async Task A_token_gets_one_further_credential_and_a_refused_request_does_not_use_it_up()
    {
        await _store.RegisterAsync(Assertion("reg_1", "1"), Token);
        var asked = Further("reg_1", "1") with { Replay = new ReplayKey(AssertionKind.IdentityAssertion, "https://p.example", "again", s_now.AddMinutes(6)) };

        Assert.Equal(IssueOutcome.NoScope, (await _store.IssueCredentialAsync(asked with { AskedScopes = [] }, Token)).Outcome);
        var outcomes = await InParallelAsync(8, i => _store.IssueCredentialAsync(asked with { Id = $"cred_f{i}", Hash = SecretHash.Of($"further {i}") }, Token).AsTask());
        Assert.Single(outcomes, one => one.Outcome == IssueOutcome.Issued);
        Assert.Equal(7, outcomes.Count(one => one.Outcome == IssueOutcome.Replayed));
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(IssueOutcome.TokenExpired, (await _store.IssueCredentialAsync(asked with { Id = "cred_late" }, Token)).Outcome);
    }

    [Fact]
    public async Task A_revocation_beside_the_issue_of_further_credentials_leaves_none_alive()
    {
        for (var round = 0; round < 25; round++)
        {
            var (id, subject) = ($"reg_{round}", $"user-{round}");
            await _store.RegisterAsync(Assertion(id, $"jti-{round}", subject: subject), Token);

            await InParallelAsync<object>(4, async i => i == 0
                ? await _store.RevokeAsync(Logout($"out-{round}", s_now, subject), Token)
                : await _store.IssueCredentialAsync(Further(id, $"{round} {i}"), Token));

            for (var i = 1; i < 4; i++)
            {
                Assert.True(await _store.FindCredentialAsync(SecretHash.Of($"further {round} {i}"), Token) is null or { IsRevoked: true });
            }
        }
    }

    [Fact]
    public async Task The_sweeper_audits_an_expiry_once_and_forgets_only_what_decides_nothing()
    {
        var registration = Anonymous("reg_1");
        await _store.RegisterAsync(registration, Token);
        await _store.RegisterAsync(Assertion("reg_2", "jti-1"), Token);

        await _store.SweepAsync(s_now.AddHours(25), 100, Token);
        await _store.SweepAsync(s_now.AddHours(25), 100, Token);
        Assert.Single(await _store.ReadAuditAsync("reg_1", 10, Token), e => e.Name == AgentAuditEvents.RegistrationExpired);
        Assert.Equal(GuessOutcome.RegistrationExpired, (await _store.ReserveGuessAsync(registration.ClaimToken!.Value, s_now.AddHours(25), s_limits, Token)).Outcome);

        await _store.SweepAsync(s_now.AddDays(60), 100, Token);
        Assert.Equal(GuessOutcome.UnknownToken, (await _store.ReserveGuessAsync(registration.ClaimToken.Value, s_now.AddDays(60), s_limits, Token)).Outcome);
        Assert.NotNull(await _store.FindClaimAsync(registration.ClaimToken.Value, Token) ?? (object)"forgotten");
        Assert.Equal("acc_1", await _store.FindDelegationAsync(new AgentDelegationKey("https://p.example", "alice"), Token));
    }

    [Fact]
    public async Task What_was_revoked_is_remembered_for_thirty_days_from_then_however_old_it_was()
    {
        var registration = Assertion("reg_1", "jti-1");
        await _store.RegisterAsync(registration, Token);
        var revokedAt = s_now.AddDays(90);
        await _store.RevokeAccessAsync(
            new AccessRevocation { Target = AgentAccessTarget.Everything, Now = revokedAt, Audit = Audit(AgentAuditEvents.RegistrationRevoked) }, Token);

        await _store.SweepAsync(revokedAt.AddDays(30) - TimeSpan.FromMilliseconds(1), 100, Token);
        Assert.NotNull(await _store.FindCredentialAsync(registration.Credential!.Hash, Token));

        await _store.SweepAsync(revokedAt.AddDays(30), 100, Token);
        Assert.Empty((await _store.ListRegistrationsAsync(new AgentRegistrationQuery(), revokedAt, Token)).Registrations);
    }

    public async ValueTask InitializeAsync()
    {
        _database = await CreateDatabaseAsync();
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract ValueTask<ITestDatabase> CreateDatabaseAsync();

    private async ValueTask OpenAsync()
    {
        _engine = _database.CreateEngine(_time);
        _store = new AgentAuthStore(_engine, _time);
        await _store.InitializeAsync(Token);
    }

    private static AgentAuditEvent Audit(string name) => new() { Name = name, At = s_now };

    private static NewRegistration Anonymous(string id) => new()
    {
        Id = id,
        Type = AgentRegistrationType.Anonymous,
        CreatedAt = s_now,
        ExpiresAt = s_now.AddHours(24),
        ClaimToken = SecretHash.Of("clm " + id),
        RequestedCredential = CredentialType.ApiKey,
        GrantedScopes = ["read", "write"],
        Credential = new NewCredential("cred_" + id, SecretHash.Of("key " + id), CredentialType.ApiKey, ["read"], null),
        ReceivedAt = s_now,
        Audit = [Audit(AgentAuditEvents.RegistrationCreated) with { RegistrationId = id }],
    };

    private static FurtherCredential Further(string registration, string number) => new()
    {
        RegistrationId = registration,
        Id = "cred_f" + number,
        Hash = SecretHash.Of("further " + number),
        Type = CredentialType.AccessToken,
        ExpiresAt = s_now.AddHours(48),
        UnclaimedScopes = ["read"],
        ReceivedAt = s_now,
        Audit = Audit("credential.issued"),
    };

    private static NewRegistration Assertion(
        string id, string jti, string issuer = "https://p.example", string subject = "alice", string account = "acc_1") => Anonymous(id) with
        {
            Type = AgentRegistrationType.AgentProvider,
            AccountId = account,
            ExpiresAt = null,
            ClaimToken = null,
            Agent = new AgentIdentity { Delegation = new AgentDelegationKey(issuer, subject), ClientId = issuer, JwtId = jti },
            Replay = new ReplayKey(AssertionKind.IdentityAssertion, issuer, jti, s_now.AddMinutes(6)),
            AssertionIssuedAt = s_now,
        };

    private static ProviderRevocation Logout(string jti, DateTimeOffset now, string subject = "alice") => new()
    {
        Delegation = new AgentDelegationKey("https://p.example", subject),
        Replay = new ReplayKey(AssertionKind.LogoutToken, "https://p.example", jti, now.AddMinutes(6)),
        TokenIssuedAt = now,
        Now = now,
        Audit = Audit(AgentAuditEvents.RegistrationRevoked),
    };

    private static ClaimCompletion Completion(NewRegistration registration, GuessReservation guess) => new()
    {
        RegistrationId = registration.Id,
        AttemptId = guess.Claim!.Attempt!.Id,
        Code = guess.Code!.Hash,
        AccountId = "acc_1",
        Now = s_now,
        Scopes = ["read", "write"],
        Audit = Audit(AgentAuditEvents.ClaimConfirmed),
    };

    // On threads of their own, let go at once.
    private static async Task<T[]> InParallelAsync<T>(int count, Func<int, Task<T>> action)
    {
        using var start = new Barrier(count);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return action(i);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
    }

    private async Task<(SecretHash ClaimToken, NewRegistration Registration)> RegisterWithCodeAsync(string id = "reg_1")
    {
        var registration = Anonymous(id) with
        {
            Attempt = new NewClaimAttempt(
                "cla_" + id, SecretHash.Of("cvt " + id), "user@example.com", s_now, s_now.AddMinutes(10), new OneTimeCode(SecretHash.Of("code " + id), s_now.AddMinutes(10))),
        };
        await _store.RegisterAsync(registration, Token);
        return (registration.ClaimToken!.Value, registration);
    }
}
