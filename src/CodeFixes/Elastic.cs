using Microsoft.CodeAnalysis;

namespace AgentAuth.CodeFixes;

/// <summary>Nodes that Roslyn makes ask to be formatted, and the formatter then does so to the author's lines around them.</summary>
internal static class Elastic
{
    /// <summary>The node exactly as it is written.</summary>
    public static T Fixed<T>(T node)
        where T : SyntaxNode =>
        node.ReplaceTrivia(node.DescendantTrivia().Where(trivia => trivia.HasAnnotation(SyntaxAnnotation.ElasticAnnotation)), (_, _) => default);
}
