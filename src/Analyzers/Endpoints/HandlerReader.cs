using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>What the handler of a minimal API says: its attributes, wherever it is written.</summary>
internal sealed class HandlerReader(EndpointTypes types, AnnotationReader annotations)
{
    private const int Deepest = 8;

    public Saying Read(IInvocationOperation call, BuilderReader builders)
    {
        var saying = Saying.Nothing;
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Type is { } type && (type.TypeKind == TypeKind.Delegate || type is { Name: "Delegate", ContainingNamespace.Name: "System" })
                && argument.Parameter.Name is "handler" or "requestDelegate")
            {
                saying = saying.And(Read(argument.Value, builders, 0));
            }
        }

        return saying;
    }

    private Saying Read(IOperation handler, BuilderReader builders, int depth)
    {
        handler = BuilderReader.Unwrap(handler);
        return handler switch
        {
            IDelegateCreationOperation creation => Read(creation.Target, builders, depth + 1),
            IAnonymousFunctionOperation lambda => OfMethod(lambda.Symbol),
            IMethodReferenceOperation { Method: var method } => OfMethod(method),
            ILocalReferenceOperation local when depth < Deepest && builders.OnlyValueOf(local) is { } value => Read(value, builders, depth + 1),
            _ => Saying.Unknown,
        };
    }

    private Saying OfMethod(IMethodSymbol method)
    {
        // Of an interface's method the implementation runs, and its own attributes count.
        if (method.ContainingType is { TypeKind: TypeKind.Interface } && !method.IsStatic)
        {
            return Saying.Unknown;
        }

        var saying = annotations.OfMethod(method);
        return saying.Said.IsEmpty && (IsOverridable(method) || BringsMetadata(method)) ? Saying.Unknown : saying;
    }

    // The method that runs may be another one, with attributes of its own.
    private static bool IsOverridable(IMethodSymbol method) =>
        (method.IsVirtual || method.IsAbstract || method.IsOverride) && !method.IsSealed && !method.ContainingType.IsSealed;

    // Types of the app or of a library may add metadata for the endpoints that use them.
    private bool BringsMetadata(IMethodSymbol method) =>
        Brings(method.ReturnType) || method.Parameters.Any(parameter => Brings(parameter.Type) || parameter.GetAttributes().Any(attribute => Brings(attribute.AttributeClass)));

    private bool Brings(ITypeSymbol? type) => type is not null
        && ((Implements(type, types.MetadataProvider) || Implements(type, types.ParameterMetadataProvider))
                && type.ContainingAssembly?.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) != true
            || type is INamedTypeSymbol { TypeArguments: { IsEmpty: false } arguments } && arguments.Any(Brings));

    private static bool Implements(ITypeSymbol type, INamedTypeSymbol? wanted) =>
        wanted is not null && type.AllInterfaces.Contains(wanted, SymbolEqualityComparer.Default);
}
