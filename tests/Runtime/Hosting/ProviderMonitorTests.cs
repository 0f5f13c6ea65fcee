using System.Net;
using AgentAuth.Assertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

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

    [Fact]
    public async Task Pinned_keys_are_not_fetched_and_are_healthy()
    {
        var key = TestKey.Create().Jwk.ToJsonString();
        await using var pair = await ServiceWithProvider.StartAsync(
            warmsUp: true, services: services => services.AddHealthChecks().AddAgentAuth(), trust: provider => provider.PinnedKeys.Add(key));

        var report = await pair.Service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal("1 pinned keys", report.Entries["agentauth"].Data[pair.Provider.Issuer]);
        Assert.Equal(0, pair.Provider.KeyRequests);
    }
}
