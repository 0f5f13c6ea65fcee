using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Where a builder comes from, as far as the expression that stands for it tells.</summary>
internal abstract record BuilderValue
{
    /// <summary>The app itself.</summary>
    public sealed record Root : BuilderValue
    {
        public static Root Instance { get; } = new();
    }

    /// <summary>It cannot be said.</summary>
    public sealed record Unknown : BuilderValue
    {
        public static Unknown Instance { get; } = new();
    }

    /// <summary>Made by a call: an endpoint or a group.</summary>
    public sealed record Made(SyntaxNode Call) : BuilderValue;

    /// <summary>Handed in by the caller.</summary>
    public sealed record Parameter(IMethodSymbol Method, int Ordinal) : BuilderValue;

    /// <summary>Kept in a field or property.</summary>
    public sealed record Member(ISymbol Symbol) : BuilderValue;

    /// <summary>Returned by a method of the same compilation.</summary>
    public sealed record Result(SyntaxNode Call) : BuilderValue;

    /// <summary>One of several, as it happens.</summary>
    public sealed record OneOf(ImmutableArray<BuilderValue> Values) : BuilderValue;
}
