using System.Collections.Immutable;
using AgentAuth.Analyzers;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.CodeFixes;

/// <summary>The fixes as an editor applies them: a workspace with an auth.md, the analyzer's diagnostics, the provider's actions.</summary>
public sealed class DocumentCodeFixTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Problems"), "*.md").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_fix_changes_its_place_and_nothing_else(string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Problems", file), Cancelled);
        foreach (var content in new[] { text, text.ReplaceLineEndings("\r\n") })
        {
            var (solution, document) = Create(content);
            var problems = AuthMdParser.Parse(content).Problems;
            var diagnostics = await DiagnoseAsync(solution.GetProject(document.ProjectId)!);
            Assert.Equal(problems.Length, diagnostics.Length);
            foreach (var (diagnostic, problem) in diagnostics.Zip(problems))
            {
                var actions = await ActionsAsync(solution.GetAdditionalDocument(document)!, diagnostic);
                if (problem.Fix is not { } fix)
                {
                    Assert.Empty(actions);
                    continue;
                }

                var action = Assert.Single(actions);
                Assert.Equal(fix.Title, action.Title);
                Assert.Equal(content[..fix.Span.Start] + fix.Text + content[fix.Span.End..], await ApplyAsync(action, document));
            }
        }
    }

    [Theory]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public async Task All_of_one_rule_are_mended_at_once(FixAllScope scope)
    {
        const string Text = "# X auth.md\n\n- **Resource:** https://api.x.example\n\n## Scopes\n\n- `a`\n\n## Methods\n\n### anonymous\n- **Credentials:** `api_kye`\n\n### ID-JAG\n- **Credentials:** `acess_token`, `api_kye`\n";
        var (solution, document) = Create(Text);
        var project = solution.GetProject(document.ProjectId)!;
        var provider = new DocumentCodeFix();
        var context = new FixAllContext(
            project, provider, scope, AuthMdRules.UnknownCredentialType, [AuthMdRules.UnknownCredentialType], new Diagnostics(), Cancelled);

        var action = await provider.GetFixAllProvider().GetFixAsync(context);

        Assert.Equal(Text.Replace("api_kye", "api_key", StringComparison.Ordinal).Replace("acess_token", "access_token", StringComparison.Ordinal), await ApplyAsync(action!, document));
    }

    private static (Solution Solution, DocumentId Document) Create(string text)
    {
        var project = ProjectId.CreateNewId();
        var document = DocumentId.CreateNewId(project);
        var config = DocumentId.CreateNewId(project);
        var solution = new AdhocWorkspace().CurrentSolution
            .AddProject(project, "Sample", "Sample", LanguageNames.CSharp)
            .AddAdditionalDocument(document, "auth.md", SourceText.From(text), filePath: "/sample/auth.md")
            .AddAnalyzerConfigDocument(
                config, ".globalconfig", SourceText.From("is_global = true\n[/sample/auth.md]\nbuild_metadata.AdditionalFiles.AgentAuthDocument = true\n"), filePath: "/sample/.globalconfig");
        return (solution, document);
    }

    private static async Task<ImmutableArray<Diagnostic>> DiagnoseAsync(Project project)
    {
        var compilation = await project.GetCompilationAsync(Cancelled);
        var found = await compilation!.WithAnalyzers([new AuthMdDocumentAnalyzer()], project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync(Cancelled);
        return [.. found.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    private static async Task<List<CodeAction>> ActionsAsync(TextDocument document, Diagnostic diagnostic)
    {
        var actions = new List<CodeAction>();
        await new DocumentCodeFix().RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), Cancelled));
        return actions;
    }

    private static async Task<string> ApplyAsync(CodeAction action, DocumentId document)
    {
        var operations = await action.GetOperationsAsync(Cancelled);
        var changed = Assert.IsType<ApplyChangesOperation>(Assert.Single(operations)).ChangedSolution;
        return (await changed.GetAdditionalDocument(document)!.GetTextAsync(Cancelled)).ToString();
    }

    private sealed class Diagnostics : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => await DiagnoseAsync(project);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);

        public override async Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => await DiagnoseAsync(project);
    }
}
