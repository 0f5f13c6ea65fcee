using System.Net;
using System.Security.Claims;
using AgentAuth.Manifest;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Access;

/// <summary>Who an agent is to the app.</summary>
public sealed class AuthenticatedAgentTests
{
    private static readonly CredentialRecord s_claimed = new()
    {
        Id = "cred_1",
        Type = CredentialType.ApiKey,
        Scopes = ["tickets.read", "tickets.write"],
        ExpiresAt = null,
        IsRevoked = false,
        RegistrationId = "reg_1",
        RegistrationType = AgentRegistrationType.AgentProvider,
        AccountId = "acc_1",
        Agent = new AgentIdentity { Delegation = new AgentDelegationKey("https://agents.example", "user-1"), ClientId = "https://agents.example", JwtId = "jti-1" },
    };

    [Fact]
    public void The_app_sees_what_the_credential_says()
    {
        var agent = new ClaimsPrincipal(new AgentClaimsIdentity(s_claimed)).GetAgent()!;

        Assert.Equal(("reg_1", AgentRegistrationType.AgentProvider, "acc_1"), (agent.RegistrationId, agent.RegistrationType, agent.AccountId));
        Assert.Equal(["tickets.read", "tickets.write"], agent.Scopes);
        Assert.Same(s_claimed.Agent, agent.Identity);
        Assert.True(agent.Has("tickets.write"));
        Assert.False(agent.Has("tickets"));
        Assert.False(agent.Has("Tickets.Read"));
    }

    [Finding("W7", "An anonymous agent at a stateful MCP server", "Every agent has a `sub`, the registration, to which the session is tied")]
    [Fact]
    public void W7_claims_name_the_registration_the_scopes_and_the_account_when_there_is_one()
    {
        var identity = new AgentClaimsIdentity(s_claimed);

        Assert.True(identity.IsAuthenticated);
        Assert.Equal(AgentAuthDefaults.AuthenticationScheme, identity.AuthenticationType);
        Assert.Equal("acc_1", identity.Name);
        Assert.Equal(
            [("agent_registration", "reg_1"), ("sub", "reg_1"), ("scope", "tickets.read"), ("scope", "tickets.write"), (ClaimTypes.NameIdentifier, "acc_1")],
            identity.Claims.Select(claim => (claim.Type, claim.Value)));
        Assert.Null(new AgentClaimsIdentity(s_claimed with { AccountId = null }).Name);
        Assert.DoesNotContain(new AgentClaimsIdentity(s_claimed with { AccountId = null }).Claims, claim => claim.Type == ClaimTypes.NameIdentifier);
    }

    [Fact]
    public void A_clone_is_the_same_agent_still()
    {
        var principal = new ClaimsPrincipal(new AgentClaimsIdentity(s_claimed));

        Assert.Same(principal.GetAgent(), principal.Clone().GetAgent());
        Assert.Equal("reg_1", new ClaimsPrincipal([new ClaimsIdentity("Cookies"), new AgentClaimsIdentity(s_claimed).Clone()]).GetAgent()!.RegistrationId);

        // A hub finds the credential of a connection by it, at each call.
        Assert.Equal(SecretHash.Of("key"), Assert.IsType<AgentClaimsIdentity>(new AgentClaimsIdentity(s_claimed, SecretHash.Of("key")).Clone()).Hash);
    }

    [Fact]
    public void People_and_nobody_are_no_agents_whatever_they_claim()
    {
        Assert.Null(new ClaimsPrincipal().GetAgent());
        Assert.Null(new ClaimsPrincipal(new ClaimsIdentity(new AgentClaimsIdentity(s_claimed).Claims, AgentAuthDefaults.AuthenticationScheme)).GetAgent());
        Assert.Throws<ArgumentNullException>(() => AgentClaimsPrincipalExtensions.GetAgent(null!));
    }

    [Fact]
    public async Task Where_the_app_transforms_claims_an_agent_is_refused_all_the_same()
    {
        await using var service = await TestService.StartAsync(
            services: services => services.AddSingleton<IClaimsTransformation, CloningTransformation>(),
            endpoints: app => app.MapGet("/unsaid", () => "unsaid"));
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Equal("nobody", (await service.GetAsync("/api/tickets", key)).Body);
        (await service.GetAsync("/unsaid", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    private sealed class CloningTransformation : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) => Task.FromResult(principal.Clone());
    }
}
