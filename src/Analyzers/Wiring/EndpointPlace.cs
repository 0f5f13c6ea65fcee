using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers;

/// <summary>Something that is mapped, or handed on, under a builder of endpoints.</summary>
/// <param name="Builder">The variable of the app, or of a builder that a method or lambda got.</param>
/// <param name="Prefix">The groups between the variable and here, without slashes at the ends.</param>
/// <param name="MayReturnBefore">How many times its method may have returned before.</param>
internal sealed record EndpointPlace(ISymbol Builder, string Prefix, int MayReturnBefore);
