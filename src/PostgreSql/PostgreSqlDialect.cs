using AgentAuth.Storage;

namespace AgentAuth.PostgreSql;

/// <summary>PostgreSQL's own. It counts how values are spread, and chooses its indexes itself.</summary>
internal sealed class PostgreSqlDialect : StoreDialect
{
    public override string IndexedBy(string index) => "";
}
