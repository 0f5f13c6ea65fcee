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
        const string Text = "# X\n\n- **Resource:** https://api.x.example\n\n## Scopes\n\n- `a`\n\n## Methods\n\n### anonymous\n- **Credentials:** `api_kye`\n\n```json\n{ \"scope\": \"aa bb\" }\n```\n\n## Lifetimes\n\n- **One-time code:** 20 minutes\n- **Claim link:** 300 days\n";
        var (solution, document) = Create(Text);

        var mended = await MendAllAsync(solution, document, AuthMdRules.UnusableLifetime, scope);

        var problems = AuthMdParser.Parse(mended).Problems;
        Assert.DoesNotContain(problems, problem => problem.Id == AuthMdRules.UnusableLifetime);
        Assert.Contains("10 minutes", mended, StringComparison.Ordinal);
        Assert.Contains("`api_kye`", mended, StringComparison.Ordinal);
    }

    [Theory]
    [Finding("G5", "a machine mends an auth.md in which a method, a credential, a provider or `pre-claim` is misspelt", "the file stays as it is, and a person chooses: each of these would let somebody in")]
    [InlineData(AuthMdRules.UnknownCredentialType)]
    [InlineData(AuthMdRules.UnknownMethod)]
    [InlineData(AuthMdRules.UnusableFact)]
    [InlineData(AuthMdRules.AccountMatching)]
    [InlineData(AuthMdRules.NearlySection)]
    public async Task G5_What_may_let_somebody_in_is_not_mended_for_all(string rule)
    {
        const string Text = "# X auth.md\n\n- **Resource:** https://api.x.example\n\n## Scopes\n\n| Scope | Description | Granted |\n| --- | --- | --- |\n| `a` | A. | pre-calim |\n\n## Methods\n\n### anonymus\n### ID-JAG\n- **Credentials:** `acess_token`\n\n## Account matching\n\n1. Provisoin\n\n## Trusted providres\n\n- https://agents.example\n";
        var (solution, document) = Create(Text);
        Assert.Contains(AuthMdParser.Parse(Text).Problems, problem => problem.Id == rule && problem.Fix is not null);

        Assert.Equal(Text, await MendAllAsync(solution, document, rule, FixAllScope.Solution));
    }

    private static async Task<string> MendAllAsync(Solution solution, DocumentId document, string rule, FixAllScope scope)
    {
        var provider = new DocumentCodeFix();
        var context = new FixAllContext(solution.GetProject(document.ProjectId)!, provider, scope, rule, [rule], new Diagnostics(), Cancelled);
        var action = await provider.GetFixAllProvider().GetFixAsync(context);
        var operations = await action!.GetOperationsAsync(Cancelled);
        var changed = operations.OfType<ApplyChangesOperation>().SingleOrDefault()?.ChangedSolution ?? solution;
        return (await changed.GetAdditionalDocument(document)!.GetTextAsync(Cancelled)).ToString();
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
        var context = new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), Cancelled);
        await new DocumentCodeFix().RegisterCodeFixesAsync(context);
        await new DocumentAccessCodeFix().RegisterCodeFixesAsync(context);
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
