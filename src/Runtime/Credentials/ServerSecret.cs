using System.Security.Cryptography;
using System.Text;
using AgentAuth.Storage;

namespace AgentAuth.Credentials;

/// <summary>The key of one-time codes, and of the ids of new accounts. It lies in a file of its own beside the database, readable by its owner only, and is read at the start.</summary>
/// <param name="path">The file.</param>
/// <param name="files">What writes it; null: the disk.</param>
internal sealed class ServerSecret(string path, PrivateFiles? files = null)
{
    private const int Length = 32;

    private readonly PrivateFiles _files = files ?? PrivateFiles.OnDisk;

    private byte[]? _key;

    public byte[] Key => _key ?? throw new InvalidOperationException("The service has not started: its key is read then.");

    /// <summary>
    /// Reads the key, or makes one that is on the disk when this returns. One is made at the first start, and in place of an empty file while nothing
    /// is in the store: a power loss in the middle of the first start of earlier software left those. Where codes may have been made with a key that is
    /// gone, it is for the operator to say that it is lost: it may as well be that the wrong disk is mounted.
    /// </summary>
    /// <param name="isInUse">Whether the store has registrations.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>What whoever starts the service should know; null: nothing.</returns>
    /// <exception cref="AgentAuthStorageException">There is no key, and none may be made.</exception>
    public async ValueTask<string?> LoadAsync(Func<CancellationToken, ValueTask<bool>> isInUse, CancellationToken cancellationToken)
    {
        try
        {
            PrivateFiles.RefuseDanglingLink(path);
            PrivateFiles.CloseToOthers(path);
            var text = File.Exists(path) ? (await File.ReadAllTextAsync(path, cancellationToken)).Trim('\0', ' ', '\r', '\n', '\t') : null;
            if (Parse(text) is { } key)
            {
                _key = key;
                return null;
            }

            var isAsked = PrivateFiles.AsksForNew(path);
            var isLeft = string.IsNullOrEmpty(text) && !await isInUse(cancellationToken);
            if (!isAsked && !isLeft)
            {
                throw new AgentAuthStorageException(WhyNot(text));
            }

            _key = Create(replaces: text is not null);
            return isAsked ? $"A new key was made in '{path}', as asked there. Codes mailed before are void."
                : text is not null ? $"The key file '{path}' was empty, as a power loss in the middle of the first start leaves it. Nothing is registered yet, so a new key was made."
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentAuthStorageException($"The key '{path}' of one-time codes cannot be read or made. Check that its folder is writable and has room. {e.Message}", e);
        }
    }

    private static byte[]? Parse(string? text)
    {
        var key = new byte[Length];
        return text is not null && Convert.TryFromBase64String(text, key, out var length) && length == Length ? key : null;
    }

    private byte[] Create(bool replaces)
    {
        var key = RandomNumberGenerator.GetBytes(Length);
        _files.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _files.Write(path, Encoding.ASCII.GetBytes(Convert.ToBase64String(key)), replaces);
        return key;
    }

    private string WhyNot(string? text)
    {
        var what = text switch
        {
            null => $"The database has registrations, and the key '{path}' of one-time codes that belongs to it is missing.",
            "" => $"The database has registrations, and the file '{path}', which should hold the key of one-time codes, is empty: most likely the power failed before it was on the disk.",
            _ => $"'{path}' should hold the key of one-time codes ({Length} bytes in Base64) and does not.",
        };
        return $"{what} Restore it from the backup. If it is lost, write the word new into the file and start again: a new key is made then: codes already mailed are void, and accounts that are yet to be made get other ids; nothing else.";
    }
}
