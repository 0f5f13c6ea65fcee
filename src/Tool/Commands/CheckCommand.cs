using System.CommandLine;
using AgentAuth.AuthMd;
using AgentAuth.Tool.Files;
using AgentAuth.Tool.Reports;

namespace AgentAuth.Tool.Commands;

/// <summary><c>check</c>: says what is wrong with a document.</summary>
internal static class CheckCommand
{
    private const string Human = "human";
    private const string Sarif = "sarif";

    /// <summary>Creates the command.</summary>
    /// <param name="surroundings">Where it will run.</param>
    public static Command Create(Surroundings surroundings)
    {
        var file = DocumentArgument.Create("The document to check.");
        var format = new Option<string>("--format") { Description = "How to report.", DefaultValueFactory = _ => Human };
        format.AcceptOnlyFromAmong(Human, Sarif);
        var output = new Option<string?>("--output", "-o") { Description = "The file to write the report to.", HelpName = "path" };
        var strict = new Option<bool>("--strict") { Description = "Warnings count as errors for the exit code." };
        var fix = new Option<bool>("--fix") { Description = "Mends errors and warnings in the file where it is certain how and nobody is given access by it, and reports the rest." };
        var command = new Command("check", "Says what is wrong with an auth.md. Ends with 0 without errors, with 1 otherwise, and with 2 when the file cannot be read.")
        {
            file, format, output, strict, fix,
        };
        command.SetAction(parsed => Run(
            surroundings, Open(surroundings, parsed.GetRequiredValue(file), parsed.GetValue(fix)), parsed.GetRequiredValue(format) == Sarif, parsed.GetValue(output), parsed.GetValue(strict)));
        return command;
    }

    private static CheckedDocument Open(Surroundings surroundings, string file, bool mends)
    {
        var document = CheckedDocument.Read(file, surroundings.Folder);
        if (!mends)
        {
            return document;
        }

        var (text, titles) = Mending.Apply(document.File.Text);
        if (titles.Count > 0)
        {
            document.File.Replace(text);
            foreach (var title in titles)
            {
                surroundings.Error.Writer.WriteLine($"{document.File.Name}: {title}");
            }
        }

        return CheckedDocument.Read(file, surroundings.Folder);
    }

    private static int Run(Surroundings surroundings, CheckedDocument document, bool isSarif, string? output, bool isStrict)
    {
        if (output is not null)
        {
            OutputFile.Write(output, isSarif ? SarifReport.Create(document, surroundings.Folder) : HumanText(document), document.File, surroundings.Folder);
            surroundings.Out.Writer.WriteLine(HumanReport.Summary(document));
        }
        else if (isSarif)
        {
            surroundings.Out.Writer.Write(SarifReport.Create(document, surroundings.Folder));
        }
        else
        {
            HumanReport.Write(surroundings.Out, document);
        }

        return document.HasErrors || (isStrict && document.Has(ProblemSeverity.Warning)) ? ExitCodes.Errors : ExitCodes.Success;
    }

    private static string HumanText(CheckedDocument document)
    {
        using var text = new StringWriter();
        HumanReport.Write(new Terminal(text, IsColored: false), document);
        return text.ToString();
    }
}
