using System.CommandLine;
using AgentAuth.AuthMd;
using AgentAuth.Tool.Files;
using AgentAuth.Tool.Reports;

namespace AgentAuth.Tool.Commands;

/// <summary><c>publish</c>: prints what a deployment will serve at /auth.md.</summary>
internal static class PublishCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="surroundings">Where it will run.</param>
    public static Command Create(Surroundings surroundings)
    {
        var file = DocumentArgument.Create("The document to publish.");
        var issuer = new Option<string?>("--issuer") { Description = "The deployment's issuer, when it is not the authorization server that the document names.", HelpName = "url" };
        var resource = new Option<string?>("--resource") { Description = "The deployment's resource, when it is not the one that the document names.", HelpName = "url" };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write it to.", HelpName = "path" };
        var command = new Command("publish", "Prints what will be served at /auth.md: without private parts, with absolute endpoints, under the deployment's names.")
        {
            file, issuer, resource, output,
        };
        command.SetAction(parsed => Run(surroundings, parsed.GetRequiredValue(file), parsed.GetValue(issuer), parsed.GetValue(resource), parsed.GetValue(output)));
        return command;
    }

    private static int Run(Surroundings surroundings, string file, string? issuer, string? resource, string? output)
    {
        DeploymentUrl.CheckIssuer("--issuer", issuer);
        DeploymentUrl.CheckResource("--resource", resource);
        var document = CheckedDocument.Read(file, surroundings.Folder);
        if (document.HasErrors)
        {
            var errors = document with { Problems = [.. document.Problems.Where(problem => problem.Severity == ProblemSeverity.Error)] };
            HumanReport.WriteProblems(surroundings.Error, errors);
            surroundings.Error.Writer.WriteLine($"{HumanReport.Summary(errors)}: nothing is published.");
            return ExitCodes.Errors;
        }

        var published = Publish(document, issuer, resource);
        if (output is null)
        {
            surroundings.Out.Writer.Write(published);
        }
        else
        {
            OutputFile.Write(output, published, document.File, surroundings.Folder);
        }

        return ExitCodes.Success;
    }

    // As the running service does it: a configured resource does not move the issuer, which comes from what the document declares. Without errors
    // there is a resource.
    private static string Publish(CheckedDocument document, string? issuer, string? resource) => PublishedText.Render(
        document.File.Text,
        document.Document,
        issuer ?? EndpointPaths.IssuerOf(document.Document),
        resource ?? document.Document.Resource!.Value);
}
