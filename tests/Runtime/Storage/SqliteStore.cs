using AgentAuth.Audit;
using AgentAuth.Storage.Sqlite;

namespace AgentAuth.Storage;

/// <summary>Stores over a file.</summary>
internal static class SqliteStore
{
    public static AgentAuthStore Of(string path, TimeProvider time, AuditPublisher? audit = null) => new(new SqliteEngine(path, time), time, audit);
}
