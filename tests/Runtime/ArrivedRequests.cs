using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth;

/// <summary>Waits until so many requests have come to a service, from now on.</summary>
internal sealed class ArrivedRequests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _arrived;

    public ArrivedRequests(TestService service, int count)
    {
        var meters = service.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "http.server.active_requests")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) =>
        {
            if (value > 0 && Interlocked.Add(ref _arrived, value) == count)
            {
                _all.TrySetResult();
            }
        });
        _listener.Start();
    }

    public Task All => _all.Task;

    public void Dispose() => _listener.Dispose();
}
