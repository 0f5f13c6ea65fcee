using System.Collections.Immutable;
using AgentAuth.Manifest;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Generator;

/// <summary>Runs the generator over an auth.md and a project's C#, and counts what it executes.</summary>
internal sealed class GeneratorHarness
{
    public const string AuthMd =
        """
        # TicketDesk auth.md

        - **Resource:** https://api.ticketdesk.example
        - **Authorization server:** https://auth.ticketdesk.example

        ## Scopes

        | Scope           | Description       | Granted    |
        | --------------- | ----------------- | ---------- |
        | `tickets.read`  | Read tickets.     | pre-claim  |
        | `tickets.write` | Write tickets.    | post-claim |

        ## Methods

        ### anonymous
        - **Credentials:** `api_key`

        ### verified_email
        - **Credentials:** `access_token`, `api_key`

        ### identity_assertion + id-jag
        - **Credentials:** `access_token`
        """;

    public const string Program =
        """
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder(args);
        Microsoft.Extensions.DependencyInjection.AgentAuthServiceCollectionExtensions.AddAgentAuth(builder.Services);
        var app = builder.Build();
        Microsoft.AspNetCore.Builder.AgentAuthEndpointRouteBuilderExtensions.MapAgentAuth(app);
        """;

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("AgentAuth.Generator", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly List<string> _executed = [];
    private readonly string _rootNamespace;
    private GeneratorDriver _driver;
    private AdditionalText _file;

    public GeneratorHarness(string authMd = AuthMd, string program = Program, string rootNamespace = "Sample", bool marked = true, string? mcpServers = null,
        string name = "Sample", MetadataReference[]? friends = null, LanguageVersion language = LanguageVersion.Default)
    {
        _rootNamespace = rootNamespace;
        _file = new TestText("/project/auth.md", authMd);
        var parsing = CSharpParseOptions.Default.WithDocumentationMode(DocumentationMode.Diagnose).WithLanguageVersion(language);
        Compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(program, parsing, "Program.cs")],
            [.. s_references, .. friends ?? []],
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication,
                nullableContextOptions: NullableContextOptions.Enable,
                generalDiagnosticOption: ReportDiagnostic.Error,
                warningLevel: 9999));
        _driver = CSharpGeneratorDriver.Create(
            [new AuthMdGenerator(_executed.Add).AsSourceGenerator()],
            [_file],
            parsing,
            new TestOptions(marked, rootNamespace, mcpServers),
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
    }

    public CSharpCompilation Compilation { get; private set; }

    /// <summary>Runs, and tells which steps were executed this time.</summary>
    public (ImmutableArray<string> Executed, GeneratorRunResult Result) Run()
    {
        _executed.Clear();
        _driver = _driver.RunGenerators(Compilation, TestContext.Current.CancellationToken);
        return ([.. _executed], Assert.Single(_driver.GetRunResult().Results));
    }

    /// <summary>Types something into Program.cs.</summary>
    public void EditProgram(string program) => Compilation = Compilation.ReplaceSyntaxTree(
        Compilation.SyntaxTrees[0],
        CSharpSyntaxTree.ParseText(program, CSharpParseOptions.Default.WithDocumentationMode(DocumentationMode.Diagnose), "Program.cs"));

    /// <summary>Saves another auth.md.</summary>
    public void EditAuthMd(string authMd)
    {
        var edited = new TestText("/project/auth.md", authMd);
        _driver = _driver.ReplaceAdditionalText(_file, edited);
        _file = edited;
    }

    /// <summary>Adds or updates a reference to the MCP SDK, which the build tells by a property.</summary>
    public void SetMcpServers(string? mcpServers) => _driver = _driver.WithUpdatedAnalyzerConfigOptions(new TestOptions(true, _rootNamespace, mcpServers));

    /// <summary>Compiles program and generated code together; warnings are errors, missing documentation included.</summary>
    public static Assembled Assemble(
        string authMd = AuthMd, string program = Program, string rootNamespace = "Sample", string? mcpServers = null,
        string name = "Sample", MetadataReference[]? friends = null, LanguageVersion language = LanguageVersion.Default)
    {
        var harness = new GeneratorHarness(authMd, program, rootNamespace, mcpServers: mcpServers, name: name, friends: friends, language: language);
        var (_, result) = harness.Run();
        Assert.Null(result.Exception);
        Assert.Empty(result.Diagnostics);
        var compilation = harness.Compilation.AddSyntaxTrees(result.GeneratedSources.Select(source => source.SyntaxTree));
        var sources = result.GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity != DiagnosticSeverity.Hidden).Select(d => d.ToString()));
        return new Assembled(compilation, sources, harness._rootNamespace);
    }

    private sealed class TestText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class TestOptions(bool marked, string rootNamespace, string? mcpServers) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(new()
        {
            ["build_property.RootNamespace"] = rootNamespace,
            ["build_property.AgentAuthMcpServers"] = mcpServers ?? "",
        });

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Values([]);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
            new Values(marked ? new() { [AuthMdGenerator.Marker] = "true" } : []);
    }

    private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}

/// <summary>A program that compiled, with what was generated for it.</summary>
internal sealed record Assembled(CSharpCompilation Compilation, IReadOnlyDictionary<string, string> Sources, string RootNamespace)
{
    /// <summary>The program as another one references it.</summary>
    public MetadataReference Reference()
    {
        using var image = new MemoryStream();
        Assert.True(Compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    /// <summary>Loads the program and reads its manifest.</summary>
    public AgentAuthManifest Manifest()
    {
        using var image = new MemoryStream();
        Assert.True(Compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        var assembly = System.Reflection.Assembly.Load(image.ToArray());
        return (AgentAuthManifest)assembly.GetType(RootNamespace + ".AgentAuthService")!.GetProperty("Manifest")!.GetValue(null)!;
    }
}
