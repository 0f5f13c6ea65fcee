using System.Runtime.InteropServices;
using System.Threading.Channels;
using AgentAuth.Audit;
using AgentAuth.Manifest;
using AgentAuth.Storage;
using AgentAuth.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Limits;

/// <summary>
/// Audits refusals behind the answer, many in one write. A refusal changes nothing, so its answer need not wait for the disk; and anybody can cause
/// one, so nobody outside decides how many rows there are. What is too much is counted, and there is one row a minute that says how much it was. A
/// verified identity is refused no more often than its limits allow, and is not crowded out by those that nobody verified.
/// </summary>
internal sealed partial class RefusalTrail : BackgroundService
{
    /// <summary>How many rows may wait to be written.</summary>
    public const int Capacity = 1000;

    /// <summary>The outcome of a row that stands for those that were too many.</summary>
    public const string NotRecorded = "not_recorded";

    /// <summary>How many refusals of nobody in particular get a row, of one remote address.</summary>
    public static readonly RateLimit PerAddress = RateLimit.PerHour(10);

    /// <summary>How many refusals of nobody in particular get a row, in all.</summary>
    public static readonly RateLimit InAll = RateLimit.PerHour(600);

    private static readonly TimeSpan s_summaryPause = TimeSpan.FromMinutes(1);

    private readonly IAgentAuthStore _store;
    private readonly AgentAuthMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<RefusalTrail> _logger;
    private readonly SlidingWindowLimiter _limiter;
    private readonly AddressLimit _perAddress = new(PerAddress);
    private readonly LimitTable _inAll = new(InAll, 1);
    private readonly Channel<Entry> _entries = Channel.CreateUnbounded<Entry>();
    private readonly ITimer _summary;

    private int _dropped;

    public RefusalTrail(IAgentAuthStore store, AgentAuthMetrics metrics, TimeProvider time, ILogger<RefusalTrail> logger)
    {
        (_store, _metrics, _time, _logger) = (store, metrics, time, logger);
        _limiter = new SlidingWindowLimiter(time);
        _summary = time.CreateTimer(_ => Summarize(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Has a refusal written down soon, or counted when there are too many.</summary>
    public void Tell(AgentAuditEvent refusal, RequestOrigin origin)
    {
        if (_entries.Reader.Count >= Capacity
            || (refusal.Issuer is null && !IsWithinLimits(origin))
            || !_entries.Writer.TryWrite(new Entry(refusal, null)))
        {
            Drop(1);
        }
    }

    /// <summary>Ends when all is written that was told before.</summary>
    public Task WrittenAsync()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _entries.Writer.TryWrite(new Entry(null, written)) ? written.Task : Task.CompletedTask;
    }

    /// <summary>Writes what still waits.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Summarize();
        _entries.Writer.TryComplete();
        if (ExecuteTask is { } running)
        {
            await Task.WhenAny(running, Task.Delay(Timeout.Infinite, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _summary.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _entries.Reader.WaitToReadAsync(stoppingToken))
            {
                List<AgentAuditEvent> rows = [];
                List<TaskCompletionSource> waiting = [];
                while (rows.Count < Capacity && _entries.Reader.TryRead(out var entry))
                {
                    if (entry.Row is { } row)
                    {
                        rows.Add(row);
                    }
                    else
                    {
                        waiting.Add(entry.Written!);
                    }
                }

                await WriteAsync(rows, stoppingToken);
                waiting.ForEach(written => written.SetResult());
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host's patience is over.
        }
    }

    private async Task WriteAsync(List<AgentAuditEvent> rows, CancellationToken stoppingToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        try
        {
            await _store.WriteAuditAsync(rows, stoppingToken);
        }
        catch (AgentAuthStorageException e)
        {
            LogNotWritten(rows.Count, e);
            Drop(rows.Count);
        }
    }

    private bool IsWithinLimits(RequestOrigin origin)
    {
        List<LimitedKey> keys = [new(_inAll, LimitKeys.All)];
        if (origin.Address is { } address)
        {
            _perAddress.Add(keys, address);
        }

        return _limiter.TryAcquire(CollectionsMarshal.AsSpan(keys)) is null;
    }

    private void Drop(int count)
    {
        _metrics.NotAudited(count);
        if (Interlocked.Add(ref _dropped, count) == count)
        {
            _summary.Change(s_summaryPause, Timeout.InfiniteTimeSpan);
        }
    }

    private void Summarize()
    {
        if (Interlocked.Exchange(ref _dropped, 0) is var count and > 0)
        {
            LogDropped(count);
            _entries.Writer.TryWrite(new Entry(
                new AgentAuditEvent
                {
                    Name = AgentAuditEvents.RegistrationRefused,
                    At = _time.GetUtcNow(),
                    Outcome = NotRecorded,
                    Reason = $"{count} more refusals.",
                },
                null));
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Count} more registrations were refused than the audit trail has rows for.")]
    private partial void LogDropped(int count);

    [LoggerMessage(2, LogLevel.Error, "The audit rows of {Count} refused registrations could not be written.")]
    private partial void LogNotWritten(int count, Exception exception);

    /// <summary>A row, or somebody who waits until those before are written.</summary>
    private readonly record struct Entry(AgentAuditEvent? Row, TaskCompletionSource? Written);
}
