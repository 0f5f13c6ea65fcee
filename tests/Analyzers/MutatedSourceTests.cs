using System.Collections.Immutable;
using System.Reflection;
using AgentAuth.Analyzers.Endpoints;
using CsCheck;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentAuth.Analyzers;

/// <summary>Code while it is being typed: no analyzer ever throws (AD0001). The code of all the other tests is what is mutated.</summary>
public sealed class MutatedSourceTests
{
    private const int FilesEach = 10;

    // eng/fuzz asks for more; a test run for enough to notice that something broke.
    private static readonly int s_times = int.TryParse(Environment.GetEnvironmentVariable("AGENTAUTH_FUZZ"), out var times) ? times : 1;

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
    [
        .. typeof(Rules).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer))).Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private static readonly string[][] s_seeds =
    [
        .. typeof(MutatedSourceTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<InlineDataAttribute>())
            .SelectMany(attribute => attribute.Data)
            .OfType<string>()
            .Where(text => text.Contains(';', StringComparison.Ordinal))
            .Select(text => TokensOf(Marked.Start + Marked.Plain(text))),
    ];

    private static readonly string[] s_tokens = [.. s_seeds.SelectMany(seed => seed).Distinct().Order(StringComparer.Ordinal)];

    private static readonly Gen<string> s_mutants =
        Gen.Select(Gen.Int[0, s_seeds.Length - 1], Gen.Select(Gen.Int[0, 3], Gen.Double[0, 1], Gen.Int[0, s_tokens.Length - 1], Gen.Int[1, 12]).Array[1, 6])
            .Select((seed, edits) => string.Concat(edits.Aggregate(s_seeds[seed].ToImmutableList(), (tokens, edit) =>
            {
                var at = (int)(edit.Item2 * tokens.Count);
                return edit.Item1 switch
                {
                    0 => tokens.RemoveRange(at, Math.Min(edit.Item4, tokens.Count - at)),
                    1 => tokens.Insert(at, s_tokens[edit.Item3]),
                    2 => tokens.InsertRange(at, tokens.Skip(at).Take(edit.Item4)),
                    _ => tokens.GetRange(0, at),
                };
            })));

    [Fact]
    public async Task No_analyzer_throws()
    {
        Assert.True(s_seeds.Length > 200, $"Only {s_seeds.Length} pieces of code were found to mutate.");
        for (var i = 0; i < 10 * s_times; i++)
        {
            var sources = s_mutants.Array[FilesEach].Single();
            var compilation = AnalyzerHarness.Compile(
                sources.Select((source, number) => ($"File{number}.cs", source)), AnalyzerHarness.AuthMd, s_analyzers, i % 2 == 0 ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary);

            await AnalyzerHarness.AnalyzeAsync(compilation, s_analyzers, AnalyzerHarness.AuthMd);
        }
    }

    private static string[] TokensOf(string code) =>
        [.. CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken).GetRoot().DescendantTokens().Select(token => token.ToFullString() + " ")];
}
