using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>A Razor page.</summary>
/// <param name="Page">The class that the Razor compiler made; null when only the model is known, as while typing.</param>
/// <param name="Model">Its page model; null when the page has none.</param>
/// <param name="Path">The path that conventions name it by, such as <c>/Tickets/Edit</c>; null when it is not known.</param>
internal sealed record RazorPage(INamedTypeSymbol? Page, INamedTypeSymbol? Model, string? Path)
{
    private const string PageKind = "mvc.1.0.razor-page";
    private const string Root = "/Pages/";
    private const string Extension = ".cshtml";

    public static bool IsPageModel(ITypeSymbol type, EndpointTypes types)
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

    /// <summary>The pages of a compilation: the Razor compiler lists them as attributes of the assembly.</summary>
    public static IEnumerable<RazorPage> Of(EndpointTypes types)
    {
        foreach (var attribute in types.Compilation.Assembly.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == "RazorCompiledItemAttribute"
                && attribute.ConstructorArguments is [var type, var kind, var file]
                && type is { Kind: TypedConstantKind.Type, Value: INamedTypeSymbol page }
                && kind is { Kind: TypedConstantKind.Primitive, Value: PageKind }
                && file is { Kind: TypedConstantKind.Primitive, Value: string path })
            {
                var model = page.GetMembers("Model").OfType<IPropertySymbol>().FirstOrDefault()?.Type as INamedTypeSymbol;
                yield return new(page, model is not null && IsPageModel(model, types) ? model : null, PathOf(path));
            }
        }
    }

    /// <summary>Whether a convention may open the page to everybody; null when that is not known.</summary>
    public bool? IsOpenedBy(PageConvention convention) => (convention.Method, convention.Path, Path) switch
    {
        (_, null, _) or (_, _, null) => null,
        ("AllowAnonymousToPage", var page, var path) => string.Equals(page, path, StringComparison.OrdinalIgnoreCase),
        ("AllowAnonymousToFolder", var folder, var path) => path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase),
        _ => null,
    };

    private static string? PathOf(string file) =>
        file.StartsWith(Root, StringComparison.OrdinalIgnoreCase) && file.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
            ? file.Substring(Root.Length - 1, file.Length - Root.Length + 1 - Extension.Length)
            : null;
}

/// <summary>A convention that opens pages by their path.</summary>
/// <param name="Method">Its name, such as <c>AllowAnonymousToFolder</c>.</param>
/// <param name="Path">What it is given; null when that is no constant.</param>
internal sealed record PageConvention(string Method, string? Path);
