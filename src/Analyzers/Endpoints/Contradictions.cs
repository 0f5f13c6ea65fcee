using System.Collections.Immutable;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>
/// Annotations of which one makes another void. The nearer one may well take back what a group says, as <c>AllowAnonymous</c> on one endpoint of
/// a group with scopes does; what stands at the same distance or farther away cannot have been meant so. <c>DenyAgents</c> counts beside
/// <c>AllowAnonymous</c>: everybody but agents may come.
/// </summary>
internal static class Contradictions
{
    /// <summary>What is wrong, as the end of a sentence about the endpoint; null when nothing is.</summary>
    public static string? Find(ImmutableArray<(int Distance, Annotation Annotation)> said)
    {
        foreach (var (distance, annotation) in said)
        {
            if (annotation.AsksForScopes)
            {
                if (IsVoidedBy(AnnotationKind.AllowAnonymous, distance, said))
                {
                    return $"asks for {ScopesOf(annotation)}, and AllowAnonymous lets everybody in without it. Remove one of them";
                }

                if (IsVoidedBy(AnnotationKind.DenyAgents, distance, said))
                {
                    return $"asks for {ScopesOf(annotation)}, and DenyAgents refuses every agent, whatever it holds. Remove one of them";
                }
            }
        }

        return null;
    }

    private static bool IsVoidedBy(AnnotationKind kind, int distance, ImmutableArray<(int Distance, Annotation Annotation)> said) =>
        said.Any(item => item.Annotation.Kind == kind && item.Distance >= distance);

    private static string ScopesOf(Annotation annotation) =>
        annotation.Scopes.OfType<string>().ToList() is { Count: > 0 } names ? string.Join(", ", names.Select(name => $"'{name}'")) : "a scope";
}
