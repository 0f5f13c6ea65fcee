using System.Security.Cryptography;

namespace AgentAuth.Claims;

/// <summary>The key of one-time codes, and of the ids of new accounts. It lies in a file of its own beside the database, readable by its owner only.</summary>
internal sealed class ServerSecret
{
    private const int Length = 32;

    private ServerSecret(byte[] key) => Key = key;

    public byte[] Key { get; }

    /// <summary>Reads the key, or makes one at the first start.</summary>
    /// <exception cref="InvalidOperationException">The file is there and is not a key.</exception>
    public static ServerSecret Load(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!File.Exists(path))
        {
            Create(path);
        }

        var text = File.ReadAllText(path).Trim();
        var key = new byte[Length];
        return Convert.TryFromBase64String(text, key, out var length) && length == Length
            ? new ServerSecret(key)
            : throw new InvalidOperationException(
                $"'{path}' should hold the key of one-time codes ({Length} bytes in Base64) and does not. Restore it, or delete it: codes already mailed are void then, nothing else.");
    }

    private static void Create(string path)
    {
        // Written aside and moved, so that no crash leaves half a key.
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(draft, System.Text.Encoding.ASCII, options))
        {
            writer.Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length)));
        }

        File.Move(draft, path);
    }
}
