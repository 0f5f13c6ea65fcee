using AgentAuth.Configuration;
using AgentAuth.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Assertions;

/// <summary>Registers what verifies tokens. The settings, the clock and logging come from the host.</summary>
internal static class AssertionServices
{
    /// <summary>Adds <see cref="AssertionVerifier"/> and what it needs.</summary>
    /// <param name="services">Where to.</param>
    public static IServiceCollection AddAssertions(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<AgentAuthMetrics>();
        services.AddSingleton<TrustList>();
        services.AddSingleton<ClientList>();
        services.AddSingleton<GuardedHttpClient>();
        services.AddSingleton<ProviderKeys>();
        services.AddSingleton<ClientDocuments>();
        services.AddSingleton<AssertionVerifier>();
        return services;
    }
}
