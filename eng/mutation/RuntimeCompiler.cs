using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Mutation;

/// <summary>
/// Compiles src/Runtime in memory, as the build does: MSBuild is asked once for the compiler's command line. After that a changed file costs
/// a second or two. Warnings are no errors here.
/// </summary>
internal sealed class RuntimeCompiler
{
    private readonly CSharpCommandLineArguments _arguments;

    private RuntimeCompiler(CSharpCommandLineArguments arguments, CSharpCompilation compilation)
    {
        _arguments = arguments;
        Compilation = compilation;
    }

    /// <summary>The runtime as it stands in the folder, with what its generators add.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>Reads the project. It must have been built.</summary>
    public static RuntimeCompiler Load(string root)
    {
        var project = Path.Combine(root, "src", "Runtime");
        var arguments = CSharpCommandLineParser.Default.Parse(CommandLine(project), project, sdkDirectory: null);
        var parse = arguments.ParseOptions.WithDocumentationMode(DocumentationMode.None);
        var compilation = CSharpCompilation.Create(
            arguments.CompilationName,
            arguments.SourceFiles.Select(file => CSharpSyntaxTree.ParseText(
                SourceText.From(File.ReadAllText(file.Path)), parse, file.Path)),
            arguments.MetadataReferences.Select(reference => MetadataReference.CreateFromFile(reference.Reference, reference.Properties)),
            arguments.CompilationOptions
                .WithGeneralDiagnosticOption(ReportDiagnostic.Default)
                .WithSpecificDiagnosticOptions(ImmutableDictionary<string, ReportDiagnostic>.Empty)
                .WithNullableContextOptions(NullableContextOptions.Annotations));

        var loader = new Loader(arguments.AnalyzerReferences.Select(reference => reference.FilePath));
        var generators = arguments.AnalyzerReferences
            .SelectMany(reference => new AnalyzerFileReference(reference.FilePath, loader).GetGenerators(LanguageNames.CSharp));
        CSharpGeneratorDriver.Create(generators, parseOptions: parse).RunGeneratorsAndUpdateCompilation(compilation, out var whole, out var problems);
        return problems.FirstOrDefault(problem => problem.Id is "CS8784" or "CS8785") is { } failed
            ? throw new InvalidOperationException($"A generator failed: {failed}")
            : new RuntimeCompiler(arguments, (CSharpCompilation)whole);
    }

    /// <summary>The assembly of a compilation; null when it has errors.</summary>
    public byte[]? Emit(CSharpCompilation compilation, out ImmutableArray<Diagnostic> problems)
    {
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly, manifestResources: _arguments.ManifestResources, options: _arguments.EmitOptions);
        problems = result.Diagnostics;
        return result.Success ? assembly.ToArray() : null;
    }

    /// <summary>The assembly with one mutant in it; null when that has errors.</summary>
    public byte[]? Emit(Mutant mutant)
    {
        var tree = Compilation.SyntaxTrees.Single(tree => RuntimeFiles.NameOf(tree) == mutant.File);
        var text = tree.GetText().WithChanges(new TextChange(mutant.Span, mutant.Text));
        return Emit(Compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(text)), out _);
    }

    private static string[] CommandLine(string project)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = project,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "msbuild", "-target:PrepareResources;Compile", "-getItem:CscCommandLineArgs", "-property:Configuration=Release",
                "-property:ProvideCommandLineArgs=true", "-property:SkipCompilerExecution=true", "-property:BuildProjectReferences=false",

                // An output that is never there: up to date or not, the command line is wanted.
                "-property:NonExistentFile=none",
            },
        };
        using var msbuild = Process.Start(start)!;
        var output = msbuild.StandardOutput.ReadToEnd();
        msbuild.WaitForExit();
        if (msbuild.ExitCode != 0)
        {
            throw new InvalidOperationException($"MSBuild did not say how src/Runtime is compiled:\n{output}");
        }

        using var json = JsonDocument.Parse(output);
        return [.. json.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray()
            .Select(argument => argument.GetProperty("Identity").GetString()!)];
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        // A generator finds what it builds on among the other analyzers of the command line.
        public Loader(IEnumerable<string> analyzers)
        {
            var paths = analyzers.GroupBy(path => Path.GetFileNameWithoutExtension(path)).ToDictionary(paths => paths.Key, paths => paths.First());
            AssemblyLoadContext.Default.Resolving += (_, name) => paths.TryGetValue(name.Name!, out var path) ? LoadFromPath(path) : null;
        }

        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => AssemblyLoadContext.Default.LoadFromAssemblyPath(fullPath);
    }
}
