using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Access;

/// <summary>The app's default scheme is what it would be without us.</summary>
public sealed class AgentDefaultSchemeTests
{
    [Theory]
    [InlineData(null, AgentAuthDefaults.AuthenticationScheme)]
    [InlineData(null, "Cookies", "Cookies")]
    [InlineData(null, null, "Cookies", "Bearer")]
    [InlineData("Bearer", "Bearer", "Cookies", "Bearer")]
    [InlineData("Bearer", "Bearer")]
    public void The_only_scheme_of_the_app_is_its_default_and_a_choice_of_the_app_is_kept(string? chosen, string? expected, params string[] others)
    {
        var options = new AuthenticationOptions { DefaultScheme = chosen };
        foreach (var name in (string[])[.. others, AgentAuthDefaults.AuthenticationScheme])
        {
            options.AddScheme(name, scheme => scheme.HandlerType = typeof(AgentAuthenticationHandler));
        }

        new AgentDefaultScheme().PostConfigure(null, options);

        Assert.Equal(expected, options.DefaultScheme);
    }

    [Theory]
    [InlineData("none", AgentAuthDefaults.AuthenticationScheme)]
    [InlineData("ours by name", AgentAuthDefaults.AuthenticationScheme)]
    [InlineData("two and no default", AgentAuthDefaults.AuthenticationScheme)]
    [InlineData("one", "Cookies", AgentAuthDefaults.AuthenticationScheme)]
    public async Task Where_users_are_welcome_too_the_policy_names_the_scheme_of_users_if_there_is_one(string schemes, params string[] expected)
    {
        await using var service = await TestService.StartAsync(services: services => _ = schemes switch
        {
            "ours by name" => services.AddAuthentication(AgentAuthDefaults.AuthenticationScheme),
            "two and no default" => services.AddAuthentication().AddCookie("Cookies").AddCookie("Others"),
            "one" => services.AddAuthentication().AddCookie("Cookies"),
            _ => null,
        });

        var policies = service.Services.GetRequiredService<IAuthorizationPolicyProvider>();

        Assert.Equal(expected, (await policies.GetPolicyAsync(AgentAuthDefaults.UserOrAgentPolicy))!.AuthenticationSchemes);
        Assert.Equal([AgentAuthDefaults.AuthenticationScheme], (await policies.GetPolicyAsync(AgentAuthDefaults.AgentPolicy))!.AuthenticationSchemes);
    }
}
