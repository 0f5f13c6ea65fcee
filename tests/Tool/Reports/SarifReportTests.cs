using System.Text.Json;
using AgentAuth.AuthMd;
using AgentAuth.Tool.Files;

namespace AgentAuth.Tool.Reports;

public sealed class SarifReportTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    [Fact]
    public void The_report_says_what_it_is_and_which_rules_there_are()
    {
        _folder.Write("auth.md", ToolFolder.Sound);

        var run = _folder.Run("check", "--format", "sarif");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using var sarif = JsonDocument.Parse(run.Out);
        Assert.Equal("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", sarif.RootElement.GetProperty("$schema").GetString());
        Assert.Equal("2.1.0", sarif.RootElement.GetProperty("version").GetString());
        var only = Assert.Single(sarif.RootElement.GetProperty("runs").EnumerateArray());
        Assert.Equal("utf16CodeUnits", only.GetProperty("columnKind").GetString());
        Assert.Empty(only.GetProperty("results").EnumerateArray());
        var driver = only.GetProperty("tool").GetProperty("driver");
        Assert.Equal("authmd", driver.GetProperty("name").GetString());
        Assert.Equal("0.1.0", driver.GetProperty("version").GetString());
        Assert.Equal(Repository.Url, driver.GetProperty("informationUri").GetString());
        Assert.Equal(
            AuthMdRules.All.Where(rule => rule.IsOfDocument).Select(rule => (rule.Id, rule.Title, rule.HelpUrl, Level(rule.Severity))),
            driver.GetProperty("rules").EnumerateArray().Select(rule => (
                rule.GetProperty("id").GetString()!,
                rule.GetProperty("shortDescription").GetProperty("text").GetString()!,
                rule.GetProperty("helpUri").GetString()!,
                rule.GetProperty("defaultConfiguration").GetProperty("level").GetString()!)));
    }

    [Fact]
    public void A_result_names_rule_level_message_and_place()
    {
        // A byte order mark is not counted, and a letter outside the first plane counts twice.
        _folder.Write("docs/my auth#.md", "\uFEFF" + ToolFolder.Sound.ReplaceLineEndings("\r\n").Replace("\r\n\r\n## Methods", "\r\n- 🎉 `things write`\r\n- `🎉 write`\r\n\r\n## Methods", StringComparison.Ordinal));

        var run = _folder.Run("check", "docs/my auth#.md", "--format", "sarif");

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        using var sarif = JsonDocument.Parse(run.Out);
        var result = Assert.Single(sarif.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray());
        Assert.Equal("AUTHMD1007", result.GetProperty("ruleId").GetString());
        Assert.Equal("AUTHMD1007", RuleOf(sarif, result));
        Assert.Equal("error", result.GetProperty("level").GetString());
        Assert.StartsWith("\"🎉 write\" is not a scope: ", result.GetProperty("message").GetProperty("text").GetString(), StringComparison.Ordinal);
        var place = Assert.Single(result.GetProperty("locations").EnumerateArray()).GetProperty("physicalLocation");
        Assert.Equal("docs/my%20auth%23.md", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal((9, 4, 9, 12), RegionOf(place));
    }

    [Fact]
    public void Every_severity_has_its_level_and_its_rule()
    {
        using var sarif = Create(
            "a\rb\r\nc",
            new AuthMdProblem("AUTHMD1020", ProblemSeverity.Info, new SourceSpan(2, 0), "Info."),
            new AuthMdProblem("AUTHMD1001", ProblemSeverity.Warning, new SourceSpan(0, 6), "Warning."),
            new AuthMdProblem("AUTHMD0001", ProblemSeverity.Error, new SourceSpan(5, 1), "Error."));

        var results = sarif.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["note", "warning", "error"], results.Select(result => result.GetProperty("level").GetString()));
        Assert.Equal(["AUTHMD1020", "AUTHMD1001", "AUTHMD0001"], results.Select(result => RuleOf(sarif, result)));
        Assert.Equal(
            [(2, 1, 2, 1), (1, 1, 3, 2), (3, 1, 3, 2)],
            results.Select(result => RegionOf(result.GetProperty("locations")[0].GetProperty("physicalLocation"))));
    }

    // SARIF 2.1.0 §3.11.5: {0} in a message stands for an argument.
    [Fact]
    public void Braces_in_a_message_are_doubled()
    {
        using var sarif = Create("a", new AuthMdProblem("AUTHMD1021", ProblemSeverity.Error, new SourceSpan(0, 1), "\"{{url}}\" and ${x}"));

        Assert.Equal("\"{{{{url}}}}\" and ${{x}}", sarif.RootElement.GetProperty("runs")[0].GetProperty("results")[0].GetProperty("message").GetProperty("text").GetString());
    }

    [Fact]
    public void A_file_beside_the_folder_has_a_relative_address_too()
    {
        using var sarif = Create("a", new AuthMdProblem("AUTHMD1021", ProblemSeverity.Error, new SourceSpan(0, 1), "x"), Path.Combine(_folder.Path, "..", "b:c.md"));

        Assert.Equal(
            "../b%3Ac.md",
            sarif.RootElement.GetProperty("runs")[0].GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString());
    }

    public void Dispose() => _folder.Dispose();

    private JsonDocument Create(string text, params AuthMdProblem[] problems) => Create(text, problems, Path.Combine(_folder.Path, "auth.md"));

    private JsonDocument Create(string text, AuthMdProblem problem, string path) => Create(text, [problem], path);

    private JsonDocument Create(string text, AuthMdProblem[] problems, string path) =>
        JsonDocument.Parse(SarifReport.Create(new CheckedDocument(new DocumentFile("auth.md", Path.GetFullPath(path), text), new AuthDocument(), [.. problems]), _folder.Path));

    private static string? RuleOf(JsonDocument sarif, JsonElement result) => sarif.RootElement
        .GetProperty("runs")[0].GetProperty("tool").GetProperty("driver").GetProperty("rules")[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString();

    private static (int StartLine, int StartColumn, int EndLine, int EndColumn) RegionOf(JsonElement place)
    {
        var region = place.GetProperty("region");
        return (Number("startLine"), Number("startColumn"), Number("endLine"), Number("endColumn"));

        int Number(string name) => region.GetProperty(name).GetInt32();
    }

    private static string Level(ProblemSeverity severity) => severity switch
    {
        ProblemSeverity.Error => "error",
        ProblemSeverity.Warning => "warning",
        _ => "note",
    };
}
