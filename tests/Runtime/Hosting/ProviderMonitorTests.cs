using System.Net;
using AgentAuth.Assertions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Hosting;

/// <summary>Keys are there before the first agent is.</summary>
public sealed class ProviderMonitorTests
{
    [Fact]
    public async Task The_keys_are_fetched_once_the_service_has_started_and_the_first_agent_waits_for_none()
    {
        await using var pair = await ServiceWithProvider.StartAsync(warmsUp: true);

        Assert.Equal(1, pair.Provider.KeyRequests);
        Assert.Equal(HttpStatusCode.OK, (await pair.RegisterAsync(pair.Mint())).Status);
        Assert.Equal(1, pair.Provider.KeyRequests);
    }

    [Fact]
    public async Task Nothing_is_fetched_where_auth_md_does_not_enable_ID_JAGs()
    {
        await using var service = await TestService.StartAsync(TestService.Manifest with { IdentityAssertion = null }, warmsUp: true);

        Assert.Equal(0, service.Services.GetRequiredService<GuardedHttpClient>().RequestsSent);
    }
}
