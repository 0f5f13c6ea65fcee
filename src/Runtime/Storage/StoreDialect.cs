namespace AgentAuth.Storage;

/// <summary>
/// What is not the same in every engine's SQL. The rest is one text for all: parameters are <c>@name</c>; instants are milliseconds since 1970, flags and
/// enumerations are integers; the functions are those of the standard.
/// </summary>
internal abstract class StoreDialect
{
    /// <summary>What comes behind a table in FROM to have it read by an index; empty where an engine chooses well by itself.</summary>
    /// <param name="index">The index's name.</param>
    public abstract string IndexedBy(string index);
}
