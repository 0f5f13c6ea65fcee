using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>
/// Code with the expected diagnostics drawn in: <c>[|MapGet|]</c> says nothing about agents (AUTHMD2002), <c>[?MapGet?]</c> cannot be proved
/// (AUTHMD2003), <c>[!MapGet!]</c> contradicts itself (AUTHMD2007), <c>[~MapPost~]</c> is a write for the unclaimed (AUTHMD2008). Nothing else
/// may be reported, but for how many cannot be proved (AUTHMD2010).
/// </summary>
internal static partial class Marked
{
    public const string Start = "var builder = WebApplication.CreateBuilder(args); var app = builder.Build();\n";

    /// <summary>Checks the top-level statements of an app, which may be followed by types.</summary>
    public static Task AppAsync(string statements) => CodeAsync(Start + statements, isApplication: true);

    /// <summary>Checks a whole file.</summary>
    public static async Task CodeAsync(string marked, bool isApplication = false)
    {
        var found = await AnalyzerHarness.RunAsync(new EndpointAnalyzer(), Plain(marked), kind: isApplication ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, compiles: true);

        Assert.Equal(Expected(marked).Order(StringComparer.Ordinal), found.Where(line => !line.Contains("AUTHMD2010", StringComparison.Ordinal)).Select(line => line[..(line.IndexOf("AUTHMD", StringComparison.Ordinal) + 10)]).Order(StringComparer.Ordinal));
    }

    public static string Plain(string marked) => Mark().Replace(marked, "${name}");

    private static IEnumerable<string> Expected(string marked)
    {
        foreach (Match mark in Mark().Matches(marked))
        {
            var before = Plain(marked[..mark.Index]);
            var line = before.Count(c => c == '\n') + 1;
            var column = before.Length - before.LastIndexOf('\n');
            yield return $"Program.cs({line},{column}): " + mark.Groups["kind"].Value switch
            {
                "|" => "AUTHMD2002",
                "?" => "AUTHMD2003",
                "!" => "AUTHMD2007",
                _ => "AUTHMD2008",
            };
        }
    }

    [GeneratedRegex(@"\[(?<kind>[|?!~])(?<name>\w+)\k<kind>\]")]
    private static partial Regex Mark();
}
