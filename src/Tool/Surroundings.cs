using System.Text;

namespace AgentAuth.Tool;

/// <summary>Everything of the process that a command uses, so that a test can give it another.</summary>
/// <param name="Folder">The folder that relative paths start from.</param>
/// <param name="Out">Where results go.</param>
/// <param name="Error">Where refusals go.</param>
internal sealed record Surroundings(string Folder, Terminal Out, Terminal Error)
{
    /// <summary>Where a document comes from whose name is a dash.</summary>
    public Func<Stream> In { get; init; } = static () => Stream.Null;

    /// <summary>Those of this process.</summary>
    public static Surroundings OfProcess()
    {
        // What is published must reach a file or a pipe as UTF-8, whatever the code page of the console.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new Surroundings(
            Environment.CurrentDirectory,
            new Terminal(Console.Out, IsColored: !Console.IsOutputRedirected && TerminalColors.AreWelcome()),
            new Terminal(Console.Error, IsColored: !Console.IsErrorRedirected && TerminalColors.AreWelcome()))
        {
            In = Console.OpenStandardInput,
        };
    }
}
