using Microsoft.Win32.SafeHandles;

namespace AgentAuth.Storage.Sqlite;

/// <summary>
/// Keeps a database to one process. On Linux it is the database itself that is locked, on a byte that SQLite never looks at: there is no file beside it that
/// somebody could remove, and the same database under another name, or through a link, is locked as well. Windows lets nobody remove a file that is open
/// like this one, so a file beside the database is enough; on other systems, which are for development, it has to be. The operating system gives the
/// lock up when the process dies.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    // Closing any handle of a file takes the locks away that SQLite has on it in this process. So a handle that did not get the lock, which another
    // store of this process may have, stays open; a process that is refused ends anyhow.
    private static readonly List<SafeFileHandle> s_neverClosed = [];

    private readonly IDisposable _handle;

    private DatabaseLock(IDisposable handle) => _handle = handle;

    /// <summary>Takes the lock of a database that is there, or waits for whoever has it to leave.</summary>
    /// <exception cref="AgentAuthStorageException">Nobody left in time.</exception>
    public static async ValueTask<DatabaseLock> TakeAsync(string path, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var attempts = new Attempts(path);
        var deadline = time.GetUtcNow() + patience;
        while (true)
        {
            if (attempts.Next() is { } handle)
            {
                return new DatabaseLock(handle);
            }

            if (time.GetUtcNow() >= deadline)
            {
                throw new AgentAuthStorageException(
                    $"Another process has '{path}'. A SQLite database serves one process: stop the other one, or give this one a database of its own (AgentAuth:Storage:Path).");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
        }
    }

    /// <summary>To be called when SQLite has closed the database.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>One attempt after the other, on one handle as long as that will do.</summary>
    private sealed class Attempts(string path) : IDisposable
    {
        private SafeFileHandle? _file;

        public IDisposable? Next()
        {
            if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            {
                return NextBeside();
            }

            _file ??= Posix.OpenFile(path);
            if (!Posix.TryLock(_file))
            {
                return null;
            }

            var file = _file;
            _file = null;

            // While we waited somebody may have put another file in its place, and SQLite opens that: ours is the one if nobody can lock it again.
            using var again = Posix.OpenFile(path);
            if (Posix.TryLock(again))
            {
                file.Dispose();
                return null;
            }

            return file;
        }

        public void Dispose()
        {
            if (_file is { } file)
            {
                lock (s_neverClosed)
                {
                    s_neverClosed.Add(file);
                }
            }
        }

        private FileStream? NextBeside()
        {
            var beside = path + ".lock";
            try
            {
                PrivateFiles.OnDisk.CreateEmpty(beside);
                return new FileStream(beside, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                return null;
            }
        }
    }
}
