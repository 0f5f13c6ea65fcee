namespace AgentAuth.Storage;

/// <summary>A database of an engine, empty at first and of one test. The contract tests ask for nothing else, so that each engine runs all of them.</summary>
internal interface ITestDatabase : IAsyncDisposable
{
    /// <summary>A new engine over the database, as after a restart. It is not open yet.</summary>
    /// <param name="time">The clock.</param>
    IStoreEngine CreateEngine(TimeProvider time);
}
