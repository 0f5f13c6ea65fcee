using System.Globalization;
using AgentAuth.Assertions;
using AgentAuth.Configuration;
using AgentAuth.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentAuth.Hosting;

/// <summary>
/// Unhealthy while the store cannot be read: no agent gets in. Degraded while a provider has no usable keys, or its last fetch failed: its agents
/// are, or soon will be, turned away, and all others are served, so this instance must not be taken out of service for it.
/// </summary>
internal sealed class AgentAuthHealthCheck(IAgentAuthStore store, TrustList trust, ProviderKeys keys) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = trust.Providers.ToDictionary(provider => provider.Issuer, keys.StatusOf, StringComparer.Ordinal);
        var data = status.ToDictionary(one => one.Key, one => (object)Describe(one.Value), StringComparer.Ordinal);
        try
        {
            // A look-up that finds nothing, in the index that every registration goes by.
            await store.FindDelegationAsync(new AgentDelegationKey("", ""), cancellationToken);
        }
        catch (AgentAuthStorageException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The store cannot be read; agents are answered 503.", e, data);
        }

        var troubled = status.Where(one => one.Value is { Count: 0 } or { IsOutage: true }).Select(one => one.Key).ToArray();
        return troubled.Length == 0
            ? HealthCheckResult.Healthy("The store answers, and the keys of every trusted provider are there.", data)
            : HealthCheckResult.Degraded($"Keys are missing or cannot be fetched again: {string.Join(", ", troubled)}.", data: data);
    }

    private static string Describe(KeysStatus keys)
    {
        var count = keys switch
        {
            { FetchedAt: { } at } => string.Create(CultureInfo.InvariantCulture, $"{keys.Count} usable keys, fetched {at:yyyy-MM-dd'T'HH:mm:ss'Z'}"),
            { Count: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{keys.Count} pinned keys"),
            _ => "no keys yet",
        };
        return keys.IsOutage ? count + "; the last fetch failed" : count;
    }
}
