namespace AgentAuth.Storage;

/// <summary>
/// A disk that loses its power: what was not flushed is gone then. Of a file that was written and not flushed nothing is left but, at best, its name;
/// of a folder that was not flushed the old names are, at worst. Real files are written; the loss rewinds them.
/// </summary>
internal sealed class PowerLoss : PrivateFiles
{
    private readonly string _folder;
    private readonly int _failsAt;
    private readonly Dictionary<string, byte[]> _flushed = new(StringComparer.Ordinal);
    private Dictionary<string, byte[]> _durable;

    /// <param name="folder">What lies in it is on the disk.</param>
    /// <param name="failsAt">The step before which the power fails; later steps count as done.</param>
    public PowerLoss(string folder, int failsAt = int.MaxValue)
    {
        (_folder, _failsAt) = (folder, failsAt);
        _durable = Directory.GetFiles(folder).ToDictionary(file => file, File.ReadAllBytes, StringComparer.Ordinal);
    }

    /// <summary>How many steps there were.</summary>
    public int Steps { get; private set; }

    /// <summary>Leaves in the folder what a power loss would.</summary>
    /// <param name="keepsNames">The names got to the disk before it, by luck; what they name did not, unless it was flushed.</param>
    public void Strike(bool keepsNames)
    {
        var left = keepsNames
            ? Directory.GetFiles(_folder).ToDictionary(file => file, file => _flushed.GetValueOrDefault(file) ?? _durable.GetValueOrDefault(file) ?? [], StringComparer.Ordinal)
            : _durable;
        foreach (var file in Directory.GetFiles(_folder))
        {
            File.Delete(file);
        }

        foreach (var (file, content) in left)
        {
            File.WriteAllBytes(file, content);
        }
    }

    protected override FileStream Create(string path)
    {
        Step();
        return base.Create(path);
    }

    protected override void Flush(FileStream file)
    {
        Step();
        base.Flush(file);
        using var written = new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[written.Length];
        written.ReadExactly(content);
        _flushed[file.Name] = content;
    }

    protected override void Move(string from, string to, bool replaces)
    {
        Step();
        base.Move(from, to, replaces);
        _durable.Remove(to);
        if (_flushed.Remove(from, out var content))
        {
            _flushed[to] = content;
        }
    }

    protected override void SyncFolder(string path)
    {
        Step();
        base.SyncFolder(path);
        _durable = Directory.GetFiles(_folder).ToDictionary(file => file, file => _flushed.GetValueOrDefault(file) ?? [], StringComparer.Ordinal);
    }

    private void Step()
    {
        if (Steps++ == _failsAt)
        {
            throw new PowerFailedException();
        }
    }
}

internal sealed class PowerFailedException() : Exception("The power failed.");
