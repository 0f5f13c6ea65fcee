namespace AgentAuth.Storage.Sqlite;

/// <summary>The conditions of a query that asks about some columns and not about others.</summary>
internal sealed class SqliteConditions
{
    private readonly List<string> _conditions = [];
    private readonly List<(string Name, object? Value)> _parameters = [];

    /// <summary>The parameters, in the order of the conditions.</summary>
    public IEnumerable<(string Name, object? Value)> Parameters => _parameters;

    /// <summary>Asks about something with the parameters that it needs.</summary>
    public SqliteConditions Add(string condition, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _conditions.Add(condition);
        _parameters.AddRange(parameters);
        return this;
    }

    /// <summary>Asks that a column equals a value, when there is one.</summary>
    public SqliteConditions AddEqual(string column, object? value) =>
        value is null ? this : Add($"{column} = ${column}", ($"${column}", value));

    /// <summary>Asks about agents.</summary>
    public SqliteConditions Add(AgentFilter? agent) =>
        AddEqual("client_id", agent?.ClientId)
            .AddEqual("agent_platform", agent?.AgentPlatform)
            .AddEqual("agent_context_id", agent?.AgentContextId)
            .AddEqual("act", agent?.Act);

    /// <summary>What comes behind WHERE.</summary>
    public override string ToString() => _conditions.Count == 0 ? "TRUE" : string.Join(" AND ", _conditions);
}
