using System.Security.Claims;
using AgentAuth.Manifest;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticAssets;

namespace AgentAuth.Access;

/// <summary>What the handler decides of a person, an agent and nobody, for each requirement and each resource that ASP.NET Core hands it.</summary>
public sealed class AgentAuthorizationTests
{
    private static readonly ClaimsPrincipal s_nobody = new(new ClaimsIdentity());
    private static readonly ClaimsPrincipal s_person = new([new ClaimsIdentity(), new ClaimsIdentity("Cookies")]);

    [Theory]
    [InlineData("nobody", false, false)]
    [InlineData("nobody", true, false)]
    [InlineData("person", false, false)]
    [InlineData("person", true, true)]
    [InlineData("agent", false, true)]
    [InlineData("agent", true, true)]
    [InlineData("agent of another scope", false, false)]
    [InlineData("agent of another scope", true, false)]
    public async Task A_scope_is_met_by_agents_that_hold_it_and_by_people_where_they_are_welcome(string who, bool allowsUsers, bool isMet)
    {
        var context = Context(Who(who), null, new AgentScopeRequirement(["tickets.read", "tickets.write"], allowsUsers));

        await new AgentAuthorizationHandler().HandleAsync(context);

        Assert.Equal((isMet, false), (context.HasSucceeded, context.HasFailed));
    }

    [Fact]
    public void The_attributes_say_whether_people_are_welcome()
    {
        Assert.False(Assert.IsType<AgentScopeRequirement>(Assert.Single(new AgentScopeAttribute("a").GetRequirements())).AllowsUsers);
        Assert.True(Assert.IsType<AgentScopeRequirement>(Assert.Single(new UserOrAgentScopeAttribute("a").GetRequirements())).AllowsUsers);
        Assert.Equal(AgentAuthDefaults.AgentPolicy, ((IAuthorizeData)new AgentScopeAttribute("a")).Policy);
        Assert.Equal(AgentAuthDefaults.UserOrAgentPolicy, ((IAuthorizeData)new UserOrAgentScopeAttribute("a")).Policy);
    }

    [Fact]
    public async Task The_gate_is_always_met_and_the_apps_own_requirements_are_left_to_the_app()
    {
        var gate = Context(s_nobody, null, new AgentGateRequirement());
        var own = Context(s_person, null, new AgentGateRequirement(), new NameAuthorizationRequirement("olga"));

        await new AgentAuthorizationHandler().HandleAsync(gate);
        await new AgentAuthorizationHandler().HandleAsync(own);

        Assert.True(gate.HasSucceeded);
        Assert.Equal([typeof(NameAuthorizationRequirement)], own.PendingRequirements.Select(requirement => requirement.GetType()));
    }

    [Theory]
    [InlineData("agent", "silent", true)]
    [InlineData("agent", "scoped", false)]
    [InlineData("agent", "file", false)]
    [InlineData("person", "silent", false)]
    [InlineData("nobody", "silent", false)]
    public async Task An_endpoint_as_the_resource_refuses_agents_unless_it_names_them(string who, string endpoint, bool isRefused)
    {
        var context = Context(Who(who), Endpoint(endpoint), new AgentGateRequirement());

        await new AgentAuthorizationHandler().HandleAsync(context);

        Assert.Equal(isRefused, context.HasFailed);
    }

    [Theory]
    [InlineData("silent", "agent", true)]
    [InlineData("silent", "refused", true)]
    [InlineData("silent", "none", false)]
    [InlineData("scoped", "agent", false)]
    [InlineData("scoped", "refused", true)]
    [InlineData("file", "agent", false)]
    [InlineData("file", "refused", false)]
    public async Task A_request_is_judged_by_the_credential_it_presents_whoever_is_signed_in(string endpoint, string presented, bool isRefused)
    {
        var http = new DefaultHttpContext { RequestServices = new Presents(presented) };
        http.SetEndpoint(Endpoint(endpoint));
        var context = Context(s_person, http, new AgentGateRequirement());

        await new AgentAuthorizationHandler().HandleAsync(context);

        Assert.Equal(isRefused, context.HasFailed);
    }

    [Fact]
    public async Task A_file_that_the_apps_fallback_policy_guards_is_no_public_file()
    {
        var http = new DefaultHttpContext { RequestServices = new Presents("agent") };
        http.SetEndpoint(Endpoint("file"));
        var context = Context(s_person, http, new AgentGateRequirement(), new DenyAnonymousAuthorizationRequirement());

        await new AgentAuthorizationHandler().HandleAsync(context);

        Assert.True(context.HasFailed);
    }

    [Fact]
    public async Task A_request_without_an_endpoint_is_nobodys_to_refuse()
    {
        var context = Context(Who("agent"), new DefaultHttpContext { RequestServices = new Presents("agent") }, new AgentGateRequirement());

        await new AgentAuthorizationHandler().HandleAsync(context);

        Assert.True(context.HasSucceeded);
    }

    private static AuthorizationHandlerContext Context(ClaimsPrincipal user, object? resource, params IAuthorizationRequirement[] requirements) =>
        new(requirements, user, resource);

    private static ClaimsPrincipal Who(string who) => who switch
    {
        "nobody" => s_nobody,
        "person" => s_person,
        "agent" => Agent("tickets.read", "tickets.write", "more"),
        _ => Agent("tickets.read"),
    };

    private static ClaimsPrincipal Agent(params string[] scopes) => new(new AgentClaimsIdentity(new CredentialRecord
    {
        Id = "cred_1",
        Type = CredentialType.ApiKey,
        Scopes = [.. scopes],
        ExpiresAt = null,
        IsRevoked = false,
        RegistrationId = "reg_1",
        RegistrationType = AgentRegistrationType.Anonymous,
        AccountId = null,
    }));

    private static Endpoint Endpoint(string kind) => new(null, new EndpointMetadataCollection(kind switch
    {
        "scoped" => [new AgentScopeAttribute("tickets.read")],
        "file" => [new StaticAssetDescriptor { AssetPath = "site.css", Route = "site.css", Properties = [], ResponseHeaders = [], Selectors = [] }],
        _ => Array.Empty<object>(),
    }), kind);

    /// <summary>Authenticates as a request with a good credential, a bad one, or none.</summary>
    private sealed class Presents(string what) : IServiceProvider, IAuthenticationService
    {
        public object? GetService(Type serviceType) => serviceType == typeof(IAuthenticationService) ? this : null;

        public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
        {
            Assert.Equal(AgentAuthDefaults.AuthenticationScheme, scheme);
            return Task.FromResult(what switch
            {
                "agent" => AuthenticateResult.Success(new AuthenticationTicket(Agent("tickets.read"), scheme!)),
                "refused" => AuthenticateResult.Fail("refused"),
                _ => AuthenticateResult.NoResult(),
            });
        }

        public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => throw new NotSupportedException();

        public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => throw new NotSupportedException();

        public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) => throw new NotSupportedException();

        public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => throw new NotSupportedException();
    }
}
