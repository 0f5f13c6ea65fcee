using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers;

/// <summary>The rules of <see cref="AuthMdRules"/> as Roslyn knows them.</summary>
internal static class Rules
{
    // The sentence is made where the problem is found: it names what was read, what was expected and what to do.
    private const string Sentence = "{0}";

    // Found only when the whole compilation was seen. The editor shows them after a build.
    private static readonly string[] s_atEnd =
    [
        AuthMdRules.UnannotatedEndpoint, AuthMdRules.UnprovenEndpoint, AuthMdRules.UnusedScope, AuthMdRules.ContradictingAnnotations,
        AuthMdRules.UnclaimedWrite, AuthMdRules.InertGuard, AuthMdRules.LeftToTheStart, AuthMdRules.HalfWired, AuthMdRules.ShadowedPath,
    ];

    /// <summary>Every rule.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [.. AuthMdRules.All.Select(Create)];

    /// <summary>The rules about the document alone.</summary>
    public static ImmutableArray<DiagnosticDescriptor> OfDocument { get; } =
        [.. AuthMdRules.All.Where(rule => rule.IsOfDocument).Select(rule => Find(rule.Id))];

    /// <summary>The descriptor of a rule.</summary>
    public static DiagnosticDescriptor Find(string id) => All.First(rule => rule.Id == id);

    private static DiagnosticDescriptor Create(AuthMdRule rule) => new(
        rule.Id,
        rule.Title,
        Sentence,
        CategoryOf(rule),
        SeverityOf(rule.Severity),
        rule.IsOn,
        description: null,
        rule.HelpUrl,
        s_atEnd.Contains(rule.Id) ? [WellKnownDiagnosticTags.CompilationEnd] : []);

    private static string CategoryOf(AuthMdRule rule) =>
        rule.IsOfDocument ? "AgentAuth.Document"
        : rule.IsOfProject ? "AgentAuth.Project"
        : string.CompareOrdinal(rule.Id, "AUTHMD3") < 0 ? "AgentAuth.Code" : "AgentAuth.Runtime";

    private static DiagnosticSeverity SeverityOf(ProblemSeverity severity) => severity switch
    {
        ProblemSeverity.Error => DiagnosticSeverity.Error,
        ProblemSeverity.Warning => DiagnosticSeverity.Warning,
        _ => DiagnosticSeverity.Info,
    };
}
