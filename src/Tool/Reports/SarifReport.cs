using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentAuth.AuthMd;

namespace AgentAuth.Tool.Reports;

/// <summary>Problems for machines: SARIF 2.1.0, which code hosts and editors read.</summary>
internal static class SarifReport
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    // The SDK writes the project's address into the assembly: Directory.Build.props is its only place.
    private static readonly string s_information =
        typeof(SarifReport).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryUrl").Value!;

    // Messages quote: escaping every quotation mark and every letter that is not ASCII would make the file unreadable for people.
    private static readonly JsonWriterOptions s_options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly ImmutableArray<AuthMdRule> s_rules = [.. AuthMdRules.All.Where(rule => rule.IsOfDocument)];

    /// <summary>The report.</summary>
    /// <param name="checkedDocument">The document.</param>
    /// <param name="folder">What the document's address is relative to.</param>
    public static string Create(CheckedDocument checkedDocument, string folder)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json);
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartArray("results");
            var address = AddressOf(checkedDocument.File.FullPath, folder);
            foreach (var problem in checkedDocument.Problems)
            {
                WriteResult(json, problem, checkedDocument, address);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) + "\n";
    }

    private static void WriteTool(Utf8JsonWriter json)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "authmd");
        json.WriteString("version", ToolVersion.Text);
        json.WriteString("informationUri", s_information);
        json.WriteStartArray("rules");
        foreach (var rule in s_rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            WriteText(json, "shortDescription", rule.Title);
            json.WriteString("helpUri", rule.HelpUrl);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", LevelOf(rule.Severity));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, AuthMdProblem problem, CheckedDocument checkedDocument, string address)
    {
        var (start, end) = checkedDocument.Lines.RangeOf(problem.Span);
        json.WriteStartObject();
        json.WriteString("ruleId", problem.Id);
        json.WriteNumber("ruleIndex", IndexOf(problem.Id));
        json.WriteString("level", LevelOf(problem.Severity));
        WriteText(json, "message", problem.Message);
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", address);
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", start.Line);
        json.WriteNumber("startColumn", start.Column);
        json.WriteNumber("endLine", end.Line);
        json.WriteNumber("endColumn", end.Column);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // A brace alone would open a placeholder (§3.11.5).
    private static void WriteText(Utf8JsonWriter json, string property, string text)
    {
        json.WriteStartObject(property);
        json.WriteString("text", text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
        json.WriteEndObject();
    }

    private static int IndexOf(string id)
    {
        for (var i = 0; i < s_rules.Length; i++)
        {
            if (s_rules[i].Id == id)
            {
                return i;
            }
        }

        throw new InvalidOperationException($"{id} was reported and is no rule of the document.");
    }

    private static string LevelOf(ProblemSeverity severity) => severity switch
    {
        ProblemSeverity.Error => "error",
        ProblemSeverity.Warning => "warning",
        _ => "note",
    };

    // Relative, so that the report of one machine fits the checkout of another. Another drive of Windows has no relative address.
    private static string AddressOf(string path, string folder)
    {
        var relative = Path.GetRelativePath(folder, path);
        return Path.IsPathRooted(relative)
            ? new Uri(path).AbsoluteUri
            : string.Join('/', relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString));
    }
}
