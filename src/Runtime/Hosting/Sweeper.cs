using AgentAuth.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Hosting;

/// <summary>Tidies the store now and then. Nothing depends on it: expiry is enforced on read.</summary>
internal sealed partial class Sweeper(IAgentAuthStore store, TimeProvider time, ILogger<Sweeper> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(5);

    private const int Batch = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            do
            {
                await SweepAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A start that failed elsewhere ends here too, and must not be buried under our own cancellation.
        }
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await store.SweepAsync(time.GetUtcNow(), Batch, stoppingToken))
            {
                await Task.Yield();
            }
        }
        catch (AgentAuthStorageException e)
        {
            SweepFailed(logger, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Tidying the store failed; the next round tries again. Expiry does not depend on it.")]
    private static partial void SweepFailed(ILogger logger, Exception exception);
}
