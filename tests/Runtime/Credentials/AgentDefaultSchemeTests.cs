using Microsoft.AspNetCore.Authentication;

namespace AgentAuth.Credentials;

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
}
