namespace AgentAuth.Storage;

/// <summary>
/// A relational database under <see cref="AgentAuthStore"/>, which makes all decisions: an engine offers transactions, and knows nothing of what is in them.
/// Every failure comes out as <see cref="AgentAuthStorageException"/>, and a transaction that failed is rolled back whole.
/// </summary>
internal interface IStoreEngine : IAsyncDisposable
{
    /// <summary>
    /// True when nobody else changes the database without <see cref="OpenAsync"/>'s <c>changedByOthers</c> being told at the next
    /// <see cref="LookForOthers"/>: then what was read may be answered from memory.
    /// </summary>
    bool TellsOfOthers { get; }

    /// <summary>How long what was read may be answered from memory, where that is allowed; null: until somebody changes it.</summary>
    TimeSpan? MemoryFor { get; }

    /// <summary>What this engine's SQL has of its own.</summary>
    StoreDialect Dialect { get; }

    /// <summary>Opens the database and brings its schema up to date. Called once, before anything else.</summary>
    /// <param name="changedByOthers">Is told of the credentials that somebody else has changed; null: it may be any of them.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask OpenAsync(Action<IReadOnlyCollection<SecretHash>?> changedByOthers, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a change as one transaction, as if it ran alone; it is durable when this returns. It may run more than once, when others got in its way:
    /// then only the last run counts, so it must not keep anything outside of its result.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">Cancels the operation, as long as nothing of it has happened.</param>
    ValueTask<T> ChangeAsync<T>(Func<StoreSession, ValueTask<T>> change, CancellationToken cancellationToken);

    /// <summary>Reads the newest committed state.</summary>
    /// <param name="query">The query. It changes nothing.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<T> ReadAsync<T>(Func<StoreSession, ValueTask<T>> query, CancellationToken cancellationToken);

    /// <summary>Looks whether somebody else has changed the database. To be called before anything is answered from memory.</summary>
    void LookForOthers();
}
