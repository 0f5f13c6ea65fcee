using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace AgentAuth.Storage.Sqlite;

/// <summary>
/// The connections to one database file: one that writes, in turn, and a few that read beside it (WAL). Every failure of the engine comes out
/// as <see cref="AgentAuthStorageException"/>, and a transaction that failed is rolled back whole.
/// </summary>
internal sealed class SqliteDatabase(string path) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentBag<SqliteSession> _readers = [];

    private FileStream? _lock;
    private SqliteSession? _writer;

    /// <summary>Locks the file for this process, opens it and brings its schema up to date.</summary>
    public async ValueTask OpenAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            _lock = await LockAsync(patience, time, cancellationToken);
            _writer = Connect();
            SqliteMigrations.Apply(_writer.Connection);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new AgentAuthStorageException($"The database '{path}' cannot be opened. Check that its folder exists, is writable and has room.", e);
        }
    }

    /// <summary>Runs a change as one transaction, alone.</summary>
    public async ValueTask<T> WriteAsync<T>(Func<SqliteSession, T> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var session = _writer ?? throw NotOpen();
            using var transaction = session.Connection.BeginTransaction(deferred: false);
            session.Transaction = transaction;
            var result = change(session);
            transaction.Commit();
            return result;
        }
        catch (SqliteException e)
        {
            throw new AgentAuthStorageException($"The database '{path}' refused a change. Nothing of it was kept.", e);
        }
        finally
        {
            _writer?.Transaction = null;
            _turn.Release();
        }
    }

    /// <summary>Reads the newest committed state.</summary>
    public T Read<T>(Func<SqliteSession, T> query)
    {
        _ = _writer ?? throw NotOpen();
        try
        {
            if (!_readers.TryTake(out var session))
            {
                session = Connect();
            }

            try
            {
                return query(session);
            }
            finally
            {
                _readers.Add(session);
            }
        }
        catch (SqliteException e)
        {
            throw new AgentAuthStorageException($"The database '{path}' cannot be read.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }

        // Last, so that the write-ahead log is folded in and only the database is left behind.
        _writer?.Dispose();
        _writer = null;
        if (_lock is not null)
        {
            await _lock.DisposeAsync();
        }

        _turn.Dispose();
    }

    private static InvalidOperationException NotOpen() => new("The store has not been initialised, or has been closed.");

    private SqliteSession Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();

            // FULL: an answer is only given for what survives a power loss.
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;";
            command.ExecuteNonQuery();
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // The cache of credentials is right only while nobody else writes. The operating system gives the lock up when a process dies.
    private async ValueTask<FileStream> LockAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var file = path + ".lock";
        var deadline = time.GetUtcNow() + patience;
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                if (time.GetUtcNow() >= deadline)
                {
                    throw new AgentAuthStorageException(
                        $"Another process holds '{file}'. A SQLite database serves one process: stop the other one, or give this one a database of its own (AgentAuth:Storage:Path).", e);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
        }
    }
}
