using AgentAuth.Storage;
using Npgsql;

namespace AgentAuth.PostgreSql;

/// <summary>
/// The shared engine: a PostgreSQL database, any number of replicas. Changes are SERIALIZABLE transactions, which run again when others got in their way, so every
/// race has an order as with one writer. Credentials that a change ends are told to all replicas when it is committed.
/// </summary>
/// <param name="source">The database.</param>
/// <param name="time">The clock.</param>
internal sealed class PostgreSqlEngine(NpgsqlDataSource source, TimeProvider time) : IStoreEngine
{
    // Of those who get in each other's way one is always through, so this is how many may meet.
    private const int Tries = 60;

    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(50);

    private PostgreSqlListener? _listener;

    /// <summary>How long what was read may be answered from memory, in a replica that has heard of no change since. Zero: each look-up reads.</summary>
    public TimeSpan CacheFor { get; init; }

    /// <summary>True: the data source is closed with the engine. False: it is the app's.</summary>
    public bool OwnsSource { get; init; }

    public TimeSpan? MemoryFor => CacheFor;

    public bool TellsOfOthers => CacheFor > TimeSpan.Zero && _listener is { IsListening: true };

    public StoreDialect Dialect { get; } = new PostgreSqlDialect();

    public async ValueTask OpenAsync(Action<IReadOnlyCollection<SecretHash>?> changedByOthers, CancellationToken cancellationToken)
    {
        try
        {
            await PostgreSqlMigrations.ApplyAsync(source, cancellationToken);
            _listener = new PostgreSqlListener(source, time, changedByOthers);
            await _listener.StartAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw new AgentAuthStorageException(WhyNotOpened(e), e);
        }
    }

    public async ValueTask<T> ChangeAsync<T>(Func<StoreSession, ValueTask<T>> change, CancellationToken cancellationToken)
    {
        var listener = _listener ?? throw NotOpen();
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await TryChangeAsync(change, listener, cancellationToken);
            }
            catch (PostgresException e) when (IsInTheWay(e) && tried < Tries)
            {
                await Task.Delay(PauseAfter(tried), cancellationToken);
            }
            catch (PostgresException e) when (IsInTheWay(e))
            {
                throw new AgentAuthStorageException("Too many changes got in each other's way in the PostgreSQL database. Nothing of this one was kept.", e);
            }
            catch (NpgsqlException e)
            {
                throw new AgentAuthStorageException("The PostgreSQL database refused a change, or cannot be reached.", e);
            }
        }
    }

    public async ValueTask<T> ReadAsync<T>(Func<StoreSession, ValueTask<T>> query, CancellationToken cancellationToken)
    {
        _ = _listener ?? throw NotOpen();
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return await query(new PostgreSqlSession(connection));
        }
        catch (NpgsqlException e)
        {
            throw new AgentAuthStorageException("The PostgreSQL database cannot be read.", e);
        }
    }

    /// <summary>Others are heard of as they come.</summary>
    public void LookForOthers()
    {
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is { } listener)
        {
            _listener = null;
            await listener.DisposeAsync();
        }

        if (OwnsSource)
        {
            await source.DisposeAsync();
        }
    }

    private async ValueTask<T> TryChangeAsync<T>(Func<StoreSession, ValueTask<T>> change, PostgreSqlListener listener, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, cancellationToken);
        var session = new PostgreSqlSession(connection, transaction);
        var result = await change(session);
        if (session.Effects.Changed is { Count: > 0 } changed)
        {
            await listener.TellOthersAsync(session, changed);
        }

        // From here on it may have happened, whoever hangs up.
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    // Two that insert one row at once are in each other's way as well, and PostgreSQL does not always say so.
    private static bool IsInTheWay(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation;

    // Each at another time, so that they do not meet again.
    private static TimeSpan PauseAfter(int tried)
    {
        var most = TimeSpan.FromMilliseconds(Math.Min(s_longestPause.TotalMilliseconds, 1 << Math.Min(tried, 10)));
#pragma warning disable CA5394 // Nobody gains by guessing it.
        return most * Random.Shared.NextDouble();
#pragma warning restore CA5394
    }

    private static InvalidOperationException NotOpen() => new("The store has not been initialised, or has been closed.");

    private static string WhyNotOpened(NpgsqlException e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "PostgreSQL refused the user or the password of the connection string.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "PostgreSQL has no database of the name that the connection string says. Create it first.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } =>
            "The PostgreSQL user may not create tables in the schema of the connection string. Grant it CREATE there, or apply the migrations as another user.",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => "The PostgreSQL database is read-only. Connect to the primary server.",
        _ => "PostgreSQL cannot be reached. Check the host, the port and that the server runs.",
    };
}
