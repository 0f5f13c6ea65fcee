using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentAuth.Analyzers;

/// <summary>Runs an analyzer over the code of an app that has the generated <c>AddAgentAuth</c> and <c>MapAgentAuth</c>.</summary>
internal static class WiredApp
{
    private const string Usings =
        """
        global using System;
        global using System.Linq;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        """;

    private const string Generated =
        """
        #nullable enable
        namespace Sample
        {
            public static partial class AgentAuthService { public static AgentAuth.Manifest.AgentAuthManifest Manifest => null!; }
        }
        namespace Microsoft.Extensions.DependencyInjection
        {
            internal static class AgentAuthServiceCollectionExtensions
            {
                public static global::AgentAuth.AgentAuthBuilder AddAgentAuth(this IServiceCollection services, System.Action<global::AgentAuth.AgentAuthOptions>? configure = null) =>
                    global::AgentAuth.Hosting.AgentAuthServices.Add(services, Sample.AgentAuthService.Manifest, configure);
            }
        }
        namespace Microsoft.AspNetCore.Builder
        {
            internal static class AgentAuthEndpointRouteBuilderExtensions
            {
                public static IEndpointConventionBuilder MapAgentAuth(this Microsoft.AspNetCore.Routing.IEndpointRouteBuilder endpoints)
                {
                    var agentAuth = global::AgentAuth.Hosting.AgentAuthEndpoints.For(endpoints, Sample.AgentAuthService.Manifest);
                    agentAuth.MapDiscovery();
                    return agentAuth;
                }
            }
        }
        """;

    // The framework of these tests would make every compilation one of tests, and they themselves are an assembly that knows the runtime.
    private static readonly MetadataReference[] s_references =
        [.. AnalyzerHarness.References.Where(r => Path.GetFileName(r.Display!) is var name && !name.StartsWith("xunit", StringComparison.OrdinalIgnoreCase) && !name.EndsWith(".Tests.dll", StringComparison.Ordinal))];

    /// <summary>Diagnostics of top-level statements, or of a whole file, as <c>file(line,column): id message</c>.</summary>
    public static Task<string[]> RunAsync(
        DiagnosticAnalyzer analyzer,
        string code,
        string authMd = AnalyzerHarness.AuthMd,
        bool marked = true,
        string path = "Program.cs",
        bool withRuntime = true,
        bool ofTests = false,
        OutputKind kind = OutputKind.ConsoleApplication,
        string? generated = null,
        string? library = null,
        bool compiles = true) =>
        AnalyzerHarness.RunAsync(
            analyzer,
            code,
            authMd,
            marked,
            path,
            kind: kind,
            more: [("Wiring.g.cs", Generated), ("MoreUsings.g.cs", Usings), .. generated is null ? (ReadOnlySpan<(string, string)>)[] : [("Other.g.cs", generated)]],
            references:
            [
                .. (ofTests ? AnalyzerHarness.References : s_references).Where(r => withRuntime || !r.Display!.Contains("AgentAuth.Runtime", StringComparison.Ordinal)),
                .. library is null ? (ReadOnlySpan<MetadataReference>)[] : [Compiled(library)],
            ],
            compiles: compiles && withRuntime);

    // From bytes: a reference to a compilation would know more than one to a file does.
    private static PortableExecutableReference Compiled(string library)
    {
        using var assembly = new MemoryStream();
        var compilation = CSharpCompilation.Create(
            "Library",
            [CSharpSyntaxTree.ParseText(library, cancellationToken: TestContext.Current.CancellationToken)],
            s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error));
        return MetadataReference.CreateFromImage(assembly.ToArray());
    }
}
