using AgentAuth.Assertions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Revocations;

/// <summary>A scope names what it says and nothing more; a query takes no filter that would mean something else.</summary>
public sealed class AgentAccessScopeTests
{
    [Fact]
    public void Each_scope_names_one_thing()
    {
        Assert.Equal((null, null, null, null), Parts(AgentAccessScope.Everything));
        Assert.Equal(("reg_1", null, null, null), Parts(AgentAccessScope.Registration("reg_1")));
        Assert.Equal(("reg_1", "acc_1", null, null), Parts(AgentAccessScope.RegistrationOf("acc_1", "reg_1")));
        Assert.Equal((null, "acc_1", null, null), Parts(AgentAccessScope.Account("acc_1")));
        Assert.Equal((null, null, "https://agents.example", null), Parts(AgentAccessScope.Provider("https://agents.example")));
        Assert.Equal((null, null, null, new AgentFilter { ClientId = "c" }), Parts(AgentAccessScope.Agents(new AgentFilter { ClientId = "c" })));
    }

    [Fact]
    public void Missing_names_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => AgentAccessScope.Registration(null!));
        Assert.Equal("accountId", Assert.Throws<ArgumentNullException>(() => AgentAccessScope.RegistrationOf(null!, "reg_1")).ParamName);
        Assert.Throws<ArgumentNullException>(() => AgentAccessScope.RegistrationOf("acc_1", null!));
        Assert.Throws<ArgumentException>(() => AgentAccessScope.RegistrationOf("", "reg_1"));
        Assert.Throws<ArgumentNullException>(() => AgentRegistrationQuery.OfAccount(null!));
        Assert.Throws<ArgumentException>(() => AgentRegistrationQuery.OfAccount(""));
        Assert.Throws<ArgumentNullException>(() => AgentAccessScope.Account(null!));
        Assert.Throws<ArgumentNullException>(() => AgentAccessScope.Provider(null!));
        Assert.Throws<ArgumentNullException>(() => AgentAccessScope.Agents(null!));
    }

    [Theory]
    [InlineData("x\nrevoked_by=olga")]
    [InlineData("x\u2028y")]
    [InlineData("")]
    public void Names_that_could_forge_a_line_of_the_audit_trail_are_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => AgentAccessScope.Registration(name));
        Assert.Throws<ArgumentException>(() => AgentAccessScope.Account(name));
        Assert.Throws<ArgumentException>(() => AgentAccessScope.Provider(name));
        Assert.Throws<ArgumentException>(() => AgentAccessScope.Agents(new AgentFilter { ClientId = name }));
        Assert.Throws<ArgumentException>(() => AgentAccessScope.Agents(new AgentFilter { AgentPlatform = name }));
        Assert.Throws<ArgumentException>(() => AgentAccessScope.Agents(new AgentFilter { AgentContextId = name }));
        Assert.Throws<ArgumentException>(() => new AgentRegistrationQuery { AccountId = name }.Checked());
        Assert.Throws<ArgumentException>(() => new AgentRegistrationQuery { Issuer = name }.Checked());
        Assert.Throws<ArgumentException>(() => AgentAccessScope.RegistrationOf(name, "reg_1"));
        Assert.Throws<ArgumentException>(() => AgentAccessScope.RegistrationOf("acc_1", name));
        Assert.Throws<ArgumentException>(() => AgentRegistrationQuery.OfAccount(name));
        Assert.Throws<ArgumentException>(() => new AgentRegistrationQuery { Agent = new AgentFilter { ClientId = name } }.Checked());
    }

    [Fact]
    public void Names_have_1024_characters_at_the_most()
    {
        Assert.Equal(1024, AgentAccessScope.Account(new string('a', 1024)).AccountId!.Length);
        Assert.Throws<ArgumentException>(() => AgentAccessScope.Account(new string('a', 1025)));
        Assert.Equal(1024, AgentAccessScope.Agents(new AgentFilter { ClientId = new string('a', IdJagClaims.MaxClientIdLength) }).Agent!.ClientId!.Length);
    }

    [Fact]
    public void Query_of_an_account_asks_for_its_registrations_alone() =>
        Assert.Equal(new AgentRegistrationQuery { AccountId = "acc_1" }, AgentRegistrationQuery.OfAccount("acc_1"));

    [Fact]
    public void Any_one_part_makes_a_filter_and_none_may_be_empty_text()
    {
        Assert.Equal("c", AgentAccessScope.Agents(new AgentFilter { ClientId = "c" }).Agent!.ClientId);
        Assert.Equal("p", AgentAccessScope.Agents(new AgentFilter { AgentPlatform = "p" }).Agent!.AgentPlatform);
        Assert.Equal("x", AgentAccessScope.Agents(new AgentFilter { AgentContextId = "x" }).Agent!.AgentContextId);
        Assert.Equal("{\"a\":1,\"b\":2}", AgentAccessScope.Agents(new AgentFilter { Act = "{ \"b\": 2, \"a\": 1 }" }).Agent!.Act);
        Assert.Throws<ArgumentException>(() => AgentAccessScope.Agents(new AgentFilter { ClientId = "c", AgentPlatform = "" }));
        Assert.Throws<ArgumentException>(() => AgentAccessScope.Agents(new AgentFilter { ClientId = "c", AgentContextId = "" }));
        Assert.Throws<ArgumentException>(() => AgentAccessScope.Agents(new AgentFilter { ClientId = "", AgentPlatform = "p" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{} {}")]
    public void An_actor_is_one_JSON_object(string act) => Assert.Throws<ArgumentException>(() => AgentAccessScope.Agents(new AgentFilter { ClientId = "c", Act = act }));

    [Fact]
    public void An_actor_is_within_the_limits_of_an_ID_JAGs()
    {
        static string Act(int length) => $"{{\"a\":\"{new string('a', length - 8)}\"}}";

        Assert.Equal(ActorClaim.MaxLength, AgentAccessScope.Agents(new AgentFilter { Act = Act(ActorClaim.MaxLength) }).Agent!.Act!.Length);
        Assert.Throws<ArgumentException>(() => AgentAccessScope.Agents(new AgentFilter { Act = Act(ActorClaim.MaxLength + 1) }));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(200, true)]
    [InlineData(0, false)]
    [InlineData(201, false)]
    [InlineData(-1, false)]
    public void A_page_holds_1_to_200(int limit, bool isGood)
    {
        var query = new AgentRegistrationQuery { Limit = limit };

        if (isGood)
        {
            Assert.Equal(limit, query.Checked().Limit);
        }
        else
        {
            Assert.Throws<ArgumentException>(() => query.Checked());
        }
    }

    [Fact]
    public void A_query_is_kept_as_it_is_but_for_the_form_of_the_actor()
    {
        Assert.Equal(50, new AgentRegistrationQuery().Checked().Limit);
        var query = new AgentRegistrationQuery
        {
            AccountId = "acc_1",
            Issuer = "https://agents.example",
            Agent = new AgentFilter { Act = "{ }" },
            IsLive = true,
            After = "1700000000000.reg_1",
        };

        Assert.Equal(query with { Agent = new AgentFilter { Act = "{}" } }, query.Checked());
        Assert.Null(new AgentRegistrationQuery().Checked().Agent);
        Assert.Throws<ArgumentException>(() => new AgentRegistrationQuery { Agent = new AgentFilter { ClientId = "" } }.Checked());
    }

    [Theory]
    [InlineData("0.reg_1", true)]
    [InlineData("1700000000000.reg_1", true)]
    [InlineData("253402300799999.reg_1", true)]
    [InlineData("253402300800000.reg_1", false)]
    [InlineData("99999999999999999999.reg_1", false)]
    [InlineData("-1.reg_1", false)]
    [InlineData(" 1.reg_1", false)]
    [InlineData(".reg_1", false)]
    [InlineData("reg_1", false)]
    [InlineData("", false)]
    public void A_cursor_is_an_instant_and_a_name(string text, bool isCursor)
    {
        Assert.Equal(isCursor, PageCursor.TryParse(text, out var cursor));
        Assert.Equal(isCursor ? text : null, cursor?.ToString());
        if (isCursor)
        {
            Assert.Equal("reg_1", cursor!.Id);
        }
        else
        {
            Assert.Throws<ArgumentException>(() => new AgentRegistrationQuery { After = text }.Checked());
        }
    }

    [Fact]
    public async Task Access_is_revoked_for_a_scope_and_with_a_note_or_not_at_all()
    {
        await using var service = await TestService.StartAsync();
        var access = service.Services.GetRequiredService<IAgentAccess>();

        await Assert.ThrowsAsync<ArgumentNullException>(async () => await access.RevokeAsync(null!, new RevocationNote("olga"), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await access.RevokeAsync(AgentAccessScope.Everything, null!, TestContext.Current.CancellationToken));
        Assert.Equal(default, await access.RevokeAsync(AgentAccessScope.Everything, new RevocationNote("olga"), TestContext.Current.CancellationToken));
    }

    private static (string?, string?, string?, AgentFilter?) Parts(AgentAccessScope scope) => (scope.RegistrationId, scope.AccountId, scope.Issuer, scope.Agent);
}
