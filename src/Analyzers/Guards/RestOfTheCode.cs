using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Guards;

/// <summary>What the rest of a compilation does with classes and methods, looked up only when a guard depends on it.</summary>
internal sealed class RestOfTheCode
{
    // Whoever writes one of these may look for attributes, or map methods, in a way of his own.
    private static readonly string[] s_reflection =
        ["CustomAttribute", "IsDefined(", "MethodInfo", "GetMethod(", "GetMethods(", "GetRuntimeMethod", "CreateDelegate", "DeclaredMethods", "Endpoint.Metadata", "EndpointMetadata"];

    private readonly GuardTypes _types;
    private readonly ClassRoles _roles;
    private readonly Lazy<List<INamedTypeSymbol>> _all;
    private readonly Lazy<bool> _reflects;

    public RestOfTheCode(GuardTypes types, ClassRoles roles, CancellationToken cancellationToken)
    {
        (_types, _roles) = (types, roles);
        _all = new(() => [.. TypesOf(types.Compilation.Assembly.GlobalNamespace)]);
        _reflects = new(() => types.Compilation.SyntaxTrees.Where(tree => !tree.FilePath.EndsWith(".g.cs", StringComparison.OrdinalIgnoreCase))
            .Select(tree => tree.GetText(cancellationToken).ToString())
            .Any(text => s_reflection.Any(word => text.IndexOf(word, StringComparison.Ordinal) >= 0)));
    }

    /// <summary>Whether a guard on a class does nothing.</summary>
    public bool IsInert(INamedTypeSymbol type) => IsSeen(type) && DerivedFrom(type).All(derived => _roles.Of(derived).Role is ClassRole.Plain or ClassRole.Inert or ClassRole.Component);

    /// <summary>Whether a guard on a method does nothing, given that the method is never mapped.</summary>
    public bool IsInert(IMethodSymbol method) => IsSeen(method)
        && (method.ContainingType is null
            || DerivedFrom(method.ContainingType).All(derived => _roles.Of(derived).Role is ClassRole.Plain or ClassRole.Inert or ClassRole.Component or ClassRole.PageComponent));

    /// <summary>Whether all that is done with a symbol is seen.</summary>
    public bool IsSeen(ISymbol symbol) => !_reflects.Value && (_types.IsApplication || (_types.IsClosed && !IsVisible(symbol)));

    private IEnumerable<INamedTypeSymbol> DerivedFrom(INamedTypeSymbol type) => type.IsSealed || type.IsStatic ? [] : _all.Value.Where(candidate => Derives(candidate, type));

    private static bool Derives(INamedTypeSymbol type, INamedTypeSymbol from)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, from.OriginalDefinition))
            {
                return true;
            }
        }

        return type.TypeKind != TypeKind.Interface && from.TypeKind == TypeKind.Interface && type.AllInterfaces.Any(face => SymbolEqualityComparer.Default.Equals(face.OriginalDefinition, from.OriginalDefinition));
    }

    private static bool IsVisible(ISymbol symbol)
    {
        for (var current = symbol; current is not null and not INamespaceSymbol; current = current.ContainingSymbol)
        {
            if (current.DeclaredAccessibility is Accessibility.Private or Accessibility.Internal or Accessibility.ProtectedAndInternal)
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container) => container.GetMembers().OfType<INamespaceOrTypeSymbol>()
        .SelectMany(member => member is INamedTypeSymbol type ? TypesOf(type).Prepend(type) : TypesOf(member));
}
