using System.Diagnostics.Metrics;
using AgentAuth.Assertions;
using AgentAuth.Configuration;
using AgentAuth.Telemetry;
using Microsoft.Extensions.Hosting;

namespace AgentAuth.Hosting;

/// <summary>
/// Fetches the keys of every trusted provider once the service has started, so that no agent waits for them, and shows for each provider how it
/// stands with its keys.
/// </summary>
internal sealed class ProviderMonitor : BackgroundService
{
    private readonly TrustList _trust;
    private readonly ProviderKeys _keys;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;

    public ProviderMonitor(TrustList trust, ProviderKeys keys, TimeProvider time, IHostApplicationLifetime lifetime, IMeterFactory meters)
    {
        (_trust, _keys, _time, _lifetime) = (trust, keys, time, lifetime);
        var meter = meters.Create(AgentAuthTelemetry.MeterName);
        meter.CreateObservableGauge(
            "agentauth.provider.keys.count", () => Observe<long>(keys => keys.Count), "{key}", "Keys of a provider that can be used now.");
        meter.CreateObservableGauge(
            "agentauth.provider.keys.age", () => Observe<double>(AgeOf), "s", "Time since a provider's keys were fetched.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Not before: a provider of the same process, as in a sample, starts with it.
            var started = new TaskCompletionSource();
            using var registration = _lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            await Task.WhenAll(_trust.Providers.Select(provider => _keys.WarmUpAsync(provider, stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A start that failed elsewhere ends here too, and must not be buried under our own cancellation.
        }
    }

    private double? AgeOf(KeysStatus keys) => keys.FetchedAt is { } at ? (_time.GetUtcNow() - at).TotalSeconds : null;

    private IEnumerable<Measurement<T>> Observe<T>(Func<KeysStatus, T?> read)
        where T : struct
    {
        foreach (var provider in _trust.Providers)
        {
            if (read(_keys.StatusOf(provider)) is { } value)
            {
                yield return new Measurement<T>(value, new KeyValuePair<string, object?>(TelemetryTags.Issuer, provider.Issuer));
            }
        }
    }
}
