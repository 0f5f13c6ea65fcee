using System.CommandLine;
using AgentAuth.Tool.Files;
using AgentAuth.Tool.Reports;

namespace AgentAuth.Tool.Commands;

/// <summary><c>read</c>: says what is understood of a document.</summary>
internal static class ReadCommand
{
    private const string Text = "text";
    private const string Json = "json";

    /// <summary>Creates the command.</summary>
    /// <param name="surroundings">Where it will run.</param>
    public static Command Create(Surroundings surroundings)
    {
        var file = new Argument<string>("file") { Description = "The document to read; \"-\" reads the input.", DefaultValueFactory = _ => DocumentFile.DefaultName };
        file.Validators.Add(result =>
        {
            if (result.Tokens.Select(token => token.Value).FirstOrDefault(word => word != DocumentFile.InputName && DocumentArgument.LooksLikeOption(word)) is { } option)
            {
                result.AddError($"\"{option}\" is not an option of this command. A file of that name is \"./{option}\".");
            }
        });
        var format = new Option<string>("--format") { Description = "How to say it.", DefaultValueFactory = _ => Text };
        format.AcceptOnlyFromAmong(Text, Json);
        var command = new Command("read", "Says what is understood of an auth.md: names, scopes, methods, endpoints, providers and problems. Ends like check.") { file, format };
        command.SetAction(parsed => Run(surroundings, parsed.GetRequiredValue(file), parsed.GetRequiredValue(format) == Json));
        return command;
    }

    private static int Run(Surroundings surroundings, string name, bool isJson)
    {
        var document = CheckedDocument.Of(name == DocumentFile.InputName ? DocumentFile.ReadInput(surroundings.In) : DocumentFile.Read(name, surroundings.Folder));
        var facts = ReadFacts.Of(document.Document);
        if (isJson)
        {
            surroundings.Out.Writer.Write(FactsReport.Json(document, facts));
        }
        else
        {
            surroundings.Out.Writer.Write(FactsReport.Text(facts));
            HumanReport.WriteProblems(surroundings.Out, document);
            surroundings.Out.Writer.WriteLine(HumanReport.Summary(document));
        }

        return document.HasErrors ? ExitCodes.Errors : ExitCodes.Success;
    }
}
