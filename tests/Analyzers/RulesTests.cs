using System.Collections.Immutable;
using System.Reflection;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentAuth.Analyzers;

/// <summary>Identifier, descriptor, page and release note of a rule belong together.</summary>
public sealed class RulesTests
{
    public static TheoryData<string> Ids => [.. Identifiers()];

    [Fact]
    public void Every_identifier_has_a_descriptor_and_no_descriptor_is_without_one()
    {
        Assert.Equal(Identifiers().Order(StringComparer.Ordinal), Descriptors().Select(rule => rule.Id).Order(StringComparer.Ordinal));
        Assert.Equal(Identifiers(), AuthMdRules.All.Select(rule => rule.Id));
    }

    [Fact]
    public void The_release_notes_name_every_rule_with_its_category_severity_and_title()
    {
        var notes = File.ReadLines(Path.Combine(Repository.Root, "src", "Analyzers", "AnalyzerReleases.Unshipped.md"))
            .Concat(File.ReadLines(Path.Combine(Repository.Root, "src", "Analyzers", "AnalyzerReleases.Shipped.md")))
            .Where(line => line.StartsWith("AUTHMD", StringComparison.Ordinal));

        Assert.Equal(Descriptors().Select(rule => $"{rule.Id} | {rule.Category} | {(rule.IsEnabledByDefault ? rule.DefaultSeverity.ToString() : "Disabled")} | {rule.Title}"), notes);
    }

    [Fact]
    public void Every_rule_is_reported_by_an_analyzer_or_by_the_packages_targets()
    {
        var analyzers = typeof(Rules).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)));

        var reported = analyzers.SelectMany(type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics).Select(rule => rule.Id);

        var ofProject = AuthMdRules.All.Where(rule => rule.IsOfProject).Select(rule => rule.Id).ToList();
        Assert.Equal(Identifiers().Except(ofProject).Order(StringComparer.Ordinal), reported.Order(StringComparer.Ordinal));
        var targets = File.ReadAllText(Path.Combine(Repository.Root, "src", "Package", "build", "AgentAuth.Codegen.Checks.targets"));
        Assert.All(ofProject, id => Assert.Contains($"<Error Code=\"{id}\"", targets, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_has_a_page_with_its_title(string id)
    {
        var rule = Descriptors().Single(rule => rule.Id == id);
        var page = Path.Combine(Repository.Root, "docs", "rules", id + ".md");

        Assert.True(File.Exists(page), $"docs/rules/{id}.md is missing.");
        var text = File.ReadAllText(page);
        Assert.StartsWith($"# {id}: {rule.Title}", text, StringComparison.Ordinal);
        foreach (var heading in new[] { "## Why", "## Fails", "## Passes", "## Suppress" })
        {
            Assert.Contains(heading, text, StringComparison.Ordinal);
        }

        Assert.Equal($"{Repository.Url}/blob/main/docs/rules/{id}.md", rule.HelpLinkUri);
    }

    [Fact]
    public void The_list_of_pages_names_every_rule()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "rules", "README.md")).Where(line => line.StartsWith("| [AUTHMD", StringComparison.Ordinal));

        Assert.Equal(AuthMdRules.All.Select(rule => $"| [{rule.Id}]({rule.Id}.md) | {rule.Severity}{(rule.IsOn ? "" : ", off")} | {rule.Title} |"), rows);
    }

    private static IEnumerable<string> Identifiers() =>
        typeof(AuthMdRules).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetValue(null)!);

    private static ImmutableArray<DiagnosticDescriptor> Descriptors() => Rules.All;
}
