using System.Text;

namespace AgentAuth.Tool;

/// <summary>A folder of its own, in which a test runs the tool.</summary>
public sealed class ToolFolder : IDisposable
{
    /// <summary>A document without problems.</summary>
    public const string Sound =
        "# Things auth.md\n\n- **Resource:** https://api.things.example\n\n## Scopes\n- `things.read` (pre-claim) — Read things.\n- `things.write` — Write things.\n\n## Methods\n\n### anonymous\n- **Credentials:** `api_key`\n";

    /// <summary>Where the folder is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("agentauth-tool-").FullName;

    /// <summary>Writes a file as UTF-8 without a byte order mark.</summary>
    public void Write(string name, string text) => WriteBytes(name, new UTF8Encoding(false).GetBytes(text));

    /// <summary>Writes a file, and the folders above it.</summary>
    public void WriteBytes(string name, byte[] bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>The text of a file, to the byte.</summary>
    public string Read(string name) => new UTF8Encoding(false, true).GetString(File.ReadAllBytes(System.IO.Path.Combine(Path, name)));

    /// <summary>Runs a command line.</summary>
    internal ToolRun Run(params string[] arguments) => Run(isColored: false, arguments);

    /// <summary>Runs a command line before a terminal with colours.</summary>
    internal ToolRun RunInColor(params string[] arguments) => Run(isColored: true, arguments);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);

    private ToolRun Run(bool isColored, string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = AuthMdCommandLine.Run(arguments, new Surroundings(Path, new Terminal(output, isColored), new Terminal(error, isColored)));
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }
}

/// <summary>What came of a command line.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Out">Its output.</param>
/// <param name="Error">What it complained about.</param>
internal sealed record ToolRun(int ExitCode, string Out, string Error);
