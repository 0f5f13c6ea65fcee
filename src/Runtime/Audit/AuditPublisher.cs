using Microsoft.Extensions.Logging;

namespace AgentAuth.Audit;

/// <summary>Tells every sink of the audit rows that a store has made durable. A store calls it after its transaction and not within.</summary>
/// <param name="sinks">Who is told.</param>
/// <param name="logger">Is told of sinks that fail.</param>
internal sealed partial class AuditPublisher(IEnumerable<IAgentAuditSink> sinks, ILogger<AuditPublisher> logger)
{
    private readonly IAgentAuditSink[] _sinks = [.. sinks];

    /// <summary>Tells of rows in the order in which they were written.</summary>
    /// <param name="rows">The rows of one change.</param>
    public void Publish(IReadOnlyList<AgentAuditEvent> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows)
        {
            foreach (var sink in _sinks)
            {
                Tell(sink, row);
            }
        }
    }

    private void Tell(IAgentAuditSink sink, AgentAuditEvent row)
    {
        try
        {
            sink.Record(row);
        }
#pragma warning disable CA1031 // The change is made and must be answered, whatever a sink throws.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SinkFailed(sink.GetType().Name, row.Name, e);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The audit sink {Sink} failed at a row {Event}. The row is in the store; the sink missed it.")]
    private partial void SinkFailed(string sink, string @event, Exception exception);
}
