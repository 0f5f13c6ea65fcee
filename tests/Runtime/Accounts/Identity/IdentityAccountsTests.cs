using System.Net;
using AgentAuth.Manifest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MyService;

namespace AgentAuth.Accounts;

/// <summary>Agents of the users of ASP.NET Core Identity, as docs/how-to/identity.md has it: the same files, run here with Entity Framework on SQLite.</summary>
public sealed class IdentityAccountsTests : IAsyncDisposable
{
    private const string Alice = "alice@example.com";
    private const string Password = "Correct-horse-7";

    // An in-memory database lives as long as a connection to it.
    private readonly string _connection = $"Data Source=users-{Guid.NewGuid():N};Mode=Memory;Cache=Shared";
    private readonly SqliteConnection _keepsAlive;

    public IdentityAccountsTests()
    {
        _keepsAlive = new SqliteConnection(_connection);
        _keepsAlive.Open();
    }

    [Finding("G9", "the owner of an address claims; a user of `MapIdentityApi` has the address, whom nobody confirmed", "`403 registration_rejected`: it is to be confirmed first; then the same code claims the account")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G9_an_account_whose_address_nobody_confirmed_is_not_handed_to_whoever_proves_it(bool provisions)
    {
        await using var pair = await StartAsync<IdentityAccounts>(TestService.Manifest with { AccountMatching = new AccountMatchingPolicy { Provisions = provisions } });
        var user = await SignUpAsync(pair.Service);
        var waiting = await pair.Service.RegisterByEmailAsync(Alice);
        var code = await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync());

        // More often than there are guesses: a right code is not used up by that.
        for (var i = 0; i < 12; i++)
        {
            var refused = await pair.CompleteAsync(waiting, code);
            refused.Is(HttpStatusCode.Forbidden, "registration_rejected");
            Assert.Contains("nobody has confirmed that the address is theirs", refused.Text("message"), StringComparison.Ordinal);
        }

        Assert.Equal(user, Assert.Single(await UsersAsync(pair.Service)).Id);
        await WithUserAsync(pair.Service, async (users, u) => Assert.True((await users.ConfirmEmailAsync(u, await users.GenerateEmailConfirmationTokenAsync(u))).Succeeded));

        Assert.Equal(user, await AccountOfAsync(pair, await pair.CompleteAsync(waiting, code)));
    }

    [Finding("G9", "a provider that auth.md trusts with addresses names the address of a user whom nobody confirmed", "`401 interaction_required`, and then as for any owner of an address")]
    [Fact]
    public async Task G9_nor_to_a_provider_that_is_trusted_with_addresses()
    {
        await using var pair = await StartAsync<IdentityAccounts>(trustsEmail: true);
        var user = await SignUpAsync(pair.Service);

        var waiting = await pair.RegisterAsync(pair.Mint());

        waiting.Is(HttpStatusCode.Unauthorized, "interaction_required");
        var code = await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync());
        (await pair.CompleteAsync(waiting, code)).Is(HttpStatusCode.Forbidden, "registration_rejected");
        await ConfirmAsync(pair.Service);
        Assert.Equal(user, await AccountOfAsync(pair, await pair.CompleteAsync(waiting, code)));
    }

    [Fact]
    public async Task A_confirmed_user_is_found_by_a_trusted_provider_and_by_the_ceremony()
    {
        await using var pair = await StartAsync<IdentityAccounts>(trustsEmail: true);
        var user = await SignUpAsync(pair.Service);
        await ConfirmAsync(pair.Service);

        Assert.Equal(user, await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint())));
        Assert.Equal(user, await pair.AccountByEmailAsync(Alice));
    }

    [Finding("G9", "an agent that was linked comes again; its user has been locked out, and later deleted", "`403 registration_rejected`; then it is a stranger again")]
    [Fact]
    public async Task G9_an_account_that_was_locked_or_deleted_since_gets_no_agents()
    {
        await using var pair = await StartAsync<IdentityAccounts>(trustsEmail: true);
        var user = await SignUpAsync(pair.Service);
        await ConfirmAsync(pair.Service);
        Assert.Equal(user, await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint())));

        await WithUserAsync(pair.Service, (users, u) => users.SetLockoutEndDateAsync(u, DateTimeOffset.MaxValue));
        var assertion = pair.Mint();
        var refused = await pair.RegisterAsync(assertion);
        refused.Is(HttpStatusCode.Forbidden, "registration_rejected");
        Assert.Contains("disabled or locked", refused.Text("message"), StringComparison.Ordinal);

        await WithUserAsync(pair.Service, (users, u) => users.DeleteAsync(u));
        var account = await AccountOfAsync(pair, await pair.RegisterAsync(assertion));

        Assert.NotEqual(user, account);
        Assert.Equal((account, Alice, true), Assert.Single((await UsersAsync(pair.Service)).Select(u => (u.Id, u.Email, u.EmailConfirmed))));

        // And it is linked to that from now on.
        Assert.Equal(account, await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint())));
    }

    [Fact]
    public async Task A_user_who_is_locked_out_gets_no_agents_by_proving_the_address()
    {
        await using var pair = await StartAsync<IdentityAccounts>();
        await SignUpAsync(pair.Service);
        await ConfirmAsync(pair.Service);
        await WithUserAsync(pair.Service, (users, u) => users.SetLockoutEndDateAsync(u, DateTimeOffset.MaxValue));

        var waiting = await pair.Service.RegisterByEmailAsync(Alice);
        var refused = await pair.CompleteAsync(waiting, await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync()));

        refused.Is(HttpStatusCode.Forbidden, "registration_rejected");
    }

    [Fact]
    public async Task An_address_that_nobody_proved_is_in_nobodys_way()
    {
        await using var pair = await StartAsync<IdentityAccounts>();
        var providers = await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint()));

        var owners = await SignUpAsync(pair.Service);

        Assert.NotEqual(providers, owners);
        await ConfirmAsync(pair.Service);
        Assert.Equal(owners, await pair.AccountByEmailAsync(Alice));
        Assert.Equal(providers, await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint())));
    }

    [Finding("G8", "ID-JAG and claim, addresses trusted and proved, matching without *Verified email*, users of ASP.NET Core Identity", "new users without the address; that of the address is never found")]
    [Fact]
    public async Task G8_without_verified_email_no_user_of_the_app_is_found_by_an_address()
    {
        await using var pair = await StartAsync<IdentityAccounts>(
            TestService.Manifest with { AccountMatching = new AccountMatchingPolicy { MatchesVerifiedEmail = false } }, trustsEmail: true);
        var user = await SignUpAsync(pair.Service);
        await ConfirmAsync(pair.Service);

        string[] accounts = [await AccountOfAsync(pair, await pair.RegisterAsync(pair.Mint())), await pair.AccountByEmailAsync(Alice), await pair.AccountByEmailAsync(Alice), user];

        Assert.Equal(4, accounts.Distinct().Count());
        Assert.Equal(user, Assert.Single(await UsersAsync(pair.Service), u => u.Email is not null).Id);
    }

    [Fact]
    public async Task Parallel_claims_of_one_address_get_one_user()
    {
        await using var pair = await StartAsync<IdentityAccounts>();
        var waiting = new List<(Answer Registered, string Code)>();
        for (var i = 0; i < 6; i++)
        {
            waiting.Add((await pair.Service.RegisterByEmailAsync(Alice), await pair.Service.ShowCodeAsync(await pair.Service.NextLinkTokenAsync())));
        }

        var accounts = await Task.WhenAll(waiting.Select(async claim =>
        {
            var answer = await pair.CompleteAsync(claim.Registered, claim.Code);
            return await AccountOfAsync(pair, answer.Status == HttpStatusCode.ServiceUnavailable ? await pair.CompleteAsync(claim.Registered, claim.Code) : answer);
        }));

        Assert.Equal(Assert.Single(await UsersAsync(pair.Service)).Id, Assert.Single(accounts.Distinct()));
    }

    [Fact]
    public async Task An_app_may_hand_over_an_account_and_end_what_was_there_before()
    {
        await using var pair = await StartAsync<HandingOverAccounts>();
        var user = await SignUpAsync(pair.Service);
        await WithUserAsync(pair.Service, (users, u) => users.AddLoginAsync(u, new UserLoginInfo("elsewhere", "1", null)));
        (await SignInAsync(pair.Service)).Is(HttpStatusCode.OK);

        Assert.Equal(user, await pair.AccountByEmailAsync(Alice));

        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(pair.Service)).Status);
        await WithUserAsync(pair.Service, async (users, u) => Assert.Equal((true, 0), (u.EmailConfirmed, (await users.GetLoginsAsync(u)).Count)));
    }

    [Fact]
    public void The_page_shows_what_is_tested_here()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "how-to", "identity.md")).ReplaceLineEndings("\n");

        foreach (var file in (string[])["IdentityAccounts.cs", "EmailOwners.cs"])
        {
            Assert.Contains($"```csharp\n{Source(file)}```\n", page, StringComparison.Ordinal);
        }

        var handingOver = Source("HandingOverAccounts.cs");
        Assert.All(Lines(page, "var user = "), line => Assert.Contains(line, handingOver, StringComparison.Ordinal));
        var wiring = Source("IdentityAccountsTests.cs").Replace("services.", "builder.Services.", StringComparison.Ordinal);
        Assert.All(Lines(page, "builder.Services.AddDbContext").SkipLast(1), line => Assert.Contains(line, wiring, StringComparison.Ordinal));

        static IEnumerable<string> Lines(string page, string first)
        {
            var start = page.IndexOf("```csharp\n" + first, StringComparison.Ordinal) + "```csharp\n".Length;
            return page[start..page.IndexOf("```\n", start, StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        static string Source(string file) =>
            File.ReadAllText(Path.Combine(Repository.Root, "tests", "Runtime", "Accounts", "Identity", file)).ReplaceLineEndings("\n");
    }

    public ValueTask DisposeAsync() => _keepsAlive.DisposeAsync();

    private async Task<ServiceWithProvider> StartAsync<T>(AgentAuthManifest? manifest = null, bool trustsEmail = false)
        where T : class, IAgentAccounts
    {
        var connection = _connection;
        var pair = await ServiceWithProvider.StartAsync(manifest, trustsEmail, endpoints: app => app.MapGroup("/users").MapIdentityApi<IdentityUser>(), services: services =>
        {
            services.AddDbContext<AppDb>(options => options.UseSqlite(connection));
            services.AddIdentityApiEndpoints<IdentityUser>().AddEntityFrameworkStores<AppDb>();
            new AgentAuthBuilder(services).AddAccounts<T>();
        });
        using var scope = pair.Service.Services.CreateScope();
        await scope.ServiceProvider.GetRequiredService<AppDb>().Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        return pair;
    }

    /// <summary>Signs up over the endpoints of Identity; the user's id.</summary>
    private static async Task<string> SignUpAsync(TestService service)
    {
        (await service.PostAsync("/users/register", new { email = Alice, password = Password })).Is(HttpStatusCode.OK);
        return Assert.Single(await UsersAsync(service), user => user.Email == Alice).Id;
    }

    private static Task<Answer> SignInAsync(TestService service) => service.PostAsync("/users/login", new { email = Alice, password = Password });

    private static Task ConfirmAsync(TestService service) =>
        WithUserAsync(service, async (users, user) => Assert.True((await users.ConfirmEmailAsync(user, await users.GenerateEmailConfirmationTokenAsync(user))).Succeeded));

    private static async Task WithUserAsync(TestService service, Func<UserManager<IdentityUser>, IdentityUser, Task> act)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        await act(users, (await users.FindByEmailAsync(Alice))!);
    }

    private static async Task<IReadOnlyList<IdentityUser>> UsersAsync(TestService service)
    {
        await using var scope = service.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AppDb>().Users.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> AccountOfAsync(ServiceWithProvider pair, Answer answer)
    {
        answer.Is(HttpStatusCode.OK);
        return (await pair.Service.GetAsync("/api/tickets", answer.Text("credential"))).Body;
    }
}
