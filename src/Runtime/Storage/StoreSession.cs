using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;

namespace AgentAuth.Storage;

/// <summary>Runs statements, in a transaction or as a reader. Used by one caller at a time.</summary>
internal abstract class StoreSession
{
    /// <summary>What the change that is being made tells others once it is durable.</summary>
    public StoreEffects Effects { get; set; } = new();

    /// <summary>Runs a statement; the number of rows it changed.</summary>
    public abstract ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>Reads the first row; null when there is none.</summary>
    public abstract ValueTask<T?> FirstAsync<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where T : class;

    /// <summary>Reads all rows.</summary>
    public abstract ValueTask<List<T>> AllAsync<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>A value as every engine keeps it.</summary>
    protected static object ToColumn(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset at => at.ToUnixTimeMilliseconds(),
        SecretHash hash => hash.ToArray(),
        ImmutableArray<string> scopes => string.Join(' ', scopes),
        bool flag => flag ? 1L : 0L,
        Enum name => Convert.ToInt64(name, CultureInfo.InvariantCulture),
        _ => value,
    };
}

/// <summary>What one run of a change has others be told, once it is durable.</summary>
internal sealed class StoreEffects
{
    /// <summary>The audit rows that were written.</summary>
    public List<AgentAuditEvent> Audited { get; } = [];

    /// <summary>The credentials that are not what they were: revoked, replaced, or with more scopes.</summary>
    public List<SecretHash> Changed { get; } = [];
}
