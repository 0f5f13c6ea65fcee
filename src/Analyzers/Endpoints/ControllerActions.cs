using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>An action of a controller.</summary>
/// <param name="Controller">The controller, which may have inherited the action.</param>
/// <param name="Method">The method that runs.</param>
/// <param name="IsAttributeRouted">False when only a conventional route leads to it.</param>
/// <param name="Verbs">HTTP methods; empty when any.</param>
/// <param name="Route">The route as far as it is known.</param>
internal sealed record ControllerAction(INamedTypeSymbol Controller, IMethodSymbol Method, bool IsAttributeRouted, ImmutableArray<string> Verbs, string? Route);

/// <summary>Finds controllers and actions by the rules of ASP.NET Core: ControllerFeatureProvider and DefaultApplicationModelProvider.</summary>
internal static class ControllerActions
{
    private const string Suffix = "Controller";

    public static bool IsController(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Class, IsAbstract: false, IsStatic: false, IsGenericType: false, DeclaredAccessibility: Accessibility.Public, ContainingType: null }
        && !Has(type, "NonControllerAttribute")
        && (type.Name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) || Has(type, "ControllerAttribute"));

    public static IEnumerable<ControllerAction> Of(INamedTypeSymbol controller)
    {
        var prefix = BaseTypesAndSelf(controller).SelectMany(Templates).FirstOrDefault();
        var isRouted = prefix is not null;
        foreach (var method in Methods(controller))
        {
            var templates = Attributes(method).Where(IsRouteProvider).Select(TemplateOf).Where(template => template is not null).ToList();
            var route = templates.Count > 0 || isRouted ? RouteOf(controller, prefix, templates.FirstOrDefault()) : null;
            yield return new(controller, method, isRouted || templates.Count > 0, VerbsOf(method), route);
        }
    }

    private static IEnumerable<IMethodSymbol> Methods(INamedTypeSymbol controller)
    {
        var overridden = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var type in BaseTypesAndSelf(controller))
        {
            foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
            {
                if (method is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Public, IsStatic: false, IsGenericMethod: false } && !overridden.Contains(method.OriginalDefinition))
                {
                    var definition = method;
                    for (; definition.OverriddenMethod is { } above; definition = above)
                    {
                        overridden.Add(above.OriginalDefinition);
                    }

                    if (!method.IsAbstract && definition.ContainingType.SpecialType != SpecialType.System_Object && !IsDispose(method) && !Chain(method).Any(m => HasOwn(m, "NonActionAttribute")))
                    {
                        yield return method;
                    }
                }
            }
        }
    }

    private static bool IsDispose(IMethodSymbol method) =>
        method is { Name: "Dispose", Parameters.IsEmpty: true, ReturnsVoid: true } && method.ContainingType.AllInterfaces.Any(type => type.SpecialType == SpecialType.System_IDisposable);

    private static IEnumerable<IMethodSymbol> Chain(IMethodSymbol method)
    {
        for (var current = method; current is not null; current = current.OverriddenMethod)
        {
            yield return current;
        }
    }

    private static IEnumerable<AttributeData> Attributes(IMethodSymbol method) => Chain(method).SelectMany(m => m.GetAttributes());

    private static IEnumerable<INamedTypeSymbol> BaseTypesAndSelf(INamedTypeSymbol type)
    {
        for (var current = type; current is not null && current.SpecialType != SpecialType.System_Object; current = current.BaseType)
        {
            yield return current;
        }
    }

    private static IEnumerable<string> Templates(INamedTypeSymbol type) =>
        type.GetAttributes().Where(IsRouteProvider).Select(TemplateOf).OfType<string>();

    private static bool IsRouteProvider(AttributeData attribute) =>
        attribute.AttributeClass?.AllInterfaces.Any(type => type is { Name: "IRouteTemplateProvider", ContainingNamespace.Name: "Routing" }) == true;

    // [HttpGet("route")] · [AcceptVerbs("GET", Route = "route")]
    private static string? TemplateOf(AttributeData attribute) =>
        attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Primitive, Value: string template }, ..] ? template
        : attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Route").Value is { Kind: TypedConstantKind.Primitive, Value: string route } ? route
        : null;

    private static string RouteOf(INamedTypeSymbol controller, string? prefix, string? template)
    {
        var name = controller.Name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? controller.Name.Substring(0, controller.Name.Length - Suffix.Length) : controller.Name;
        var route = template is ['/' or '~', ..] ? template.TrimStart('~') : RouteReader.Join(prefix, template);
        return RouteReader.Join("", route.Replace("[controller]", name));
    }

    private static ImmutableArray<string> VerbsOf(IMethodSymbol method) =>
    [
        .. Attributes(method).SelectMany(attribute => attribute.AttributeClass?.Name switch
        {
            "HttpGetAttribute" => ["GET"],
            "HttpPostAttribute" => ["POST"],
            "HttpPutAttribute" => ["PUT"],
            "HttpDeleteAttribute" => ["DELETE"],
            "HttpPatchAttribute" => ["PATCH"],
            "HttpHeadAttribute" => ["HEAD"],
            "HttpOptionsAttribute" => ["OPTIONS"],
            "AcceptVerbsAttribute" => attribute.ConstructorArguments.SelectMany(a => a.Kind == TypedConstantKind.Array ? a.Values : [a]).Select(v => v.Value).OfType<string>().Select(v => v.ToUpperInvariant()),
            _ => Enumerable.Empty<string>(),
        }).Distinct(),
    ];

    private static bool Has(INamedTypeSymbol type, string attribute) => BaseTypesAndSelf(type).Any(current => HasOwn(current, attribute));

    private static bool HasOwn(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().Any(data => data.AttributeClass is { } type && type.Name == attribute && type.ContainingNamespace.ToDisplayString() == "Microsoft.AspNetCore.Mvc");
}
