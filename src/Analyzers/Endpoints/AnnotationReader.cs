using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Reads what attributes, and objects given as metadata, say.</summary>
internal sealed class AnnotationReader(EndpointTypes types)
{
    /// <summary>The attributes of a method, those inherited from what it overrides included.</summary>
    public Saying OfMethod(IMethodSymbol method)
    {
        var saying = Saying.Nothing;
        for (var current = method; current is not null; current = current.OverriddenMethod)
        {
            saying = saying.And(OfAttributes(current));
        }

        return saying;
    }

    /// <summary>The attributes of a class and its base classes.</summary>
    public Saying OfType(ITypeSymbol type)
    {
        if (type is ITypeParameterSymbol)
        {
            return Saying.Unknown;
        }

        var saying = Saying.Nothing;
        for (var current = type; current is not null && current.SpecialType != SpecialType.System_Object; current = current.BaseType)
        {
            saying = saying.And(OfAttributes(current));
        }

        return saying;
    }

    /// <summary>An object that is added as metadata.</summary>
    public Saying OfObject(IOperation value)
    {
        value = Operations.Unwrapped(value);
        if (value is IObjectCreationOperation { Type: { } created } creation)
        {
            return KindOf(created) is { } kind ? new([new(kind, ScopesOf(creation.Arguments))], false) : Saying.Nothing;
        }

        return value.Type switch
        {
            null or { SpecialType: SpecialType.System_Object } or { TypeKind: TypeKind.Interface or TypeKind.TypeParameter or TypeKind.Dynamic or TypeKind.Array } => Saying.Unknown,
            { Name: "Attribute" } => Saying.Unknown,
            var type => KindOf(type) is { } kind ? new([new(kind, [null])], false) : Saying.Nothing,
        };
    }

    /// <summary>The constants among scopes given as arguments.</summary>
    public static ImmutableArray<string?> ScopesOf(ImmutableArray<IArgumentOperation> arguments) =>
        [.. arguments.Where(argument => argument.Parameter is { Name: "scopes" })
            .SelectMany(argument => ScopeExpressions.Elements(argument.Value))
            .Select(value => value.ConstantValue is { HasValue: true, Value: string scope } ? scope : null)];

    /// <summary>What an attribute of this type says; null for nothing.</summary>
    public AnnotationKind? KindOf(ITypeSymbol type) =>
        Is(type, types.AgentScope) ? AnnotationKind.AgentScope
        : Is(type, types.UserOrAgentScope) ? AnnotationKind.UserOrAgentScope
        : Is(type, types.DenyAgents) ? AnnotationKind.DenyAgents
        : types.AllowAnonymous is not null && type.AllInterfaces.Contains(types.AllowAnonymous, SymbolEqualityComparer.Default) ? AnnotationKind.AllowAnonymous
        : null;

    private static bool Is(ITypeSymbol type, INamedTypeSymbol? wanted) => SymbolEqualityComparer.Default.Equals(type, wanted);

    private Saying OfAttributes(ISymbol symbol)
    {
        var said = ImmutableArray.CreateBuilder<Annotation>();
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && KindOf(type) is { } kind)
            {
                said.Add(new(kind, [.. attribute.ConstructorArguments.Where(a => a is { Kind: TypedConstantKind.Array, IsNull: false }).SelectMany(a => a.Values).Select(v => v.Value as string)]));
            }
        }

        return new(said.ToImmutable(), false);
    }
}
