using System.CommandLine;
using AgentAuth.Tool.Files;

namespace AgentAuth.Tool.Commands;

/// <summary>The argument that names the document.</summary>
internal static class DocumentArgument
{
    /// <summary>Creates it.</summary>
    /// <param name="description">What the command does with it.</param>
    public static Argument<string> Create(string description)
    {
        var argument = new Argument<string>("file") { Description = description, DefaultValueFactory = _ => DocumentFile.DefaultName };
        argument.Validators.Add(result =>
        {
            // Otherwise a misspelt option is looked for on the disk.
            if (result.Tokens.Select(token => token.Value).FirstOrDefault(LooksLikeOption) is { } option)
            {
                result.AddError($"\"{option}\" is not an option of this command. A file of that name is \"./{option}\".");
            }
        });
        return argument;
    }

    /// <summary>Whether a word on the command line was meant to be an option.</summary>
    /// <param name="word">The word.</param>
    public static bool LooksLikeOption(string word) => word.StartsWith('-');
}
