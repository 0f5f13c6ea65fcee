namespace AgentAuth;

/// <summary>How a service uses its PostgreSQL database.</summary>
public sealed class AgentAuthPostgreSqlOptions
{
    /// <summary>The longest time that <see cref="CacheFor"/> may be.</summary>
    public static TimeSpan LongestCache { get; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a replica may answer for a credential from memory. Zero, which is the default: each request reads the database, by one index. What another replica
    /// revokes is told to this one at once, so that this time is the bound for the case that the word is late; while the connection that hears of it is broken,
    /// nothing is answered from memory.
    /// </summary>
    public TimeSpan CacheFor { get; set; }
}
