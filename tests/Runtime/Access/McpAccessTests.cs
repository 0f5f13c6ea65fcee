using System.Security.Claims;
using AgentAuth.Hosting;
using AgentAuth.Manifest;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Access;

/// <summary>The decisions about what an MCP server offers, one by one. tests/EndToEnd/Mcp has them with the real SDK.</summary>
public sealed class McpAccessTests
{
    [Finding("G3", "Each attribute, and the app's own policies, in the metadata of an MCP tool; agents, people, nobody, and a bad credential", "What is said holds for each of them; what is unsaid is as the MCP endpoint says")]
    [Theory]
    [InlineData("nothing", "Allowed", "Allowed", "Allowed", "Allowed", "Allowed")]
    [InlineData("read", "ForAgents", "ForAgents", "Allowed", "Allowed", "CredentialRefused")]
    [InlineData("write", "ForAgents", "ForAgents", "LacksScope", "Allowed", "CredentialRefused")]
    [InlineData("read, write", "ForAgents", "ForAgents", "LacksScope", "Allowed", "CredentialRefused")]
    [InlineData("users or write", "ForUsersOrAgents", "Allowed", "LacksScope", "Allowed", "CredentialRefused")]
    [InlineData("read, users or write", "ForAgents", "ForAgents", "LacksScope", "Allowed", "CredentialRefused")]
    [InlineData("denied", "Allowed", "Allowed", "Unknown", "Unknown", "CredentialRefused")]
    [InlineData("denied, read", "ForAgents", "ForAgents", "Unknown", "Unknown", "CredentialRefused")]
    [InlineData("denied, open", "Allowed", "Allowed", "Unknown", "Unknown", "CredentialRefused")]
    [InlineData("open, write", "Allowed", "Allowed", "Allowed", "Allowed", "Allowed")]
    [InlineData("authorize", "Allowed", "Allowed", "SaysNothing", "SaysNothing", "CredentialRefused")]
    [InlineData("policy", "Allowed", "Allowed", "SaysNothing", "SaysNothing", "CredentialRefused")]
    [InlineData("requirement", "Allowed", "Allowed", "SaysNothing", "SaysNothing", "CredentialRefused")]
    [InlineData("fresh", "Allowed", "Allowed", "LacksSignIn", "Allowed", "CredentialRefused")]
    [InlineData("fresh, write", "ForAgents", "ForAgents", "LacksScope", "Allowed", "CredentialRefused")]
    [InlineData("fresh, read", "ForAgents", "ForAgents", "LacksSignIn", "Allowed", "CredentialRefused")]
    [InlineData("fresh, strong", "Allowed", "Allowed", "LacksSignIn", "LacksSignIn", "CredentialRefused")]
    [InlineData("fresh, authorize", "Allowed", "Allowed", "SaysNothing", "SaysNothing", "CredentialRefused")]
    [InlineData("no sign-in", "Allowed", "Allowed", "LacksSignIn", "LacksSignIn", "CredentialRefused")]
    public async Task G3_what_is_said_holds_for_each_caller(string said, string nobody, string person, string reader, string writer, string refused)
    {
        await using var service = await TestService.StartAsync();
        var stepUp = service.Services.GetRequiredService<AgentStepUpHandler>();
        var access = new McpAccess([.. said.Split(", ").Select(Said)]);

        Assert.Equal(nobody, access.AnswerTo(new McpCaller(null, null, null), stepUp).ToString());
        Assert.Equal(nobody, access.AnswerTo(new McpCaller(new ClaimsPrincipal(new ClaimsIdentity()), null, null), stepUp).ToString());
        Assert.Equal(nobody, access.AnswerTo(new McpCaller(new ClaimsPrincipal(), null, null), stepUp).ToString());
        Assert.Equal(person, access.AnswerTo(new McpCaller(new ClaimsPrincipal(new ClaimsIdentity("Cookies")), null, null), stepUp).ToString());
        Assert.Equal(person, access.AnswerTo(new McpCaller(new ClaimsPrincipal([new ClaimsIdentity(), new ClaimsIdentity("Cookies")]), null, null), stepUp).ToString());
        Assert.Equal(reader, access.AnswerTo(Agent(null, "tickets.read"), stepUp).ToString());
        Assert.Equal(writer, access.AnswerTo(Agent(service.Time.GetUtcNow(), "tickets.read", "tickets.write"), stepUp).ToString());
        Assert.Equal(refused, access.AnswerTo(new McpCaller(new ClaimsPrincipal(new ClaimsIdentity("Cookies")), null, "Bad."), stepUp).ToString());
        Assert.Equal(said == "no sign-in", access.AsksForNoSignIn);
    }

    [Finding("G3", "`[DenyAgents]` on a class whose base class declares the MCP tool", "Denied: the class that offers a tool is read as well as the one that declares it")]
    [Fact]
    public async Task G3_the_class_that_offers_a_tool_counts_beside_the_one_that_declares_it()
    {
        await using var service = await TestService.StartAsync();
        var stepUp = service.Services.GetRequiredService<AgentStepUpHandler>();
        var agent = Agent(null, "tickets.read");

        Assert.Equal(McpAnswer.Unknown, new McpAccess([typeof(Denied).GetMethod(nameof(Base.Offer))!]).AnswerTo(agent, stepUp));
        Assert.Equal(McpAnswer.Unknown, new McpAccess([typeof(DeniedByItsBase).GetMethod(nameof(Base.Offer))!]).AnswerTo(agent, stepUp));
        Assert.Equal(McpAnswer.Allowed, new McpAccess([typeof(Base).GetMethod(nameof(Base.Offer))!]).AnswerTo(agent, stepUp));

        // Beside, and not instead.
        Assert.Equal(McpAnswer.LacksScope, new McpAccess([new AgentScopeAttribute("tickets.write"), typeof(Scoped).GetMethod(nameof(Base.Offer))!]).AnswerTo(agent, stepUp));
    }

    [Finding("G3", "A key, a key beside a person's cookie, a bad key, and none, at an MCP endpoint that lets everybody in", "The agent, the agent alone, refused, nobody")]
    [Fact]
    public async Task G3_the_caller_is_who_sent_the_request()
    {
        await using var service = await StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Equal("agent alone: let in", await AskAsync("/mcp", key));
        Assert.StartsWith("no agent: The tool 'x' is for agents with the scope tickets.read. https://", await AskAsync("/mcp", null), StringComparison.Ordinal);
        Assert.StartsWith(
            "no agent: The agent credential of this request is refused: The credential's checksum is wrong. https://",
            await AskAsync("/mcp", "agk_" + new string('0', 36)),
            StringComparison.Ordinal);
        Assert.Equal("agent alone: let in", await AskAsync("/mcp?agent-and-person", key));
        Assert.Equal("agent alone: let in", await AskAsync("/mcp?person", key));

        async Task<string> AskAsync(string path, string? credential) => (await service.SendAsync(HttpMethod.Post, path, credential, null)).Body;
    }

    [Theory]
    [InlineData("POST", "/mcp?another-person")]
    [InlineData("POST", "/mcp?person-but-nobody")]
    [InlineData("POST", "/mcp?ends")]
    [InlineData("POST", "/mcp?ended")]
    [InlineData("GET", "/mcp")]
    public async Task G3_the_credential_of_another_request_says_nothing_about_a_message(string method, string path)
    {
        await using var service = await StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var answer = await service.SendAsync(new HttpMethod(method), path, key, null);

        Assert.StartsWith("no agent: The tool 'x' is for agents", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_list_an_agent_sees_what_it_lacks_a_scope_or_a_sign_in_for()
    {
        IAuthorizationRequirement[] ours = [new AgentScopeRequirement(["tickets.write"], AllowsUsers: false), new AgentStepUpRequirement(new AgentStepUpAttribute { MaxAge = 1 }.Required)];
        var other = new DenyAnonymousAuthorizationRequirement();

        var agent = new AuthorizationHandlerContext([.. ours, other], Agent(null, "tickets.read").User!, null);
        AgentAuthMcp.ShowInList(agent);
        Assert.Equal([other], agent.PendingRequirements);

        var person = new AuthorizationHandlerContext(ours, new ClaimsPrincipal(new ClaimsIdentity("Cookies")), null);
        AgentAuthMcp.ShowInList(person);
        Assert.Equal(ours, person.PendingRequirements);
    }

    private static Task<TestService> StartAsync() => TestService.StartAsync(
        services: services =>
        {
            AgentAuthMcp.Add(services, _ => []);

            // With a scheme of the app's own nobody looks for an agent where everybody is let in.
            services.AddAuthentication("Cookies").AddCookie("Cookies");
        },
        endpoints: app => app.MapMethods("/mcp", ["GET", "POST"], (RequestDelegate)AnswerAsync).AllowAnonymous());

    private static async Task AnswerAsync(HttpContext http)
    {
        var mcp = http.RequestServices.GetRequiredService<AgentAuthMcp>();
        var person = new ClaimsPrincipal(new ClaimsIdentity("Cookies"));
        var question = http.Request.QueryString.Value?.TrimStart('?');
        http.User = question is "person" or "person-but-nobody" ? person : http.User;
        var user = question switch
        {
            "person" => http.User,
            "another-person" => person,
            "agent-and-person" => new ClaimsPrincipal([new ClaimsIdentity("Cookies"), .. (await PresentedCredential.OfAsync(http)).Principal!.Identities]),
            _ => null,
        };
        var services = http.RequestServices;
        if (question is "ends" or "ended")
        {
            mcp = new AgentAuthMcp(new Ending(question == "ends" ? http : null), services, _ => []);
        }

        var caller = await mcp.CallerAsync(user);
        var who = caller.User?.GetAgent() is null ? "no agent" : caller.User.Identities.Count() == 1 ? "agent alone" : "agent and others";
        await http.Response.WriteAsync($"{who}: {caller.Refusal("tool 'x'", [new AgentScopeAttribute("tickets.read")]) ?? "let in"}");
    }

    private static McpCaller Agent(DateTimeOffset? signedInAt, params string[] scopes)
    {
        var user = new ClaimsPrincipal(new AgentClaimsIdentity(new CredentialRecord
        {
            Id = "cred_1",
            Type = CredentialType.ApiKey,
            Scopes = [.. scopes],
            ExpiresAt = null,
            IsRevoked = false,
            RegistrationId = "reg_1",
            RegistrationType = AgentRegistrationType.Anonymous,
            AccountId = null,
            Authentication = signedInAt is null ? null : new AgentUserAuthentication { At = signedInAt },
        }));
        return new McpCaller(user, user.GetAgent(), null);
    }

    private static object Said(string what) => what switch
    {
        "read" => new AgentScopeAttribute("tickets.read"),
        "write" => new AgentScopeAttribute("tickets.write"),
        "users or write" => new UserOrAgentScopeAttribute("tickets.write"),
        "denied" => new DenyAgentsAttribute(),
        "open" => new AllowAnonymousAttribute(),
        "authorize" => new AuthorizeAttribute(),
        "policy" => new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build(),
        "requirement" => new Requires(),
        "fresh" => new AgentStepUpAttribute { MaxAge = 600 },
        "strong" => new AgentStepUpAttribute { Methods = ["mfa"] },
        "no sign-in" => new AgentStepUpAttribute(),
        _ => new object(),
    };

    private class Base
    {
        public string? Offer() => ToString();
    }

    [DenyAgents]
    private class Denied : Base;

    private sealed class DeniedByItsBase : Denied;

    [AgentScope("tickets.read")]
    private sealed class Scoped : Base;

    private sealed class Requires : IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new DenyAnonymousAuthorizationRequirement()];
    }

    /// <summary>A request that is over when it is looked for a second time.</summary>
    private sealed class Ending(HttpContext? http) : IHttpContextAccessor
    {
        private HttpContext? _http = http;

        public HttpContext? HttpContext
        {
            get => Interlocked.Exchange(ref _http, null);
            set => throw new NotSupportedException();
        }
    }
}
