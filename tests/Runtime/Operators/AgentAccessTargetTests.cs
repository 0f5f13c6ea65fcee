using AgentAuth.Assertions;
using AgentAuth.Storage;
using AgentAuth.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Operators;

/// <summary>A scope names what it says and nothing more; a query takes no filter that would mean something else.</summary>
public sealed class AgentAccessTargetTests
{
    [Fact]
    public void Each_scope_names_one_thing()
    {
        Assert.Equal((null, null, null, null), Parts(AgentAccessTarget.Everything));
        Assert.Equal(("reg_1", null, null, null), Parts(AgentAccessTarget.Registration("reg_1")));
        Assert.Equal(("reg_1", "acc_1", null, null), Parts(AgentAccessTarget.RegistrationOf("acc_1", "reg_1")));
        Assert.Equal((null, "acc_1", null, null), Parts(AgentAccessTarget.Account("acc_1")));
        Assert.Equal((null, null, "https://agents.example", null), Parts(AgentAccessTarget.Provider("https://agents.example")));
        Assert.Equal((null, null, null, new AgentIdentityFilter { ClientId = "c" }), Parts(AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = "c" })));
    }

    [Fact]
    public void Missing_names_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => AgentAccessTarget.Registration(null!));
        Assert.Equal("accountId", Assert.Throws<ArgumentNullException>(() => AgentAccessTarget.RegistrationOf(null!, "reg_1")).ParamName);
        Assert.Throws<ArgumentNullException>(() => AgentAccessTarget.RegistrationOf("acc_1", null!));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.RegistrationOf("", "reg_1"));
        Assert.Throws<ArgumentNullException>(() => AgentRegistrationQuery.OfAccount(null!));
        Assert.Throws<ArgumentException>(() => AgentRegistrationQuery.OfAccount(""));
        Assert.Throws<ArgumentNullException>(() => AgentAccessTarget.Account(null!));
        Assert.Throws<ArgumentNullException>(() => AgentAccessTarget.Provider(null!));
        Assert.Throws<ArgumentNullException>(() => AgentAccessTarget.Agents(null!));
    }

    [Theory]
    [InlineData("x\nrevoked_by=olga")]
    [InlineData("x\u2028y")]
    [InlineData("")]
    public void Names_that_could_forge_a_line_of_the_audit_trail_are_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Registration(name));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Account(name));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Provider(name));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = name }));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Agents(new AgentIdentityFilter { AgentPlatform = name }));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Agents(new AgentIdentityFilter { AgentContextId = name }));
        Assert.Throws<ArgumentException>(() => new AgentRegistrationQuery { AccountId = name }.Checked());
        Assert.Throws<ArgumentException>(() => new AgentRegistrationQuery { Issuer = name }.Checked());
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.RegistrationOf(name, "reg_1"));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.RegistrationOf("acc_1", name));
        Assert.Throws<ArgumentException>(() => AgentRegistrationQuery.OfAccount(name));
        Assert.Throws<ArgumentException>(() => new AgentRegistrationQuery { Agent = new AgentIdentityFilter { ClientId = name } }.Checked());
    }

    [Fact]
    public void Names_have_1024_characters_at_the_most()
    {
        Assert.Equal(1024, AgentAccessTarget.Account(new string('a', 1024)).AccountId!.Length);
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Account(new string('a', 1025)));
        Assert.Equal(1024, AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = new string('a', TrustedProvider.MaxClientIdLength) }).Agent!.ClientId!.Length);
    }

    [Fact]
    public void Query_of_an_account_asks_for_its_registrations_alone() =>
        Assert.Equal(new AgentRegistrationQuery { AccountId = "acc_1" }, AgentRegistrationQuery.OfAccount("acc_1"));

    [Fact]
    public void Any_one_part_makes_a_filter_and_none_may_be_empty_text()
    {
        Assert.Equal("c", AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = "c" }).Agent!.ClientId);
        Assert.Equal("p", AgentAccessTarget.Agents(new AgentIdentityFilter { AgentPlatform = "p" }).Agent!.AgentPlatform);
        Assert.Equal("x", AgentAccessTarget.Agents(new AgentIdentityFilter { AgentContextId = "x" }).Agent!.AgentContextId);
        Assert.Equal("{\"a\":1,\"b\":2}", AgentAccessTarget.Agents(new AgentIdentityFilter { Act = "{ \"b\": 2, \"a\": 1 }" }).Agent!.Act);
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = "c", AgentPlatform = "" }));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = "c", AgentContextId = "" }));
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = "", AgentPlatform = "p" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{} {}")]
    public void An_actor_is_one_JSON_object(string act) => Assert.Throws<ArgumentException>(() => AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = "c", Act = act }));

    [Fact]
    public void An_actor_is_within_the_limits_of_an_ID_JAGs()
    {
        static string Act(int length) => $"{{\"a\":\"{new string('a', length - 8)}\"}}";

        Assert.Equal(ActorClaim.MaxLength, AgentAccessTarget.Agents(new AgentIdentityFilter { Act = Act(ActorClaim.MaxLength) }).Agent!.Act!.Length);
        Assert.Throws<ArgumentException>(() => AgentAccessTarget.Agents(new AgentIdentityFilter { Act = Act(ActorClaim.MaxLength + 1) }));
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
            Agent = new AgentIdentityFilter { Act = "{ }" },
            IsLive = true,
            After = "1700000000000.reg_1",
        };

        Assert.Equal(query with { Agent = new AgentIdentityFilter { Act = "{}" } }, query.Checked());
        Assert.Null(new AgentRegistrationQuery().Checked().Agent);
        Assert.Throws<ArgumentException>(() => new AgentRegistrationQuery { Agent = new AgentIdentityFilter { ClientId = "" } }.Checked());
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

        await Assert.ThrowsAsync<ArgumentNullException>(async () => await access.RevokeAsync(null!, new AgentRevocationNote("olga"), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await access.RevokeAsync(AgentAccessTarget.Everything, null!, TestContext.Current.CancellationToken));
        Assert.Equal(default, await access.RevokeAsync(AgentAccessTarget.Everything, new AgentRevocationNote("olga"), TestContext.Current.CancellationToken));
    }

    private static (string?, string?, string?, AgentIdentityFilter?) Parts(AgentAccessTarget target) => (target.RegistrationId, target.AccountId, target.Issuer, target.Agent);
}
