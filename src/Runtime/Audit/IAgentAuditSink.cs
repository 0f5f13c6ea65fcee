namespace AgentAuth;

/// <summary>
/// Is told of every audit row once it is durable: for a SIEM, a message queue, a second log. Register it with <c>AddAuditSink</c>. The row in the
/// store is the record; a process that dies between the two tells nobody, so whoever must not miss a row reads the store.
/// </summary>
public interface IAgentAuditSink
{
    /// <summary>
    /// Takes a row. It is called on the request that made the change, before that is answered, so it must be quick: hand on, do not wait. What it
    /// throws is logged and goes no further.
    /// </summary>
    /// <param name="audit">The row. It holds no secret.</param>
    void Record(AgentAuditEvent audit);
}
