using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers;

/// <summary>Reads the routes of controllers' actions from their attributes.</summary>
internal sealed class ControllerRoutes(Compilation compilation)
{
    private const string HttpPrefix = "Http";
    private const string AttributeSuffix = "Attribute";

    private readonly INamedTypeSymbol? _controller = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.ControllerBase");
    private readonly INamedTypeSymbol? _httpMethod = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.Routing.HttpMethodAttribute");
    private readonly INamedTypeSymbol? _route = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.RouteAttribute");
    private readonly INamedTypeSymbol? _nonAction = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.NonActionAttribute");
    private readonly INamedTypeSymbol? _nonController = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.NonControllerAttribute");
    private readonly INamedTypeSymbol? _options = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.MvcOptions");

    /// <summary>Whether a property is the one through which an app changes the routes of all controllers.</summary>
    public bool IsConventions(IPropertySymbol property) => property.Name == "Conventions" && Same(property.ContainingType, _options);

    /// <summary>The routes of a method: pattern, HTTP method and attribute. Of none, when it is no action or anything else decides about it.</summary>
    public IEnumerable<(string Pattern, string Method, AttributeData Attribute)> Of(IMethodSymbol method)
    {
        var type = method.ContainingType;
        if (!IsController(type)
            || method is not { MethodKind: MethodKind.Ordinary, IsStatic: false, IsAbstract: false, DeclaredAccessibility: Accessibility.Public }
            || method.GetAttributes().Where(IsOfRouting).ToList() is not [{ AttributeClass: { } attribute, NamedArguments: var named } http]
            || !Same(attribute.BaseType, _httpMethod)
            || named.Any(argument => argument.Key == "Order"))
        {
            yield break;
        }

        var verb = attribute.Name.Substring(HttpPrefix.Length, attribute.Name.Length - HttpPrefix.Length - AttributeSuffix.Length).ToUpperInvariant();
        var own = TemplateOf(http);
        var isAbsolute = own is not null && (own.StartsWith("/", StringComparison.Ordinal) || own.StartsWith("~/", StringComparison.Ordinal));
        foreach (var template in isAbsolute ? [""] : Prefixes(type))
        {
            if (RouteReader.Plain(template) is { } prefix && RouteReader.Plain(own ?? "") is { } rest)
            {
                yield return (RouteReader.Join(prefix, rest), verb, http);
            }
        }
    }

    private bool IsController(INamedTypeSymbol type)
    {
        if (type is not { DeclaredAccessibility: Accessibility.Public, IsAbstract: false, IsGenericType: false, ContainingType: null })
        {
            return false;
        }

        var isController = false;
        for (var one = type; one is not null; one = one.BaseType)
        {
            isController |= Same(one, _controller);
            if (one.GetAttributes().Any(attribute => Same(attribute.AttributeClass, _nonController) || (IsOfRouting(attribute) && !IsPlainRoute(attribute))))
            {
                return false;
            }
        }

        return isController;
    }

    // Those of the class, or of the nearest one below it that has any; without any, an action has no pattern but its own.
    private List<string> Prefixes(INamedTypeSymbol type)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            var templates = one.GetAttributes().Where(IsPlainRoute).Select(attribute => TemplateOf(attribute)!).ToList();
            if (templates.Count > 0)
            {
                return templates;
            }
        }

        return [""];
    }

    private bool IsPlainRoute(AttributeData attribute) =>
        Same(attribute.AttributeClass, _route) && TemplateOf(attribute) is not null && !attribute.NamedArguments.Any(argument => argument.Key == "Order");

    // Whatever has a say in which request reaches an action: routes, methods, hosts, content types, versions.
    private bool IsOfRouting(AttributeData attribute) =>
        attribute.AttributeClass is { } type
        && (Same(type, _nonAction) || type.AllInterfaces.Any(one => one.Name is "IRouteTemplateProvider" or "IActionHttpMethodProvider" or "IActionConstraintMetadata" or "IHostMetadata" or "IApiVersionProvider"));

    private static string? TemplateOf(AttributeData attribute) =>
        attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Primitive, Value: string template }, ..] ? template : null;

    private static bool Same(ITypeSymbol? type, INamedTypeSymbol? other) => other is not null && SymbolEqualityComparer.Default.Equals(type, other);
}
