using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AgentAuth.Storage;

/// <summary>What .NET has no name for: a handle of a folder, and one of a file without the lock that .NET adds by itself.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class Posix
{
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;
    private const int CloseOnExecOnLinux = 0x80000;

    // Of Linux, on every processor that .NET runs on there.
    private const int SetLockOfHandle = 37;
    private const short WriteLock = 1;
    private const int TryAgain = 11;
    private const int AccessDenied = 13;
    private const int Interrupted = 4;

    // Far behind the bytes that SQLite locks, and behind the end of any database.
    private const long LockedByte = 1L << 60;

    /// <summary>Opens a folder, so that it can be flushed; the handle is invalid where that may not be.</summary>
    public static SafeFileHandle OpenFolder(string path) => Open(path, ReadOnly);

    /// <summary>Opens a file that is there.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle OpenFile(string path)
    {
        var file = Open(path, ReadWrite);
        return file.IsInvalid ? throw new IOException($"'{path}' cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.") : file;
    }

    /// <summary>
    /// Locks a file for a handle, until that is closed or the process is dead. Other handles of the file may come and go in this process, where a
    /// lock of the process would be lost with the first that goes. Neither SQLite nor the locks of .NET's own handles are in its way.
    /// </summary>
    /// <returns>False when another handle has it, of this process or of another.</returns>
    /// <exception cref="IOException">The file system has no locks.</exception>
    [SupportedOSPlatform("linux")]
    public static bool TryLock(SafeFileHandle file)
    {
        var wanted = new FileLock { Type = WriteLock, Start = LockedByte, Length = 1 };
        return Control(file, SetLockOfHandle, ref wanted) == 0
            || (Marshal.GetLastPInvokeError() is TryAgain or AccessDenied or Interrupted
                ? false
                : throw new IOException($"Its file system cannot lock: {Marshal.GetLastPInvokeErrorMessage()}."));
    }

    // A child process gets no copy of the handle, which would hold the lock after us.
    private static SafeFileHandle Open(string path, int flags) => OpenHandle(path, OperatingSystem.IsLinux() ? flags | CloseOnExecOnLinux : flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle OpenHandle(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, int command, ref FileLock value);

    /// <summary><c>struct flock</c> of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }
}
