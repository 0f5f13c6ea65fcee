using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Finds the page models behind which there is a page.</summary>
internal static class RazorPageModels
{
    public static bool IsPageModel(INamedTypeSymbol type, EndpointTypes types)
    {
        for (var current = type.BaseType; current is not null && types.PageModel is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, types.PageModel))
            {
                return type is { TypeKind: TypeKind.Class, IsAbstract: false };
            }
        }

        return false;
    }

    /// <summary>The models that compiled pages name. The Razor compiler lists pages as attributes of the assembly.</summary>
    public static HashSet<ISymbol> InUse(Compilation compilation)
    {
        var models = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var attribute in compilation.Assembly.GetAttributes())
        {
            if (attribute is { AttributeClass.Name: "RazorCompiledItemAttribute", ConstructorArguments: [{ Value: INamedTypeSymbol page }, { Value: "mvc.1.0.razor-page" }, ..] }
                && page.GetMembers("Model").OfType<IPropertySymbol>().FirstOrDefault()?.Type is { } model)
            {
                models.Add(model);
            }
        }

        return models;
    }
}
