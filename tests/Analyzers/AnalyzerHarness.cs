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

    // As a web project has them.
    private const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.DependencyInjection;
        global using Sample;
        global using AgentAuth;
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
        var compilation = Compile(
            [(path, code), .. more ?? []], authMd, [analyzer], kind,
            references ?? (withRuntime ? s_references : s_references.Where(r => !r.Display!.Contains("AgentAuth.Runtime", StringComparison.Ordinal))));
        if (compiles)
        {
            Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error).Select(Render));
        }

        return [.. (await AnalyzeAsync(compilation, [analyzer], authMd, marked, second)).OrderBy(d => d.Location.SourceSpan.Start).Select(Render)];
    }

    /// <summary>Makes a compilation of files, with what the generator would have written.</summary>
    public static CSharpCompilation Compile(
        IEnumerable<(string Path, string Code)> files, string authMd, ImmutableArray<DiagnosticAnalyzer> analyzers, OutputKind kind, IEnumerable<MetadataReference>? references = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        return CSharpCompilation.Create(
            "Sample",
            [
                .. files.Select(file => CSharpSyntaxTree.ParseText(file.Code, path: file.Path, cancellationToken: cancellationToken)),
                CSharpSyntaxTree.ParseText(Generated(authMd), path: "AgentScopes.g.cs", cancellationToken: cancellationToken),
                CSharpSyntaxTree.ParseText(Usings, path: "Usings.g.cs", cancellationToken: cancellationToken),
            ],
            references ?? s_references,
            new CSharpCompilationOptions(
                kind,
                specificDiagnosticOptions: analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics)
                    .Where(rule => !rule.IsEnabledByDefault).Select(rule => KeyValuePair.Create(rule.Id, ReportDiagnostic.Info))));
    }

    /// <summary>Runs analyzers over a compilation; an exception in one of them fails the test.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(
        CSharpCompilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, string authMd, bool marked = true, string? second = null)
    {
        ImmutableArray<AdditionalText> files = [new TestText("/project/auth.md", authMd), .. second is null ? (AdditionalText[])[] : [new TestText("/project/second.md", second)]];
        var exceptions = new System.Collections.Concurrent.ConcurrentBag<string>();
        var analysis = new CompilationWithAnalyzers(
            compilation,
            analyzers,
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions(files, new TestOptions(marked)),
                onAnalyzerException: (e, _, _) => exceptions.Add(e.ToString()),
                concurrentAnalysis: true,
                logAnalyzerExecutionTime: false));
        var found = await analysis.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Empty(exceptions);
        return found;
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
