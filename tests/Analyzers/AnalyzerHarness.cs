using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Analyzers;

/// <summary>Runs an analyzer over C# and an auth.md, against the assemblies that the test itself runs on.</summary>
internal static class AnalyzerHarness
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

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>What every compilation references.</summary>
    public static IEnumerable<MetadataReference> References => s_references;

    /// <summary>What the generator would have written for <see cref="AuthMd"/>.</summary>
    private static string Generated(string authMd)
    {
        var scopes = AuthMdParser.Parse(authMd).Document.Scopes;
        var names = ScopeIdentifier.All(scopes.Select(scope => scope.Name.Value));
        return "namespace Sample { public static partial class AgentScopes { "
            + string.Concat(scopes.Select((scope, i) => $"public const string {names[i]} = {SymbolDisplay.FormatLiteral(scope.Name.Value, true)}; "))
            + "} }";
    }

    /// <summary>Diagnostics as <c>file(line,column): id message</c>.</summary>
    public static async Task<string[]> RunAsync(
        DiagnosticAnalyzer analyzer, string code, string authMd = AuthMd, bool marked = true, string path = "Program.cs", bool withRuntime = true, string? second = null,
        OutputKind kind = OutputKind.DynamicallyLinkedLibrary, (string Path, string Code)[]? more = null, MetadataReference[]? references = null, bool compiles = false)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        ImmutableArray<AdditionalText> files = [new TestText("/project/auth.md", authMd), .. second is null ? (AdditionalText[])[] : [new TestText("/project/second.md", second)]];
        var compilation = CSharpCompilation.Create(
            "Sample",
            [
                CSharpSyntaxTree.ParseText(code, path: path, cancellationToken: cancellationToken),
                CSharpSyntaxTree.ParseText(Generated(authMd), path: "AgentScopes.g.cs", cancellationToken: cancellationToken),
                CSharpSyntaxTree.ParseText("global using Sample; global using AgentAuth; global using Microsoft.AspNetCore.Builder;", path: "Usings.g.cs", cancellationToken: cancellationToken),
                .. (more ?? []).Select(file => CSharpSyntaxTree.ParseText(file.Code, path: file.Path, cancellationToken: cancellationToken)),
            ],
            references ?? (withRuntime ? s_references : s_references.Where(r => !r.Display!.Contains("AgentAuth.Runtime", StringComparison.Ordinal))),
            new CSharpCompilationOptions(kind));
        if (compiles)
        {
            Assert.Empty(compilation.GetDiagnostics(cancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error));
        }

        var exceptions = new List<string>();
        var analysis = new CompilationWithAnalyzers(
            compilation,
            [analyzer],
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions(files, new TestOptions(marked)),
                onAnalyzerException: (e, _, _) => exceptions.Add(e.ToString()),
                concurrentAnalysis: true,
                logAnalyzerExecutionTime: false));
        var found = await analysis.GetAnalyzerDiagnosticsAsync(cancellationToken);
        Assert.Empty(exceptions);
        return [.. found.OrderBy(d => d.Location.SourceSpan.Start).Select(Render)];
    }

    public static string Render(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetLineSpan();
        return $"{Path.GetFileName(place.Path)}({place.StartLinePosition.Line + 1},{place.StartLinePosition.Character + 1}): {diagnostic.Id} {diagnostic.GetMessage(null)}";
    }

    private sealed class TestText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class TestOptions(bool marked) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values([]);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
            new Values(marked ? new() { ["build_metadata.AdditionalFiles.AgentAuthDocument"] = "true" } : []);
    }

    private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
