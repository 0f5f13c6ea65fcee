using System.Collections.Immutable;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>What an endpoint can say about agents.</summary>
internal enum AnnotationKind
{
    /// <summary>Agents with scopes: <c>RequireAgentScope</c>, <c>[AgentScope]</c>.</summary>
    AgentScope,

    /// <summary>The app's users, or agents with scopes.</summary>
    UserOrAgentScope,

    /// <summary>Everybody.</summary>
    AllowAnonymous,

    /// <summary>Never agents.</summary>
    DenyAgents,
}

/// <summary>One thing that is said.</summary>
/// <param name="Kind">What.</param>
/// <param name="Scopes">The scopes; null for one that is no constant.</param>
internal sealed record Annotation(AnnotationKind Kind, ImmutableArray<string?> Scopes)
{
    /// <summary>How the user writes it.</summary>
    public string Name => Kind switch
    {
        AnnotationKind.AgentScope => "RequireAgentScope",
        AnnotationKind.UserOrAgentScope => "RequireUserOrAgentScope",
        AnnotationKind.AllowAnonymous => "AllowAnonymous",
        _ => "DenyAgents",
    };

    /// <summary>True when it names scopes.</summary>
    public bool AsksForScopes => Kind is AnnotationKind.AgentScope or AnnotationKind.UserOrAgentScope;
}

/// <summary>All that one place says.</summary>
/// <param name="Said">What is certain.</param>
/// <param name="MayBeMore">True when something is said there that cannot be read.</param>
internal readonly record struct Saying(ImmutableArray<Annotation> Said, bool MayBeMore)
{
    public static Saying Nothing { get; } = new([], false);

    public static Saying Unknown { get; } = new([], true);

    public bool IsSilent => Said.IsEmpty && !MayBeMore;

    public Saying And(Saying other) => new(Said.AddRange(other.Said), MayBeMore || other.MayBeMore);
}
