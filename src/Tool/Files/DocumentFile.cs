using System.Text;

namespace AgentAuth.Tool.Files;

/// <summary>An auth.md that was read.</summary>
/// <param name="Name">As the user wrote it.</param>
/// <param name="FullPath">Where it is.</param>
/// <param name="Text">All of it, without a byte order mark: editors and the compiler count columns without it.</param>
internal sealed record DocumentFile(string Name, string FullPath, string Text)
{
    /// <summary>The name that is meant when none is given.</summary>
    public const string DefaultName = "auth.md";

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The name that means the input of the process.</summary>
    public const string InputName = "-";

    /// <summary>Reads a document from a stream.</summary>
    /// <param name="open">Opens the stream.</param>
    /// <exception cref="RefusalException">It cannot be read as text.</exception>
    public static DocumentFile ReadInput(Func<Stream> open)
    {
        try
        {
            using var stream = open();
            using var buffer = new MemoryStream();
            stream.CopyTo(buffer);
            return new DocumentFile(InputName, InputName, Decode(InputName, buffer.ToArray()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RefusalException($"The input cannot be read. {exception.Message}");
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="name">A path.</param>
    /// <param name="folder">Where a relative path starts.</param>
    /// <exception cref="RefusalException">It cannot be read as text.</exception>
    public static DocumentFile Read(string name, string folder)
    {
        var path = Path.GetFullPath(name, folder);
        if (Directory.Exists(path))
        {
            throw new RefusalException($"\"{name}\" is a folder. Name the file in it, such as \"{Path.Combine(name, DefaultName)}\".");
        }

        try
        {
            return new DocumentFile(name, path, Decode(name, File.ReadAllBytes(path)));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RefusalException($"There is no file \"{name}\"{(Path.IsPathRooted(name) ? "" : $" in {folder}")}. Name the file, or write a new one with \"dotnet authmd init\".");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RefusalException($"\"{name}\" cannot be read. {exception.Message}");
        }
    }

    /// <summary>Writes another text to the file; a byte order mark stays.</summary>
    /// <param name="text">The new text.</param>
    /// <exception cref="RefusalException">It cannot be written.</exception>
    public void Replace(string text)
    {
        try
        {
            var hasMark = File.ReadAllBytes(FullPath) is [0xEF, 0xBB, 0xBF, ..];
            File.WriteAllBytes(FullPath, [.. hasMark ? (byte[])[0xEF, 0xBB, 0xBF] : [], .. s_strict.GetBytes(text)]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RefusalException($"\"{Name}\" cannot be written. {exception.Message}");
        }
    }

    private static string Decode(string name, byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new RefusalException($"\"{name}\" is UTF-16. Save it as UTF-8.");
        }

        try
        {
            return s_strict.GetString(bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes);
        }
        catch (DecoderFallbackException)
        {
            var valid = ValidLength(bytes);
            var (line, _) = new SourceLines(Encoding.Latin1.GetString(bytes, 0, valid)).PositionOf(valid);
            throw new RefusalException($"\"{name}\" is not UTF-8: line {line} has the byte 0x{bytes[valid]:X2}, which is not part of a character. Save the file as UTF-8.");
        }
    }

    private static int ValidLength(byte[] bytes)
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(bytes.AsSpan(position), out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            position += length;
        }

        return position;
    }
}
