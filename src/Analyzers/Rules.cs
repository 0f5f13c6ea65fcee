using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers;

/// <summary>The rules of <see cref="AuthMdRules"/> as Roslyn knows them.</summary>
internal static class Rules
{
    // The sentence is made where the problem is found: it names what was read, what was expected and what to do.
    private const string Sentence = "{0}";

    /// <summary>The rules about the document alone.</summary>
    public static ImmutableArray<DiagnosticDescriptor> OfDocument { get; } =
        [.. AuthMdRules.All.Where(rule => rule.IsOfDocument).Select(rule => Create(rule, "AgentAuth.Document"))];

    public static DiagnosticDescriptor UndeclaredScope { get; } = Create(AuthMdRules.Find(AuthMdRules.UndeclaredScope)!, "AgentAuth.Code");

    /// <summary>The descriptor of a rule about the document.</summary>
    public static DiagnosticDescriptor Find(string id) => OfDocument.First(rule => rule.Id == id);

    private static DiagnosticDescriptor Create(AuthMdRule rule, string category) =>
        new(rule.Id, rule.Title, Sentence, category, SeverityOf(rule.Severity), isEnabledByDefault: true, helpLinkUri: rule.HelpUrl);

    private static DiagnosticSeverity SeverityOf(ProblemSeverity severity) => severity switch
    {
        ProblemSeverity.Error => DiagnosticSeverity.Error,
        ProblemSeverity.Warning => DiagnosticSeverity.Warning,
        _ => DiagnosticSeverity.Info,
    };
}
