using System.Collections.Immutable;
using AgentAuth.Analyzers;
using AgentAuth.Analyzers.Endpoints;
using AgentAuth.Analyzers.Guards;
using AgentAuth.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.CodeFixes;

/// <summary>A solution of web projects as an editor has it: the generator writes the constants, the analyzers report, the fixes are applied.</summary>
internal sealed class Sandbox
{
    public const string AuthMd =
        """
        # TicketDesk auth.md

        - **Resource:** https://api.ticketdesk.example

        ## Scopes

        | Scope            | Description         | Granted    |
        | ---------------- | ------------------- | ---------- |
        | `tickets.read`   | Read tickets.       | pre-claim  |
        | `tickets.write`  | Write tickets.      | post-claim |
        | `customers.read` | Read customers.     | post-claim |

        ## Methods

        ### anonymous
        - **Credentials:** `api_key`

        """;

    // As a web project has them.
    // As the package's Using item has it, whatever the project says about implicit usings.
    private const string PackageUsing = "global using AgentAuth;\n";

    private const string Usings =
        """
        global using System;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.Extensions.DependencyInjection;
        """;

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
    [
        new AuthMdDocumentAnalyzer(), new UndeclaredScopeAnalyzer(), new LiteralScopeAnalyzer(), new UnusedScopeAnalyzer(), new EndpointAnalyzer(), new InertGuardAnalyzer(),
    ];

    /// <summary>Whether projects have the usings of a web project.</summary>
    public bool HasUsings { get; init; } = true;

    private Solution _solution = new AdhocWorkspace().CurrentSolution;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>One project with one file.</summary>
    public static Sandbox Of(string code, string authMd = AuthMd) => new Sandbox().Add("App", authMd, ("Program.cs", code));

    /// <summary>Adds a project. Its root namespace is its name; projects may share an auth.md by its path.</summary>
    public Sandbox Add(string name, string authMd, params (string Path, string Code)[] files) => Add(name, $"/{name}/auth.md", authMd, files);

    public Sandbox Add(string name, string authMdPath, string authMd, params (string Path, string Code)[] files)
    {
        var project = ProjectId.CreateNewId();
        _solution = _solution
            .AddProject(ProjectInfo.Create(
                project, VersionStamp.Default, name, name, LanguageNames.CSharp,
                compilationOptions: new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable),
                metadataReferences: s_references, analyzerReferences: [new GeneratorReference()]))
            .AddAdditionalDocument(DocumentId.CreateNewId(project), "auth.md", SourceText.From(authMd), filePath: authMdPath)
            .AddAnalyzerConfigDocument(
                DocumentId.CreateNewId(project),
                ".globalconfig",
                SourceText.From($"is_global = true\nbuild_property.RootNamespace = {name}\n[{authMdPath}]\nbuild_metadata.AdditionalFiles.AgentAuthDocument = true\n"),
                filePath: $"/{name}/.globalconfig")
            .AddDocument(DocumentId.CreateNewId(project), "Usings.cs", PackageUsing + (HasUsings ? Usings : ""), filePath: $"/{name}/Usings.cs");
        foreach (var (path, code) in files)
        {
            _solution = _solution.AddDocument(DocumentId.CreateNewId(project), path, SourceText.From(code), filePath: $"/{name}/{path}");
        }

        return this;
    }

    /// <summary>The text of a file.</summary>
    public async Task<string> TextAsync(string path = "/App/Program.cs")
    {
        var document = _solution.Projects.SelectMany(project => project.Documents.Concat<TextDocument>(project.AdditionalDocuments)).First(document => document.FilePath == path);
        return (await document.GetTextAsync(Cancelled)).ToString();
    }

    /// <summary>What the analyzers report of a rule, in the order of the text.</summary>
    public async Task<IReadOnlyList<Diagnostic>> DiagnosticsAsync(string rule, string? path = null)
    {
        var found = new List<Diagnostic>();
        foreach (var project in _solution.Projects)
        {
            found.AddRange((await DiagnoseAsync(project)).Where(diagnostic => diagnostic.Id == rule && (path is null || PathOf(diagnostic) == path)));
        }

        return found;
    }

    /// <summary>What the compiler says, beyond what every project has.</summary>
    public async Task<IReadOnlyList<string>> ErrorsAsync()
    {
        var errors = new List<string>();
        foreach (var project in _solution.Projects)
        {
            var compilation = await project.GetCompilationAsync(Cancelled);
            errors.AddRange(compilation!.GetDiagnostics(Cancelled).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString()));
        }

        return errors;
    }

    /// <summary>The titles in the menu at the first diagnostic of a rule; those of a submenu follow their own with an indentation.</summary>
    public async Task<IReadOnlyList<string>> MenuAsync(CodeFixProvider provider, string rule)
    {
        var actions = await ActionsAsync(provider, (await DiagnosticsAsync(rule))[0]);
        return [.. actions.SelectMany(action => action.NestedActions.Select(nested => "  " + nested.Title).Prepend(action.Title))];
    }

    /// <summary>Chooses from the menu at the first diagnostic of a rule.</summary>
    public async Task<Sandbox> FixAsync(CodeFixProvider provider, string rule, string title)
    {
        var action = Find(await ActionsAsync(provider, (await DiagnosticsAsync(rule))[0]), title);
        return await ApplyAsync(action);
    }

    /// <summary>Chooses from the menu at the first diagnostic of a rule, and then "for all".</summary>
    public async Task<Sandbox> FixAllAsync(CodeFixProvider provider, string rule, string title, FixAllScope scope)
    {
        var diagnostic = (await DiagnosticsAsync(rule))[0];
        var action = Find(await ActionsAsync(provider, diagnostic), title);
        Assert.Contains(scope, provider.GetFixAllProvider()!.GetSupportedFixAllScopes());
        return await ApplyAsync(await provider.GetFixAllProvider()!.GetFixAsync(ContextOf(diagnostic, provider, scope, action.EquivalenceKey)));
    }

    /// <summary>
    /// What a machine does that nobody watches, as <c>dotnet format</c> and editors that clean up: of every fix provider that can mend a whole solution
    /// at once, the first action at the first diagnostic, for all. This one also goes over auth.md, which <c>dotnet format</c> leaves alone.
    /// </summary>
    public async Task<Sandbox> CleanUpAsync(FixAllScope scope = FixAllScope.Solution)
    {
        var sandbox = this;
        var providers = typeof(LiteralScopeCodeFix).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract)
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!).OrderBy(provider => provider.GetType().Name, StringComparer.Ordinal).ToList();
        foreach (var rule in Rules.All.Select(rule => rule.Id))
        {
            foreach (var provider in providers.Where(provider => provider.FixableDiagnosticIds.Contains(rule) && provider.GetFixAllProvider()?.GetSupportedFixAllScopes().Contains(scope) == true))
            {
                if (await sandbox.DiagnosticsAsync(rule) is [{ } first, ..])
                {
                    var key = (await sandbox.ActionsAsync(provider, first)).FirstOrDefault()?.EquivalenceKey;
                    sandbox = await provider.GetFixAllProvider()!.GetFixAsync(sandbox.ContextOf(first, provider, scope, key)) is { } action ? await ApplyAsync(action) : sandbox;
                }
            }
        }

        return sandbox;
    }

    private FixAllContext ContextOf(Diagnostic diagnostic, CodeFixProvider provider, FixAllScope scope, string? key)
    {
        var document = DocumentOf(diagnostic);
        return document is Document code
            ? new FixAllContext(code, provider, scope, key, [diagnostic.Id], new Reports(), Cancelled)
            : new FixAllContext(document.Project, provider, scope, key, [diagnostic.Id], new Reports(), Cancelled);
    }

    private static CodeAction Find(IEnumerable<CodeAction> actions, string title) => actions.SelectMany(action => action.NestedActions.Prepend(action)).Single(action => action.Title == title);

    private async Task<List<CodeAction>> ActionsAsync(CodeFixProvider provider, Diagnostic diagnostic)
    {
        Assert.Contains(diagnostic.Id, provider.FixableDiagnosticIds);
        var actions = new List<CodeAction>();
        await provider.RegisterCodeFixesAsync(new CodeFixContext(DocumentOf(diagnostic), diagnostic, (action, _) => actions.Add(action), Cancelled));
        return actions;
    }

    private TextDocument DocumentOf(Diagnostic diagnostic) => _solution.Projects
        .SelectMany(project => project.Documents.Concat<TextDocument>(project.AdditionalDocuments))
        .First(document => document.FilePath == PathOf(diagnostic));

    private static string PathOf(Diagnostic diagnostic) => diagnostic.Location.GetLineSpan().Path;

    private static async Task<Sandbox> ApplyAsync(CodeAction? action)
    {
        Assert.NotNull(action);
        var operations = await action.GetOperationsAsync(Cancelled);
        return new Sandbox { _solution = Assert.IsType<ApplyChangesOperation>(Assert.Single(operations)).ChangedSolution };
    }

    private static async Task<IEnumerable<Diagnostic>> DiagnoseAsync(Project project)
    {
        var compilation = await project.GetCompilationAsync(Cancelled);
        var found = await compilation!.WithAnalyzers(s_analyzers, project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync(Cancelled);
        Assert.DoesNotContain(found, diagnostic => diagnostic.Id.StartsWith("AD", StringComparison.Ordinal));
        return found.OrderBy(PathOf, StringComparer.Ordinal).ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start);
    }

    private sealed class GeneratorReference : AnalyzerReference
    {
        // The workspace knows a generator by its instance.
        private readonly ImmutableArray<ISourceGenerator> _generators = [new AuthMdGenerator().AsSourceGenerator()];

        public override string FullPath => "";

        public override object Id => typeof(AuthMdGenerator);

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => [];

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => [];

        public override ImmutableArray<ISourceGenerator> GetGeneratorsForAllLanguages() => _generators;

        public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => _generators;
    }

    private sealed class Reports : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => await DiagnoseAsync(project);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            (await DiagnoseAsync(document.Project)).Where(diagnostic => PathOf(diagnostic) == document.FilePath);

        public override async Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            (await DiagnoseAsync(project)).Where(diagnostic => diagnostic.Location == Location.None);
    }
}
