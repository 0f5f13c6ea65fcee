using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AgentAuth.Storage.Sqlite;

/// <summary>
/// The embedded engine: one SQLite file, one process. One connection writes, on a thread of its own, and a few read beside it (WAL), so changes happen one
/// after another and every race has an order. Changes that wait become durable together. A change runs again when one beside it fails.
/// </summary>
/// <param name="path">Path of the database; its folder is created.</param>
/// <param name="time">The clock.</param>
internal sealed class SqliteEngine(string path, TimeProvider time) : IStoreEngine
{
    // How long a change by others may stay unseen. Looking costs as much as ten answers from memory, so not each of them looks.
    private static readonly TimeSpan s_unwatched = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentBag<SqliteSession> _readers = [];

    private DatabaseLock? _lock;
    private SqliteSession? _session;
    private SqliteWriter? _writer;
    private SqliteCommand? _watch;
    private Action<IReadOnlyCollection<SecretHash>?>? _changedByOthers;
    private long _version;
    private long _watchedAt;
    private bool _isDisposed;

    /// <summary>The texts of the statements that were run, for a test that reads their plans.</summary>
    internal IEnumerable<string> Statements => new[] { _session! }.Concat(_readers).SelectMany(session => session.Statements);

    /// <summary>How many transactions were committed, each with one wait for the disk, for a test that counts them.</summary>
    internal long Commits => _writer!.Commits;

    /// <summary>How long to wait for another process to leave.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>No other service can change the file, for <see cref="DatabaseLock"/> keeps it out; but a shell asks for no lock of ours.</summary>
    public bool TellsOfOthers => true;

    public TimeSpan? MemoryFor => null;

    public StoreDialect Dialect { get; } = new SqliteDialect();

    /// <summary>Locks the file for this process, opens it and brings its schema up to date.</summary>
    public async ValueTask OpenAsync(Action<IReadOnlyCollection<SecretHash>?> changedByOthers, CancellationToken cancellationToken)
    {
        _changedByOthers = changedByOthers;
        try
        {
            PrivateFiles.RefuseDanglingLink(path);
            if (!File.Exists(path))
            {
                RefuseLoss();
            }

            // SQLite makes the files beside the database with the mode of the database.
            PrivateFiles.OnDisk.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            PrivateFiles.OnDisk.CreateEmpty(path);
            _lock = await DatabaseLock.TakeAsync(path, Patience, time, cancellationToken);
            foreach (var file in (string[])[path, path + "-wal", path + "-shm"])
            {
                PrivateFiles.CloseToOthers(file);
            }

            var isAsked = PrivateFiles.AsksForNew(path);
            if (isAsked)
            {
                await File.WriteAllBytesAsync(path, [], cancellationToken);
            }

            _session = Connect();
            if (!isAsked && SqliteMigrations.VersionOf(_session.Connection) == 0)
            {
                RefuseLoss();
            }

            SqliteMigrations.Apply(_session.Connection);
            _watch = _session.Connection.CreateCommand();
            _watch.CommandText = "PRAGMA data_version";
            _version = ReadVersion();
            _writer = new SqliteWriter(_session, _turn, Watch, path);
        }
        catch (SqliteException e)
        {
            throw new AgentAuthStorageException(WhyNotOpened(e), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentAuthStorageException(
                $"The database '{path}' cannot be opened. Check that its folder exists or can be made, is writable and has room. {e.Message}", e);
        }
    }

    public ValueTask<T> ChangeAsync<T>(Func<StoreSession, ValueTask<T>> change, CancellationToken cancellationToken) =>
        (_writer ?? throw NotOpen()).ChangeAsync(change, cancellationToken);

    public async ValueTask<T> ReadAsync<T>(Func<StoreSession, ValueTask<T>> query, CancellationToken cancellationToken)
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
                return await query(session);
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

    /// <summary>
    /// Looks whether somebody else has changed the database, unless that was done just now. While a change of ours is being made there is nothing to see:
    /// it has looked itself, and others wait for it.
    /// </summary>
    public void LookForOthers()
    {
        _ = _writer ?? throw NotOpen();
        var now = time.GetTimestamp();
        var before = Volatile.Read(ref _watchedAt);
        if (time.GetElapsedTime(before, now) < s_unwatched || Interlocked.CompareExchange(ref _watchedAt, now, before) != before || !_turn.Wait(0, CancellationToken.None))
        {
            return;
        }

        try
        {
            Watch(transaction: null);
        }
        catch (SqliteException e)
        {
            throw new AgentAuthStorageException($"The database '{path}' cannot be read.", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the database and lets another process have it. Once more does nothing: whoever holds the store closes it, and so does the container.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        // What waits is made first, and answered.
        _writer?.Dispose();
        await _turn.WaitAsync();
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }

        // Last, so that the write-ahead log is folded in and only the database is left behind.
        _watch?.Dispose();
        _session?.Dispose();
        _writer = null;
        _lock?.Dispose();
        _turn.Dispose();
    }

    internal static InvalidOperationException NotOpen() => new("The store has not been initialised, or has been closed.");

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

    private void Watch(SqliteTransaction? transaction)
    {
        _watch!.Transaction = transaction;
        if (ReadVersion() is var version && version != _version)
        {
            _version = version;
            _changedByOthers!(null);
        }
    }

    // Changes of this connection, the only one of ours that writes, do not count.
    private long ReadVersion() => Convert.ToInt64(_watch!.ExecuteScalar(), CultureInfo.InvariantCulture);

    // The key is made after the database. An empty one says nothing: that is what a power loss left of it once.
    private void RefuseLoss()
    {
        var key = path + ".key";
        if (new FileInfo(key) is { Exists: true, Length: > 0 })
        {
            throw new AgentAuthStorageException(
                $"There is no database in '{path}', and the key '{key}' beside it says that there was one. If it was lost, restore it from a backup: without it every agent has to register again, and what was revoked is forgotten. To begin anew all the same, delete the key file, or write the word new into the database file.");
        }
    }

    private string WhyNotOpened(SqliteException e) => e.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB =>
            $"The database '{path}' is damaged, or is no SQLite database. Restore it from a backup, together with the key '{path}.key'.",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM =>
            $"The database '{path}' cannot be written: its file system is read-only, or it or its folder belongs to another user. The service writes there, and beside it.",
        SQLitePCL.raw.SQLITE_FULL => $"The database '{path}' cannot be opened: its disk is full.",
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED =>
            $"The database '{path}' is locked by another program, such as a SQLite shell, or lies on a network file system whose locks do not work. Close the program, or use a local disk.",
        _ => $"The database '{path}' cannot be opened. Check that its folder exists, is writable and has room.",
    };
}

/// <summary>SQLite's own. It knows nothing of how values are spread, and takes an index of thousands of rows as gladly as one of three: it is told.</summary>
internal sealed class SqliteDialect : StoreDialect
{
    public override string IndexedBy(string index) => " INDEXED BY " + index;
}
