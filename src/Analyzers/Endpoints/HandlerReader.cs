using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>What the handler of a minimal API says: its attributes, wherever it is written.</summary>
internal sealed class HandlerReader(EndpointTypes types, AnnotationReader annotations)
{
    private const int Deepest = 8;

    /// <summary>What the handler's attributes say, and the handler's method where it is known.</summary>
    public (Saying Saying, IMethodSymbol? Handler) Read(IInvocationOperation call, BuilderReader builders)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Type is { } type && (type.TypeKind == TypeKind.Delegate || type is { Name: "Delegate", ContainingNamespace.Name: "System" })
                && argument.Parameter.Name is "handler" or "requestDelegate")
            {
                return Read(argument.Value, builders, 0);
            }
        }

        return (Saying.Nothing, null);
    }

    private (Saying Saying, IMethodSymbol? Handler) Read(IOperation handler, BuilderReader builders, int depth)
    {
        handler = Operations.Unwrapped(handler);
        return handler switch
        {
            IDelegateCreationOperation creation => Read(creation.Target, builders, depth + 1),
            IAnonymousFunctionOperation lambda => OfMethod(lambda.Symbol),
            IMethodReferenceOperation { Method: var method } => OfMethod(method),
            ILocalReferenceOperation local when depth < Deepest && builders.OnlyValueOf(local) is { } value => Read(value, builders, depth + 1),
            _ => (Saying.Unknown, null),
        };
    }

    private (Saying Saying, IMethodSymbol? Handler) OfMethod(IMethodSymbol method)
    {
        // Of an interface's method the implementation runs, and its own attributes count.
        if (method.ContainingType is { TypeKind: TypeKind.Interface } && !method.IsStatic)
        {
            return (Saying.Unknown, method);
        }

        var saying = annotations.OfMethod(method);
        return (saying.Said.IsEmpty && IsOverridable(method) ? Saying.Unknown : saying, method);
    }

    // The method that runs may be another one, with attributes of its own.
    private static bool IsOverridable(IMethodSymbol method) =>
        (method.IsVirtual || method.IsAbstract || method.IsOverride) && !method.IsSealed && !method.ContainingType.IsSealed;

    /// <summary>
    /// Whether what a handler takes or returns may add metadata: types of the app or of a library can, for the endpoints that use them. It costs
    /// more than the rest, so it is asked only about endpoints that say nothing.
    /// </summary>
    public bool BringsMetadata(IMethodSymbol method) =>
        Brings(method.ReturnType) || method.Parameters.Any(parameter => Brings(parameter.Type) || parameter.GetAttributes().Any(attribute => Brings(attribute.AttributeClass)));

    private bool Brings(ITypeSymbol? type) => type is not null
        && ((Implements(type, types.MetadataProvider) || Implements(type, types.ParameterMetadataProvider))
                && type.ContainingAssembly?.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) != true
            || type is INamedTypeSymbol { TypeArguments: { IsEmpty: false } arguments } && arguments.Any(Brings));

    private static bool Implements(ITypeSymbol type, INamedTypeSymbol? wanted) =>
        wanted is not null && type.AllInterfaces.Contains(wanted, SymbolEqualityComparer.Default);
}
