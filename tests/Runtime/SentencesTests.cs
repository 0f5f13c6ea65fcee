using System.Net;
using AgentAuth.Access;
using AgentAuth.Trust;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentAuth;

/// <summary>What of ours ends up in logs says what it is, and never the name of a type.</summary>
public sealed class SentencesTests
{
    [Finding("W13", "The log of an agent that lacks a scope or a recent sign-in", "It names scopes and sign-in, and no type")]
    [Fact]
    public async Task W13_the_log_of_a_refusal_names_what_was_asked_for()
    {
        await using var service = await TestService.StartAsync(
            services: services => services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Authorization", LogLevel.Trace)),
            endpoints: app => app.MapGet("/stepped-up", () => "in").RequireAgentScope("tickets.read").RequireAgentStepUp(TimeSpan.FromMinutes(5), contexts: ["silver"], methods: ["mfa", "otp"]));
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        (await service.SendAsync(HttpMethod.Post, "/api/tickets", key, null)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await service.GetAsync("/stepped-up", key)).Is(HttpStatusCode.Unauthorized, "insufficient_user_authentication");

        Assert.Contains("agent scope tickets.write", service.Log.Text, StringComparison.Ordinal);
        Assert.Contains("agent sign-in with `amr` with mfa and otp, `acr` silver, `auth_time` at most 300 seconds ago", service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.String[]", service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ImmutableArray", service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Requirement {", service.Log.Text, StringComparison.Ordinal);
    }

    [Finding("W13", "An app logs a registration, a page of them, or a user's sign-in", "Scopes and methods by their names, not `System.String[]`")]
    [Fact]
    public void W13_what_an_app_may_log_prints_its_lists()
    {
        var registration = new AgentRegistration
        {
            Id = "reg_1",
            Type = AgentRegistrationType.AgentProvider,
            Status = AgentRegistrationStatus.Claimed,
            AccountId = "acc_1",
            CreatedAt = default,
            LiveCredentials = 1,
            Scopes = ["tickets.read", "tickets.write"],
        };
        var authentication = new AgentUserAuthentication { At = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), Context = "silver", Methods = ["mfa", "otp"] };

        Assert.Equal("reg_1 (AgentProvider, Claimed, account acc_1, scopes tickets.read tickets.write)", registration.ToString());
        Assert.Equal("reg_1 (AgentProvider, Claimed, no account, scopes )", (registration with { AccountId = null, Scopes = default }).ToString());
        Assert.Equal($"{registration}; {registration}", new AgentRegistrationPage([registration, registration], null).ToString());
        Assert.Equal("auth_time 2026-11-24T12:00:00Z, acr silver, amr mfa otp", authentication.ToString());
        Assert.Equal("nothing said", AgentUserAuthentication.Unknown.ToString());
    }

    [Fact]
    public void W13_no_requirement_of_ours_prints_a_type()
    {
        IAuthorizationRequirement[] requirements =
        [
            new AgentGateRequirement(),
            new ScopesAreAskedRequirement(AllowsUsers: false),
            new ScopesAreAskedRequirement(AllowsUsers: true),
            new AgentScopeRequirement(["a", "b"], AllowsUsers: true),
            new AgentStepUpRequirement(new RequiredAuthentication(["mfa"], [], null)),
        ];

        var ours = typeof(AgentGateRequirement).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IAuthorizationRequirement)));
        Assert.Equal(ours.Order(Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))), requirements.Select(requirement => requirement.GetType()).Distinct().OrderBy(type => type.Name, StringComparer.Ordinal));
        Assert.All(requirements, requirement => Assert.DoesNotMatch("Requirement|System|AgentAuth", requirement.ToString()));
    }
}
