using System.Net;
using AgentAuth.Limits;
using AgentAuth.Manifest;
using AgentAuth.Storage;
using AgentAuth.Testing;
using AgentAuth.Text;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Accounts;

/// <summary>Account matching over HTTP, with the built-in accounts and with those of apps, good and bad.</summary>
public sealed class AccountMatcherTests
{
    private const string Alice = "alice@example.com";

    private static readonly AgentAuthManifest s_withoutEmail =
        TestService.Manifest with { AccountMatching = new AccountMatchingPolicy { MatchesVerifiedEmail = false } };

    private static readonly AgentAuthManifest s_rejecting = TestService.Manifest with { AccountMatching = new AccountMatchingPolicy { Provisions = false } };

    [Finding("G8", "an ID-JAG of a provider trusted with addresses, for the address of an account; matching without *Verified email*", "a new account, and the same one at the next ID-JAG")]
    [Fact]
    public async Task G8_without_verified_email_a_trusted_address_opens_no_account_that_exists()
    {
        await using var pair = await ServiceWithProvider.StartAsync(s_withoutEmail, trustsEmail: true);
        var owners = await MakeConfirmedAsync(pair);

        var account = await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint()));

        Assert.NotEqual(owners, account);
        Assert.Equal(account, await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint())));
        var others = await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint(request => request with { User = new DemoUser("other", "other", Alice) })));
        Assert.Equal(3, new[] { owners, account, others }.Distinct().Count());
        Assert.True(pair.Service.Mail.IsEmpty);
    }

    [Finding("G8", "a person proves the address of an account by a claim, anonymous or by email; matching without *Verified email*", "a new account for each registration")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G8_without_verified_email_a_proved_address_opens_no_account_that_exists(bool isAnonymous)
    {
        await using var pair = await ServiceWithProvider.StartAsync(s_withoutEmail);
        var owners = await MakeConfirmedAsync(pair);

        string[] accounts = [await ClaimAsync(pair, isAnonymous), await ClaimAsync(pair, isAnonymous), owners];

        Assert.Equal(3, accounts.Distinct().Count());
        Assert.Equal(new AccountMatch(owners), await pair.Service.Accounts.FindAsync(Alice, TestContext.Current.CancellationToken));
    }

    [Finding("G8", "the same with an app's accounts, which answer the account that has the address", "the app is told that no address may match; `403 registration_rejected`")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G8_without_verified_email_an_app_is_told_so_and_its_match_is_not_used(bool provisions)
    {
        var app = new AppAccounts { OnMake = request => AgentAccountAnswer.Matched("user-1", emailIsConfirmed: true) };
        var manifest = TestService.Manifest with { AccountMatching = new AccountMatchingPolicy { MatchesVerifiedEmail = false, Provisions = provisions } };
        await using var pair = await StartAsync(app, manifest, trustsEmail: true);

        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.Forbidden, "registration_rejected");
        (await ClaimByEmailAsync(pair)).Is(HttpStatusCode.Forbidden, "registration_rejected");

        Assert.Equal(0, app.FoundByEmail);
        Assert.Equal(provisions ? [AgentAccountEmailProof.Provider, AgentAccountEmailProof.Owner] : [], app.Made.Select(request => request.EmailProof));
        Assert.All(app.Made, request => Assert.Equal((Alice, false), (request.Email, request.MayMatchEmail)));
    }

    [Fact]
    public async Task Where_addresses_open_nothing_the_start_says_so()
    {
        await using var pair = await ServiceWithProvider.StartAsync(s_withoutEmail, trustsEmail: true);

        Assert.Contains("A verified email opens no account, by the account matching of auth.md.", pair.Service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_that_is_tried_again_gets_the_account_that_the_first_try_made()
    {
        await using var pair = await ServiceWithProvider.StartAsync(s_withoutEmail, services: RecordingStore.Use);
        var waiting = await pair.Service.RegisterByEmailAsync(Alice);
        var code = await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync());
        RecordingStore.Before(pair.Service, nameof(IAgentAuthStore.CompleteClaimAsync), () => throw new AgentAuthStorageException("Down."));
        (await pair.CompleteAsync(waiting, code)).Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        RecordingStore.Before(pair.Service, "", () => { });

        var account = await AccountOfAsync(pair, await pair.CompleteAsync(waiting, code));

        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(pair.Service.Folder, "App_Data", "agentauth.db")};Pooling=False;Mode=ReadOnly");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(id) FROM accounts";
        Assert.Equal(account, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Finding("G9", "an app's `IAgentAccounts` throws, in any method, at an ID-JAG or a claim", "`503 temporarily_unavailable` with `Retry-After`; nothing issued, assertion and code still good, the exception logged")]
    [Theory]
    [InlineData(nameof(IAgentAccounts.FindByEmailAsync))]
    [InlineData(nameof(IAgentAccounts.FindByIdAsync))]
    [InlineData(nameof(IAgentAccounts.MakeAsync))]
    [InlineData("constructor")]
    public async Task G9_an_app_that_throws_is_503_and_costs_nobody_anything(string method)
    {
        var app = new AppAccounts { Throws = method };
        await using var pair = await StartAsync(app);
        var assertion = pair.Mint();
        var waiting = await pair.Service.RegisterByEmailAsync("bob@example.com");
        var code = await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync());

        // More often than a code or a registration has guesses.
        for (var i = 0; i < 11; i++)
        {
            foreach (var answer in (Answer[])[await pair.RegisterAsync(assertion), await pair.CompleteAsync(waiting, code)])
            {
                answer.Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
                Assert.Equal("5", answer.Headers["Retry-After"]);
            }
        }

        Assert.Contains("Error: The app's accounts (IAgentAccounts)", pair.Service.Log.Text, StringComparison.Ordinal);
        Assert.Contains($"InvalidOperationException: The users are away: {method}", pair.Service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            await pair.Service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken),
            row => row.Name is AgentAuditEvents.ClaimConfirmed or AgentAuditEvents.RegistrationRefused || row.AccountId is not null);

        app.Throws = null;
        Assert.Equal("made", await AccountOfAsync(pair, await pair.RegisterAsync(assertion)));
        Assert.Equal("made", await AccountOfAsync(pair, await pair.CompleteAsync(waiting, code)));
    }

    [Finding("G9", "an app answers null, or with an account id that is null, empty, of 1025 characters, has line breaks, or is another's", "`503 temporarily_unavailable`; the log names the type and what was wrong, not the id")]
    [Theory]
    [InlineData("null answer", "MakeAsync answered null.")]
    [InlineData(null, "MakeAsync answered with an account id that is null.")]
    [InlineData("", "MakeAsync answered with an account id that is empty.")]
    [InlineData("long", "MakeAsync answered with an account id of 1025 characters; it may have 1024.")]
    [InlineData("a\nb", "MakeAsync answered with an account id that is not without control characters")]
    [InlineData("a\u202eb", "MakeAsync answered with an account id that is not without control characters")]
    [InlineData("other", "FindByIdAsync answered with another account than the one that it was asked for.")]
    [InlineData("unknown", "FindByIdAsync answered that an account is not there which was answered a moment before.")]
    public async Task G9_an_id_that_is_none_is_503_and_named(string? id, string message)
    {
        var app = new AppAccounts
        {
            OnMake = _ => id == "null answer" ? null! : AgentAccountAnswer.Made(id == "long" ? new string('x', 1025) : id!),
            OnFindById = asked => asked == "unknown" ? AgentAccountAnswer.NotHere : AgentAccountAnswer.Matched(asked == "other" ? "another" : asked, emailIsConfirmed: true),
        };
        await using var pair = await StartAsync(app);

        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        (await ClaimByEmailAsync(pair)).Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");

        Assert.Contains($"{typeof(AppAccounts)}.{message}", pair.Service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a\nb", pair.Service.Log.Text, StringComparison.Ordinal);
    }

    [Finding("G9", "the agent hangs up while the app looks for the account, and the app throws whatever it throws then", "no error in the log; nothing issued, and the code is still good")]
    [Fact]
    public async Task G9_an_agent_that_hangs_up_is_no_error_of_the_app()
    {
        var app = new SlowAccounts();
        await using var pair = await ServiceWithProvider.StartAsync(services: services => services.AddSingleton<IAgentAccounts>(app));
        var waiting = await pair.Service.RegisterByEmailAsync(Alice);
        var code = await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync());

        // More often than a code or a registration has guesses.
        for (var i = 0; i < 11; i++)
        {
            using var hangsUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var (asked, stopped) = app.Hang();
            var body = TestService.JsonContent($$"""{"claim_token":"{{waiting.Text("claim_token")}}","otp":"{{code}}"}""");
            var answer = pair.Service.Client.PostAsync(new Uri("/agent/auth/claim/complete", UriKind.Relative), body, hangsUp.Token);
            await asked.WaitAsync(TestContext.Current.CancellationToken);
            await hangsUp.CancelAsync();
            await stopped.WaitAsync(TestContext.Current.CancellationToken);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        }

        app.Answer();
        Assert.Equal("made", await AccountOfAsync(pair, await pair.CompleteAsync(waiting, code)));
        await pair.Service.DisposeAsync();
        Assert.DoesNotContain("Error:", pair.Service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Critical:", pair.Service.Log.Text, StringComparison.Ordinal);
    }

    [Finding("G9", "an app refuses an account: disabled, with a sentence of its own that has line breaks and 5,000 characters", "`403 registration_rejected` with the sentence, in one line of at most 300 characters, and an audit row for the claim, too")]
    [Fact]
    public async Task G9_a_refusal_of_the_app_is_told_in_its_words()
    {
        var app = new AppAccounts
        {
            OnFindByEmail = (_, _) => AgentAccountAnswer.Matched("user-1", emailIsConfirmed: true),
            OnFindById = _ => AgentAccountAnswer.Refused(AgentAccountRefusal.Disabled, "Your trial has ended.\r\n\u202e\ud800" + new string('x', 5000)),
        };
        await using var pair = await StartAsync(app, trustsEmail: true);

        foreach (var answer in (Answer[])[await pair.RegisterAsync(pair.Mint()), await ClaimByEmailAsync(pair)])
        {
            answer.Is(HttpStatusCode.Forbidden, "registration_rejected");
            Assert.StartsWith("Your trial has ended.", answer.Text("message"), StringComparison.Ordinal);
            Assert.True(PlainText.Is(answer.Text("message"), AccountRefusals.MaxMessageLength));
        }

        await pair.Service.Services.GetRequiredService<RefusalTrail>().WrittenAsync();
        Assert.Equal(("claim.failed", "registration_rejected"), ((await pair.Service.Store.ReadAuditAsync(null, 1, TestContext.Current.CancellationToken))[0] is var row ? (row.Name, row.Outcome) : default));
    }

    [Finding("G9", "an ID-JAG with an address that its provider is not trusted with; the account is open, unconfirmed, disabled or refused", "`401 interaction_required`, whichever it is: nothing is told before the address is proved")]
    [Fact]
    public async Task G9_before_an_address_is_proved_nothing_is_told_of_its_account()
    {
        AgentAccountAnswer[] answers =
        [
            AgentAccountAnswer.Matched("user-1", emailIsConfirmed: true),
            AgentAccountAnswer.Matched("user-1", emailIsConfirmed: false),
            AgentAccountAnswer.Refused(AgentAccountRefusal.UnconfirmedEmail, "Unconfirmed."),
            AgentAccountAnswer.Refused(AgentAccountRefusal.Disabled, "Disabled."),
            AgentAccountAnswer.Refused(AgentAccountRefusal.Other, "No."),
        ];
        var app = new AppAccounts();
        await using var pair = await StartAsync(app, s_rejecting);
        var told = new HashSet<string>();
        foreach (var (answer, index) in answers.Select((answer, index) => (answer, index)))
        {
            app.OnFindByEmail = (_, _) => answer;
            var asked = await pair.RegisterAsync(pair.Mint(request => request with { User = new DemoUser($"u{index}", $"sub-{index}", $"u{index}@example.com") }));
            asked.Is(HttpStatusCode.Unauthorized, "interaction_required");
            told.Add(asked.Text("message"));
            await pair.Service.NextLinkTokenAsync();
        }

        Assert.Single(told);
    }

    [Fact]
    public async Task An_app_that_says_the_address_is_taken_is_not_told_on_before_it_is_proved()
    {
        var app = new AppAccounts { OnMake = _ => AgentAccountAnswer.Refused(AgentAccountRefusal.EmailTaken, "alice has an account.") };
        await using var pair = await StartAsync(app);

        var before = await pair.RegisterAsync(pair.Mint());
        var after = await ClaimByEmailAsync(pair);

        before.Is(HttpStatusCode.Forbidden, "registration_rejected");
        Assert.DoesNotContain("alice", before.Text("message"), StringComparison.Ordinal);
        after.Is(HttpStatusCode.Forbidden, "registration_rejected");
        Assert.Equal("alice has an account.", after.Text("message"));
    }

    [Finding("G9", "the app made the account between the look for it and the making of another, and says that the address is taken", "`200`, with the account that is there now")]
    [Fact]
    public async Task G9_an_account_that_somebody_else_has_just_made_is_found()
    {
        var app = new AppAccounts { OnMake = _ => AgentAccountAnswer.Refused(AgentAccountRefusal.EmailTaken) };
        app.OnFindByEmail = (_, _) => app.Made.Count == 0 ? AgentAccountAnswer.NotHere : AgentAccountAnswer.Matched("user-1", emailIsConfirmed: true);
        await using var pair = await StartAsync(app);

        Assert.Equal("user-1", await AccountOfAsync(pair, await ClaimByEmailAsync(pair)));
    }

    [Finding("G9", "an agent that was linked comes again; the app says that the account is gone, or disabled", "gone: a stranger, and linked to its new account from then on; disabled: `403 registration_rejected`")]
    [Fact]
    public async Task G9_the_app_is_asked_at_each_exchange()
    {
        var app = new AppAccounts { OnMake = _ => AgentAccountAnswer.Made("first") };
        await using var pair = await StartAsync(app);
        Assert.Equal("first", await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint())));

        app.OnFindById = id => id == "first" ? AgentAccountAnswer.Refused(AgentAccountRefusal.Disabled) : AgentAccountAnswer.Matched(id, emailIsConfirmed: true);
        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.Forbidden, "registration_rejected");
        var row = (await pair.Service.Store.ReadAuditAsync(null, 1, TestContext.Current.CancellationToken))[0];
        Assert.Equal((AgentAuditEvents.RegistrationRefused, "registration_rejected", "user-alice"), (row.Name, row.Outcome, row.Subject));

        app.OnFindById = id => id == "first" ? AgentAccountAnswer.NotHere : AgentAccountAnswer.Matched(id, emailIsConfirmed: true);
        app.OnMake = _ => AgentAccountAnswer.Made("second");
        Assert.Equal("second", await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint())));
        app.OnMake = _ => throw new InvalidOperationException("Nobody needs a third.");
        Assert.Equal("second", await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint())));
    }

    [Fact]
    public async Task Delegations_are_the_stores_whoever_keeps_the_accounts()
    {
        var app = new AppAccounts { OnFindByEmail = (_, _) => AgentAccountAnswer.Matched("user-1", emailIsConfirmed: true) };
        await using var pair = await StartAsync(app, trustsEmail: true);
        await pair.RegisterAsync(pair.Mint());
        Assert.Equal("user-1", await pair.Service.Store.FindDelegationAsync(new AgentDelegationKey(pair.Provider.Issuer, "user-alice"), TestContext.Current.CancellationToken));

        await pair.LogoutAsync(pair.MintLogout());

        Assert.Null(await pair.Service.Store.FindDelegationAsync(new AgentDelegationKey(pair.Provider.Issuer, "user-alice"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_id_for_a_new_account_is_the_identitys_and_nobody_can_tell_it_beforehand()
    {
        var app = new AppAccounts { OnMake = _ => AgentAccountAnswer.Refused(AgentAccountRefusal.Other) };
        await using var pair = await StartAsync(app);
        await using var elsewhere = await StartAsync(app);
        await pair.RegisterAsync(pair.Mint());
        await pair.RegisterAsync(pair.Mint());
        await pair.RegisterAsync(pair.Mint(request => request with { User = new DemoUser("other", "other", Alice) }));
        await pair.Service.RegisterByAssertionAsync(pair.Mint());
        await elsewhere.RegisterAsync(elsewhere.Mint());

        var ids = app.Made.Select(request => request.NewId).ToList();
        Assert.All(ids, id => Assert.Matches("^acc_[0-9A-Za-z]{22}$", id));
        Assert.Equal([ids[0], ids[0], ids[2], ids[0], ids[4]], ids);
        Assert.Equal(3, ids.Distinct().Count());
    }

    [Fact]
    public async Task An_app_that_makes_no_accounts_need_not_say_so()
    {
        await using var pair = await StartAsync(new AppAccounts(), accounts: typeof(MakesNone));

        (await pair.RegisterAsync(pair.Mint())).Is(HttpStatusCode.Forbidden, "registration_rejected");
    }

    private static Task<ServiceWithProvider> StartAsync(
        AppAccounts app, AgentAuthManifest? manifest = null, bool trustsEmail = false, Type? accounts = null) =>
        ServiceWithProvider.StartAsync(manifest, trustsEmail, services: services =>
        {
            if (accounts is null)
            {
                services.AddScoped<IAgentAccounts>(_ => app.Throws == "constructor" ? throw new InvalidOperationException("The users are away: constructor") : app);
            }
            else
            {
                services.AddScoped(typeof(IAgentAccounts), accounts);
            }
        });

    // Under this policy the ceremony itself makes none.
    private static async Task<string> MakeConfirmedAsync(ServiceWithProvider pair) => await pair.Service.Accounts.MakeAsync(
        new NewAccount("acc_owner", Alice, EmailConfirmed: true, Delegation: null, pair.Service.Time.GetUtcNow()), TestContext.Current.CancellationToken);

    private static async Task<string> ClaimAsync(ServiceWithProvider pair, bool isAnonymous)
    {
        if (!isAnonymous)
        {
            return await pair.AccountByEmailAsync(Alice);
        }

        var registered = await pair.Service.RegisterAnonymouslyAsync();
        await pair.Service.PostAsync("/agent/auth/claim", new { claim_token = registered.Text("claim_token"), email = Alice });
        (await pair.CompleteAsync(registered, await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync()))).Is(HttpStatusCode.OK);
        return (await pair.Service.GetAsync("/api/tickets", registered.Text("credential"))).Body;
    }

    private static async Task<Answer> ClaimByEmailAsync(ServiceWithProvider pair)
    {
        var registered = await pair.Service.RegisterByEmailAsync(Alice);
        return await pair.CompleteAsync(registered, await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync()));
    }

    private static async Task<string> AccountOfAsync(ServiceWithProvider pair, Answer answer)
    {
        answer.Is(HttpStatusCode.OK);
        return (await pair.Service.GetAsync("/api/tickets", answer.Text("credential"))).Body;
    }

    /// <summary>An app's accounts that answer as a test says: by default nobody is there, and "made" is made.</summary>
    private sealed class AppAccounts : IAgentAccounts
    {
        public string? Throws { get; set; }

        public Func<string, AgentAccountRequest, AgentAccountAnswer> OnFindByEmail { get; set; } = (_, _) => AgentAccountAnswer.NotHere;

        public Func<string, AgentAccountAnswer> OnFindById { get; set; } = id => AgentAccountAnswer.Matched(id, emailIsConfirmed: true);

        public Func<AgentAccountRequest, AgentAccountAnswer> OnMake { get; set; } = _ => AgentAccountAnswer.Made("made");

        public int FoundByEmail { get; private set; }

        public List<AgentAccountRequest> Made { get; } = [];

        public ValueTask<AgentAccountAnswer> FindByEmailAsync(string email, AgentAccountRequest request, CancellationToken cancellationToken)
        {
            Fail(nameof(FindByEmailAsync));
            FoundByEmail++;
            return new(OnFindByEmail(email, request));
        }

        public ValueTask<AgentAccountAnswer> FindByIdAsync(string accountId, CancellationToken cancellationToken)
        {
            Fail(nameof(FindByIdAsync));
            return new(OnFindById(accountId));
        }

        public ValueTask<AgentAccountAnswer> MakeAsync(AgentAccountRequest request, CancellationToken cancellationToken)
        {
            Fail(nameof(MakeAsync));
            Made.Add(request);
            return new(OnMake(request));
        }

        private void Fail(string method)
        {
            if (Throws == method)
            {
                throw new InvalidOperationException($"The users are away: {method}");
            }
        }
    }

    /// <summary>An app whose database answers nobody until it is told to stop, and then says so in its own way.</summary>
    private sealed class SlowAccounts : IAgentAccounts
    {
        private TaskCompletionSource? _asked;
        private TaskCompletionSource? _stopped;

        public (Task Asked, Task Stopped) Hang()
        {
            _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return (_asked.Task, _stopped.Task);
        }

        public void Answer() => _asked = null;

        public async ValueTask<AgentAccountAnswer> FindByEmailAsync(string email, AgentAccountRequest request, CancellationToken cancellationToken)
        {
            if (_asked is null)
            {
                return AgentAccountAnswer.NotHere;
            }

            _asked.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return AgentAccountAnswer.NotHere;
            }
            catch (OperationCanceledException)
            {
                _stopped!.SetResult();
                throw new InvalidOperationException("The command was stopped.");
            }
        }

        public ValueTask<AgentAccountAnswer> FindByIdAsync(string accountId, CancellationToken cancellationToken) =>
            new(AgentAccountAnswer.Matched(accountId, emailIsConfirmed: true));

        public ValueTask<AgentAccountAnswer> MakeAsync(AgentAccountRequest request, CancellationToken cancellationToken) => new(AgentAccountAnswer.Made("made"));
    }

    private sealed class MakesNone : IAgentAccounts
    {
        public ValueTask<AgentAccountAnswer> FindByEmailAsync(string email, AgentAccountRequest request, CancellationToken cancellationToken) => new(AgentAccountAnswer.NotHere);

        public ValueTask<AgentAccountAnswer> FindByIdAsync(string accountId, CancellationToken cancellationToken) => new(AgentAccountAnswer.NotHere);
    }
}
