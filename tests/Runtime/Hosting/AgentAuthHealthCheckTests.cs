using System.Net;
using AgentAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentAuth.Hosting;

/// <summary>The health check, with a real provider and its outages.</summary>
public sealed class AgentAuthHealthCheckTests
{
    [Fact]
    public async Task Keys_that_are_there_are_healthy_and_are_told_for_each_provider()
    {
        await using var pair = await StartAsync();
        await pair.RegisterAsync(pair.Mint());

        var health = await CheckAsync(pair.Service);

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal([new(pair.Provider.Issuer, "1 usable keys, fetched 2026-11-24T12:00:00Z")], health.Data);
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(pair.Service));
    }

    [Fact]
    public async Task An_outage_with_good_keys_and_one_without_are_degraded_and_end_with_it()
    {
        await using var pair = await StartAsync();
        await pair.RegisterAsync(pair.Mint());
        var issuer = pair.Provider.Issuer;
        pair.Service.Time.Advance(TimeSpan.FromMinutes(10));
        var assertion = pair.Mint();
        await pair.Provider.DisposeAsync();
        await pair.RegisterAsync(assertion);

        var health = await CheckAsync(pair.Service);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Equal($"Keys are missing or cannot be fetched again: {issuer}.", health.Description);
        Assert.Equal("1 usable keys, fetched 2026-11-24T12:00:00Z; the last fetch failed", health.Data[issuer]);
        Assert.Equal((HttpStatusCode.OK, "Degraded"), await GetAsync(pair.Service));

        pair.Service.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal("0 usable keys, fetched 2026-11-24T12:00:00Z; the last fetch failed", (await CheckAsync(pair.Service)).Data[issuer]);
    }

    [Fact]
    public async Task A_provider_that_never_answered_is_degraded()
    {
        await using var gone = await DemoIdentityProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var issuer = gone.Issuer;
        await gone.DisposeAsync();
        await using var service = await TestService.StartAsync(
            warmsUp: true,
            services: services => services.AddHealthChecks().AddAgentAuth(),
            configure: options =>
            {
                options.AllowLoopbackHttp = true;
                options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = issuer });
            });
        var health = await CheckAsync(service);

        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Equal("no keys yet; the last fetch failed", health.Data[issuer]);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_unhealthy()
    {
        await using var pair = await StartAsync();
        await pair.Service.ChangeDatabaseAsync("DROP TABLE delegations");

        var health = await CheckAsync(pair.Service);

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal("The store cannot be read; agents are answered 503.", health.Description);
        Assert.IsType<AgentAuthStorageException>(health.Exception);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await GetAsync(pair.Service));
    }

    private static Task<ServiceWithProvider> StartAsync() => ServiceWithProvider.StartAsync(
        services: services => services.AddHealthChecks().AddAgentAuth(),
        endpoints: app => app.MapHealthChecks("/healthz").DenyAgents());

    private static async Task<HealthReportEntry> CheckAsync(TestService service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["agentauth"];

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(TestService service)
    {
        var answer = await service.GetAsync("/healthz");
        return (answer.Status, answer.Body);
    }
}
