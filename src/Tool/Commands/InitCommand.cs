using System.CommandLine;
using AgentAuth.Tool.Files;
using AgentAuth.Tool.Reports;

namespace AgentAuth.Tool.Commands;

/// <summary><c>init</c>: writes a document to start from.</summary>
internal static class InitCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="surroundings">Where it will run.</param>
    public static Command Create(Surroundings surroundings)
    {
        var file = DocumentArgument.Create("The file to write.");
        var name = new Option<string?>("--name") { Description = "The service's name; by default that of the folder.", HelpName = "name" };
        var resource = new Option<string?>("--resource") { Description = "The API's identifier, such as https://api.example.com.", HelpName = "url" };
        var command = new Command("init", "Writes an auth.md to start from. An existing file is left as it is.") { file, name, resource };
        command.SetAction(parsed => Run(surroundings, parsed.GetRequiredValue(file), parsed.GetValue(name), parsed.GetValue(resource)));
        return command;
    }

    private static int Run(Surroundings surroundings, string file, string? name, string? resource)
    {
        DeploymentUrl.CheckResource("--resource", resource);
        var folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file, surroundings.Folder)));
        var starter = name is null ? StarterDocument.ForFolder(folder, resource) : StarterDocument.ForName(name, resource);
        OutputFile.WriteNew(file, starter.Text, surroundings.Folder);
        var check = file == DocumentFile.DefaultName ? "dotnet authmd check" : $"dotnet authmd check {file}";
        surroundings.Out.Writer.WriteLine(
            Printable.Line($"Wrote {file} for {starter.Name} at {starter.Resource}. Make address, scopes and methods yours, then run \"{check}\"."));
        return ExitCodes.Success;
    }
}
