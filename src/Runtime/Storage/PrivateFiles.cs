namespace AgentAuth.Storage;

/// <summary>
/// Files and folders of ours: closed to other users of the machine from the first moment, and on the disk, names and all, before anybody relies on
/// them. Windows keeps neither modes nor folders to flush: there a file has the rights of its folder, and a rename is the journal's business.
/// </summary>
internal class PrivateFiles
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    public static PrivateFiles OnDisk { get; } = new();

    /// <summary>
    /// Whether an operator wrote the word <c>new</c> into a file: what was there is lost, and the service shall begin anew. Of its own accord it never
    /// does, for what is missing is more often on a disk that is not mounted.
    /// </summary>
    public static bool AsksForNew(string path) =>
        new FileInfo(path) is { Exists: true, Length: < 32 } && File.ReadAllText(path).Trim().Equals("new", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether other users can read or write a file.</summary>
    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & ~OwnersFolder) != 0;

    /// <summary>Closes a file of ours to others, which a umask or earlier software left open. Where that is not ours to do it stays open.</summary>
    public static void CloseToOthers(string path)
    {
        if (OperatingSystem.IsWindows() || !IsOpenToOthers(path))
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) & OwnersFolder);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // Somebody else's file, or a file system without modes. Whoever starts the service is told of it.
        }
    }

    /// <summary>Refuses a link that leads nowhere: what should be there is not, most likely because it is not mounted, and must not begin anew.</summary>
    /// <exception cref="IOException">It is such a link.</exception>
    public static void RefuseDanglingLink(string path)
    {
        if (new FileInfo(path) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: false } target)
        {
            throw new IOException($"'{path}' is a link to '{target.FullName}', and no file is there. Mount or restore what it should lead to, or remove the link.");
        }
    }

    /// <summary>Makes a folder with those above it. Folders that are there stay as they are: they are the app's.</summary>
    public void CreateFolder(string path)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path);
        if (parent is not null)
        {
            CreateFolder(parent);
        }

        MakeFolder(path);
        if (parent is not null)
        {
            SyncFolder(parent);
        }
    }

    /// <summary>Writes a file. Until it is whole and on the disk it has another name, so that no crash and no power loss leaves half of it.</summary>
    public void Write(string path, ReadOnlySpan<byte> content, bool replaces = false)
    {
        path = Path.GetFullPath(path);
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = Create(draft))
            {
                file.Write(content);
                Flush(file);
            }

            Move(draft, path, replaces);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }

        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes an empty file, unless it is there.</summary>
    public void CreateEmpty(string path)
    {
        path = Path.GetFullPath(path);
        if (File.Exists(path))
        {
            return;
        }

        try
        {
            Create(path).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else did, between the two.
        }

        SyncFolder(Path.GetDirectoryName(path)!);
    }

    protected virtual FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersFile;
        }

        return new FileStream(path, options);
    }

    protected virtual void Flush(FileStream file) => file.Flush(flushToDisk: true);

    protected virtual void Move(string from, string to, bool replaces) => File.Move(from, to, replaces);

    protected virtual void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnersFolder);
        }
    }

    /// <summary>Flushes the names in a folder, which are no part of the files that they name.</summary>
    protected virtual void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = Posix.OpenFolder(path);
        if (!folder.IsInvalid)
        {
            RandomAccess.FlushToDisk(folder);
        }
    }
}
