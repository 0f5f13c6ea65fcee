using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>The ways to write several scopes.</summary>
internal static class ScopeArguments
{
    /// <summary>"a", "b" · new[] { "a", "b" } · ["a", "b"]; what cannot be taken apart stays one element.</summary>
    public static IEnumerable<IOperation> Elements(IOperation value) => value switch
    {
        IConversionOperation conversion => Elements(conversion.Operand),
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
        IArrayCreationOperation => [],
        ICollectionExpressionOperation collection => collection.Elements,
        _ => [value],
    };
}
