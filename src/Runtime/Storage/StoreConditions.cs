namespace AgentAuth.Storage;

/// <summary>
/// The conditions of a query of registrations that asks about some columns and not about others, and the index that serves it. The index is ours to
/// choose where an engine knows nothing of how the values are spread.
/// </summary>
/// <param name="dialect">The engine's.</param>
internal sealed class StoreConditions(StoreDialect dialect)
{
    // By how few rows a value has, fewest first. An index of a column has the rows of a value in the order of lists.
    private static readonly (string Column, string Index)[] s_indexes =
    [
        ("sub", "registrations_by_identity"),
        ("account_id", "registrations_by_account"),
        ("agent_context_id", "registrations_by_context"),
        ("act", "registrations_by_actor"),
        ("client_id", "registrations_by_client"),
        ("agent_platform", "registrations_by_platform"),
        ("iss", "registrations_by_issuer"),
        ("status", "registrations_by_status"),
    ];

    private readonly List<string> _conditions = [];
    private readonly List<(string Name, object? Value)> _parameters = [];
    private readonly HashSet<string> _equal = new(StringComparer.Ordinal);

    /// <summary>The parameters, in the order of the conditions.</summary>
    public IEnumerable<(string Name, object? Value)> Parameters => _parameters;

    /// <summary>Asks about something with the parameters that it needs.</summary>
    public StoreConditions Add(string condition, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _conditions.Add(condition);
        _parameters.AddRange(parameters);
        return this;
    }

    /// <summary>Asks that a column equals a value, when there is one.</summary>
    public StoreConditions AddEqual(string column, object? value)
    {
        if (value is null)
        {
            return this;
        }

        _equal.Add(column);
        return Add($"{column} = @{column}", ($"@{column}", value));
    }

    /// <summary>Asks about agents.</summary>
    public StoreConditions Add(AgentIdentityFilter? agent) =>
        AddEqual("client_id", agent?.ClientId)
            .AddEqual("agent_platform", agent?.AgentPlatform)
            .AddEqual("agent_context_id", agent?.AgentContextId)
            .AddEqual("act", agent?.Act);

    /// <summary>What comes behind FROM: the registrations, by the index of the most telling column, or by another where none is asked about.</summary>
    public string From(string otherwise) => _equal.Contains("id")
        ? "registrations r"
        : $"registrations r{dialect.IndexedBy(s_indexes.FirstOrDefault(one => _equal.Contains(one.Column)).Index ?? otherwise)}";

    /// <summary>What comes behind WHERE.</summary>
    public override string ToString() => string.Join(" AND ", _conditions);
}
