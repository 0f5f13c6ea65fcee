using AgentAuth.PostgreSql;
using AgentAuth.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace AgentAuth;

/// <summary>Keeps registrations, credentials and the audit trail in PostgreSQL, which several replicas of a service share.</summary>
public static class AgentAuthPostgreSqlBuilderExtensions
{
    /// <summary>Uses a PostgreSQL database instead of a SQLite file.</summary>
    /// <param name="builder">What <c>AddAgentAuth</c> returned.</param>
    /// <param name="source">
    /// The database. It stays the app's, who disposes of it. The tables are made in the first schema of its search path, which is made when it is not there.
    /// </param>
    /// <param name="configure">Says more about its use.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="AgentAuthPostgreSqlOptions.CacheFor"/> is negative, or longer than it may be.</exception>
    public static AgentAuthBuilder AddPostgreSql(this AgentAuthBuilder builder, NpgsqlDataSource source, Action<AgentAuthPostgreSqlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        return Add(builder, configure, (provider, cacheFor) => new PostgreSqlEngine(source, provider.GetRequiredService<TimeProvider>()) { CacheFor = cacheFor });
    }

    /// <summary>Uses a PostgreSQL database instead of a SQLite file.</summary>
    /// <param name="builder">What <c>AddAgentAuth</c> returned.</param>
    /// <param name="connectionString">
    /// Where the database is. Without a <c>Search Path</c> the tables are in a schema <c>agentauth</c> of their own; without <c>Max Auto Prepare</c> the
    /// statements are prepared.
    /// </param>
    /// <param name="configure">Says more about its use.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="AgentAuthPostgreSqlOptions.CacheFor"/> is negative, or longer than it may be.</exception>
    public static AgentAuthBuilder AddPostgreSql(this AgentAuthBuilder builder, string connectionString, Action<AgentAuthPostgreSqlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var complete = Complete(connectionString);
        return Add(builder, configure, (provider, cacheFor) => new PostgreSqlEngine(NpgsqlDataSource.Create(complete), provider.GetRequiredService<TimeProvider>())
        {
            CacheFor = cacheFor,
            OwnsSource = true,
        });
    }

    /// <summary>The connection string with what it does not say.</summary>
    internal static string Complete(string connectionString)
    {
        var complete = new NpgsqlConnectionStringBuilder(connectionString);
        if (string.IsNullOrEmpty(complete.SearchPath))
        {
            complete.SearchPath = "agentauth";
        }

        if (complete.MaxAutoPrepare == 0)
        {
            complete.MaxAutoPrepare = 100;
        }

        // So that a connection that only listens notices when the other side has gone without a word.
        if (complete.KeepAlive == 0)
        {
            complete.KeepAlive = 10;
        }

        return complete.ConnectionString;
    }

    private static AgentAuthBuilder Add(
        AgentAuthBuilder builder, Action<AgentAuthPostgreSqlOptions>? configure, Func<IServiceProvider, TimeSpan, PostgreSqlEngine> create)
    {
        var options = new AgentAuthPostgreSqlOptions();
        configure?.Invoke(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CacheFor, TimeSpan.Zero, nameof(configure));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.CacheFor, AgentAuthPostgreSqlOptions.LongestCache, nameof(configure));
        builder.Services.Replace(ServiceDescriptor.Singleton<IStoreEngine>(provider => create(provider, options.CacheFor)));
        return builder;
    }
}
