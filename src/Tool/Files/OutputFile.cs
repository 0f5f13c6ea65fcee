using System.Text;

namespace AgentAuth.Tool.Files;

/// <summary>Writes what the user asked to have in a file.</summary>
internal static class OutputFile
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a file that may exist, but must not be the document that was read.</summary>
    /// <param name="name">A path.</param>
    /// <param name="text">The whole file.</param>
    /// <param name="source">What was read.</param>
    /// <param name="folder">Where a relative path starts.</param>
    /// <exception cref="RefusalException">It cannot be written.</exception>
    public static void Write(string name, string text, DocumentFile source, string folder)
    {
        // The file systems of Windows and macOS do not tell capitals apart.
        var comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        if (string.Equals(Path.GetFullPath(name, folder), source.FullPath, comparison))
        {
            throw new RefusalException($"\"{name}\" is the document itself. Name another file for the output.");
        }

        Write(name, text, FileMode.Create, folder);
    }

    /// <summary>Writes a file that must not exist yet.</summary>
    /// <param name="name">A path.</param>
    /// <param name="text">The whole file.</param>
    /// <param name="folder">Where a relative path starts.</param>
    /// <exception cref="RefusalException">It cannot be written, or exists.</exception>
    public static void WriteNew(string name, string text, string folder) => Write(name, text, FileMode.CreateNew, folder);

    private static void Write(string name, string text, FileMode mode, string folder)
    {
        var path = Path.GetFullPath(name, folder);
        if (Directory.Exists(path))
        {
            throw new RefusalException($"\"{name}\" is a folder. Name a file in it.");
        }

        try
        {
            using var stream = new FileStream(path, mode, FileAccess.Write);
            stream.Write(s_utf8.GetBytes(text));
        }
        catch (DirectoryNotFoundException)
        {
            throw new RefusalException($"\"{name}\" cannot be written: there is no folder {Path.GetDirectoryName(path)}. Make it first.");
        }
        catch (IOException) when (mode == FileMode.CreateNew && File.Exists(path))
        {
            throw new RefusalException($"\"{name}\" exists already and is left as it is. Name another file, or remove this one first.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RefusalException($"\"{name}\" cannot be written. {exception.Message}");
        }
    }
}
