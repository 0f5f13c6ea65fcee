namespace AgentAuth.Storage.Sqlite;

/// <summary>A SQLite file in a folder of its own.</summary>
internal sealed class SqliteDatabase : ITestDatabase
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("agentauth-store-").FullName;

    public string File => Path.Combine(Folder, "agentauth.db");

    public IStoreEngine CreateEngine(TimeProvider time) => new SqliteEngine(File, time);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
