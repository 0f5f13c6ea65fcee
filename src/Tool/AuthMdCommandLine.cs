using System.CommandLine;
using System.CommandLine.Invocation;
using AgentAuth.AuthMd;
using AgentAuth.Tool.Commands;
using AgentAuth.Tool.Reports;

namespace AgentAuth.Tool;

/// <summary>The command line: finds the command and runs it.</summary>
internal static class AuthMdCommandLine
{
    private const string Name = "dotnet authmd";

    /// <summary>Runs a command line to its end.</summary>
    /// <param name="arguments">What the user wrote behind the command's name.</param>
    /// <param name="surroundings">Where.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] arguments, Surroundings surroundings)
    {
        var root = Create(surroundings);
        // No response files: an argument that starts with @ is what it says.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            // Left alone, the library ends a bad call with 1, which here says that the document has errors.
            return parsed.Action is ParseErrorAction
                ? Refuse(parsed, surroundings.Error.Writer)
                : parsed.Invoke(Configuration(surroundings.Out.Writer, surroundings.Error.Writer));
        }
        catch (RefusalException refusal)
        {
            surroundings.Error.Writer.WriteLine(Printable.Lines(refusal.Message));
            return ExitCodes.Refused;
        }
    }

    private static RootCommand Create(Surroundings surroundings)
    {
        var root = new RootCommand("Checks auth.md, says what is read from it, explains the rules, and shows what will be published.")
        {
            CheckCommand.Create(surroundings),
            ReadCommand.Create(surroundings),
            ExplainCommand.Create(surroundings),
            PublishCommand.Create(surroundings),
            InitCommand.Create(surroundings),
        };
        root.HelpName = Name;
        root.SetAction(_ =>
        {
            // Nothing was asked, so nothing was done; what can be asked is the answer.
            root.Parse("--help").Invoke(Configuration(surroundings.Error.Writer, surroundings.Error.Writer));
            return ExitCodes.Refused;
        });
        return root;
    }

    private static InvocationConfiguration Configuration(TextWriter output, TextWriter error) =>
        new() { Output = output, Error = error, EnableDefaultExceptionHandler = false };

    private static int Refuse(ParseResult parsed, TextWriter error)
    {
        foreach (var problem in parsed.Errors)
        {
            error.WriteLine(Printable.Lines(problem.Message));
        }

        var command = parsed.CommandResult.Command;
        if (DidYouMean(parsed, command) is { } meant)
        {
            error.WriteLine($"Did you mean \"{meant}\"?");
        }

        error.WriteLine($"\"{(command is RootCommand ? Name : $"{Name} {command.Name}")} --help\" shows what can be said.");
        return ExitCodes.Refused;
    }

    private static string? DidYouMean(ParseResult parsed, Command command)
    {
        string[] known = [.. command.Subcommands.Select(subcommand => subcommand.Name), .. command.Options.Select(option => option.Name)];
        return parsed.Tokens
            .Select(token => token.Value)
            .Where(token => parsed.UnmatchedTokens.Contains(token) || DocumentArgument.LooksLikeOption(token))
            .Except(known)
            .Select(token => NearestName.Find(token, known))
            .FirstOrDefault(name => name is not null);
    }
}
