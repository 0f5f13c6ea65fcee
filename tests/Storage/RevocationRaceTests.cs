using System.Collections.Immutable;
using AgentAuth.Manifest;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Storage;

/// <summary>Every target of a revocation against what runs beside it on real threads.</summary>
public abstract class RevocationRaceTests : IAsyncLifetime
{
    private const string Provider = "https://p.example";

    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    // Whoever claims here does so many times over for one address.
    private static readonly GuessLimits s_limits = new(PerCode: 5, PerRegistration: 10) { MailedPerMailbox = int.MaxValue };

    private readonly FakeTimeProvider _time = new(s_now);
    private ITestDatabase _database = null!;
    private AgentAuthStore _store = null!;

    public static TheoryData<string> Scopes => ["registration", "agent", "account", "provider", "everything"];

    private DateTimeOffset Now => _time.GetUtcNow();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await CreateDatabaseAsync();
        _store = new AgentAuthStore(_database.CreateEngine(_time), _time);
        await _store.InitializeAsync(Token);
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

    [Abuse(82, "threads that issue, claim and read beside a revocation of each target, in the store", "nothing is alive afterwards")]
    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task Abuse_82_issuing_claiming_and_reading_beside_a_revocation_leaves_nothing_alive(string kind)
    {
        for (var round = 0; round < 30; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(1)); // Behind the round before: what it ended for all stays ended for what began before it.
            var name = $"{kind}-{round}";
            var (held, racing, waiting) = (Issued(name, "held"), Issued(name, "racing") with { RestsOnDelegation = true }, Waiting(name));
            await _store.RegisterAsync(waiting, Token);
            await _store.RegisterAsync(held, Token);
            var guess = await _store.ReserveGuessAsync(waiting.ClaimToken!.Value, Now, s_limits, Token);
            var claim = Claim(waiting, guess, "acc_" + name);
            RegisterOutcome? outcome = null;

            await InParallelAsync(
                async () => await RevokeAsync(TargetOf(kind, name)),
                async () => outcome = await _store.RegisterAsync(racing, Token),
                async () => await _store.CompleteClaimAsync(claim, Token),
                async () => await _store.FindCredentialAsync(held.Credential!.Hash, Token));

            Assert.Null(await _store.FindDelegationAsync(held.Agent!.Delegation, Token));
            await IsDeadAsync(held.Credential!);
            if (kind != "registration")
            {
                await IsDeadAsync(racing.Credential!);
                await IsDeadAsync(claim.Credential!);
            }
            else if (outcome != RegisterOutcome.Created)
            {
                // One registration was named, so what was there before lives on; what came behind it was refused.
                Assert.Null(await _store.FindCredentialAsync(racing.Credential!.Hash, Token));
            }
        }
    }

    [Abuse(82, "what began before a revocation of each target and ends after it, in the store", "refused")]
    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task Abuse_82_what_began_before_a_revocation_is_refused_after_it_and_what_begins_afterwards_is_not(string kind)
    {
        var (waiting, early) = (Waiting("a"), Issued("a", "early"));
        await _store.RegisterAsync(waiting, Token);
        await _store.RegisterAsync(Issued("a", "held"), Token);
        var guess = await _store.ReserveGuessAsync(waiting.ClaimToken!.Value, Now, s_limits, Token);
        await RevokeAsync(TargetOf(kind, "a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        var late = early with { Id = "reg_a_late", Credential = Key("late"), ReceivedAt = Now };

        Assert.Equal(RegisterOutcome.Revoked, await _store.RegisterAsync(early, Token));
        Assert.Equal(RegisterOutcome.Revoked, await _store.RegisterAsync(late, Token)); // An old assertion that was held back.
        Assert.Equal(CompleteOutcome.Expired, await _store.CompleteClaimAsync(Claim(waiting, guess, "acc_a"), Token));
        Assert.Equal(RegisterOutcome.Created, await _store.RegisterAsync(late with { AssertionIssuedAt = Now }, Token));
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task Whoever_is_not_meant_is_left_alone(string kind)
    {
        var (meant, other) = (Issued("a", "1"), Issued("b", "1", "https://q.example"));
        await _store.RegisterAsync(meant, Token);
        await _store.RegisterAsync(other, Token);
        var key = Anonymous("anonymous");
        await _store.RegisterAsync(key, Token);

        Assert.Equal(kind == "everything" ? new AgentAccessRevoked(3, 3) : new AgentAccessRevoked(1, 1), await RevokeAsync(TargetOf(kind, "a", "1")));

        await IsDeadAsync(meant.Credential!);
        Assert.Equal(kind == "everything", (await _store.FindCredentialAsync(other.Credential!.Hash, Token))!.IsRevoked);
        Assert.Equal(kind == "everything", (await _store.FindCredentialAsync(key.Credential!.Hash, Token))!.IsRevoked);
        Assert.Equal(kind == "everything" ? null : "acc_b", await _store.FindDelegationAsync(other.Agent!.Delegation, Token));
        Assert.Equal(kind == "everything" ? RegisterOutcome.Revoked : RegisterOutcome.Created, await _store.RegisterAsync(Issued("b", "2", "https://q.example"), Token));
        Assert.Equal(kind == "everything" ? RegisterOutcome.Revoked : RegisterOutcome.Created, await _store.RegisterAsync(Anonymous("another"), Token));
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task A_second_revocation_finds_nothing_more(string kind)
    {
        await _store.RegisterAsync(Issued("a", "held"), Token);

        Assert.Equal(new AgentAccessRevoked(1, 1), await RevokeAsync(TargetOf(kind, "a")));
        Assert.Equal(new AgentAccessRevoked(0, 0), await RevokeAsync(TargetOf(kind, "a")));
    }

    [Fact]
    public async Task A_request_received_while_the_revocation_waited_for_its_turn_came_before_it()
    {
        var asked = new AccessRevocation { Target = AgentAccessTarget.Everything, Now = Now, Audit = new AgentAuditEvent { Name = AgentAuditEvents.RegistrationRevoked, At = Now } };
        _time.Advance(TimeSpan.FromSeconds(5));
        await _store.RevokeAccessAsync(asked, Token);

        Assert.Equal(RegisterOutcome.Revoked, await _store.RegisterAsync(Anonymous("a") with { ReceivedAt = asked.Now.AddSeconds(3) }, Token));
    }

    [Abuse(95, "a registration that found a delegation, when that is gone, in the store", "refused")]
    [Fact]
    public async Task Abuse_95_a_registration_that_rests_on_a_delegation_that_is_gone_does_not_bring_it_back()
    {
        var resting = Issued("a", "1") with { RestsOnDelegation = true };

        Assert.Equal(RegisterOutcome.BoundElsewhere, await _store.RegisterAsync(resting, Token));
        Assert.Null(await _store.FindDelegationAsync(resting.Agent!.Delegation, Token));
        Assert.Equal(RegisterOutcome.Created, await _store.RegisterAsync(resting with { RestsOnDelegation = false }, Token));
    }

    [Fact]
    public async Task An_account_that_was_revoked_is_not_claimed_into_by_older_registrations_however_long_they_wait()
    {
        var waiting = Waiting("a") with { Agent = null, Replay = null, AssertionIssuedAt = null, ExpiresAt = Now.AddDays(7) };
        waiting = waiting with { Attempt = waiting.Attempt! with { Code = new OneTimeCode(SecretHash.Of("code"), Now.AddDays(7)) } };
        await _store.RegisterAsync(waiting, Token);
        await RevokeAsync(AgentAccessTarget.Account("acc_a"));
        _time.Advance(TimeSpan.FromDays(3));
        await _store.SweepAsync(Now, 100, Token);
        var guess = await _store.ReserveGuessAsync(waiting.ClaimToken!.Value, Now, s_limits, Token);

        Assert.Equal(CompleteOutcome.Expired, await _store.CompleteClaimAsync(Claim(waiting, guess, "acc_a"), Token));
        Assert.Equal(CompleteOutcome.Completed, await _store.CompleteClaimAsync(Claim(waiting, guess, "acc_b"), Token));
    }

    private static AgentAccessTarget TargetOf(string kind, string name, string number = "held") => kind switch
    {
        "registration" => AgentAccessTarget.Registration($"reg_{name}_{number}"),
        "agent" => AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = Provider, AgentContextId = "context " + name }),
        "account" => AgentAccessTarget.Account("acc_" + name),
        "provider" => AgentAccessTarget.Provider(Provider),
        _ => AgentAccessTarget.Everything,
    };

    private NewRegistration Anonymous(string id) => new()
    {
        Id = id,
        Type = AgentRegistrationType.Anonymous,
        CreatedAt = Now,
        ExpiresAt = Now.AddHours(24),
        ClaimToken = SecretHash.Of("clm " + id),
        RequestedCredential = CredentialType.ApiKey,
        GrantedScopes = ["read"],
        Credential = Key(id),
        ReceivedAt = Now,
        Audit = ImmutableArray<AgentAuditEvent>.Empty,
    };

    private NewRegistration Issued(string name, string number, string issuer = Provider) => Anonymous($"reg_{name}_{number}") with
    {
        Type = AgentRegistrationType.AgentProvider,
        AccountId = "acc_" + name,
        ExpiresAt = null,
        ClaimToken = null,
        Agent = new AgentIdentity
        {
            Delegation = new AgentDelegationKey(issuer, name),
            ClientId = issuer,
            JwtId = number,
            AgentContextId = "context " + name,
        },
        Replay = new ReplayKey(AssertionKind.IdentityAssertion, issuer, $"{name} {number}", Now.AddMinutes(6)),
        AssertionIssuedAt = Now,
    };

    /// <summary>An ID-JAG that waits for the owner of its address, whose code is "code".</summary>
    private NewRegistration Waiting(string name) => Issued(name, "waiting") with
    {
        AccountId = null,
        ExpiresAt = Now.AddHours(24),
        ClaimToken = SecretHash.Of("clm " + name),
        Credential = null,
        Attempt = new NewClaimAttempt(
            "cla_" + name, SecretHash.Of("cvt " + name), "a@example.com", Now, Now.AddHours(24), new OneTimeCode(SecretHash.Of("code"), Now.AddHours(24))),
    };

    private static NewCredential Key(string name) => new("cred_" + name, SecretHash.Of("key " + name), CredentialType.ApiKey, ["read"], null);

    private ClaimCompletion Claim(NewRegistration waiting, GuessReservation guess, string account) => new()
    {
        RegistrationId = waiting.Id,
        AttemptId = guess.Claim!.Attempt!.Id,
        Code = guess.Code!.Hash,
        AccountId = account,
        Now = Now,
        Credential = Key(waiting.Id),
        RevokesEarlierCredentials = true,
        Scopes = ["read"],
        Audit = new AgentAuditEvent { Name = AgentAuditEvents.ClaimConfirmed, At = Now },
    };

    // On threads of their own, let go at once.
    private static async Task InParallelAsync(params Func<Task>[] actions)
    {
        using var start = new Barrier(actions.Length);
        await Task.WhenAll(actions.Select(action => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return action();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
    }

    private ValueTask<AgentAccessRevoked> RevokeAsync(AgentAccessTarget target) => _store.RevokeAccessAsync(
        new AccessRevocation { Target = target, Now = Now, Audit = new AgentAuditEvent { Name = AgentAuditEvents.RegistrationRevoked, At = Now } }, Token);

    private async Task IsDeadAsync(NewCredential credential) =>
        Assert.True(await _store.FindCredentialAsync(credential.Hash, Token) is null or { IsRevoked: true });
}
