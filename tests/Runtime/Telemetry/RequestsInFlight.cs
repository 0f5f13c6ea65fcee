using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AgentAuth.Telemetry;

/// <summary>Counts requests whose pipeline has not ended: a client has its answer a moment before.</summary>
internal sealed class RequestsInFlight : IStartupFilter
{
    private readonly Lock _lock = new();
    private int _count;
    private TaskCompletionSource _settled = new();

    public RequestsInFlight() => _settled.SetResult();

    /// <summary>Waits until no request is in the pipeline.</summary>
    public Task SettleAsync()
    {
        lock (_lock)
        {
            return _settled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, pipeline) =>
        {
            Enter();
            try
            {
                await pipeline(context);
            }
            finally
            {
                Leave();
            }
        });
        next(app);
    };

    private void Enter()
    {
        lock (_lock)
        {
            if (_count++ == 0)
            {
                _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_count == 0)
            {
                _settled.SetResult();
            }
        }
    }
}
