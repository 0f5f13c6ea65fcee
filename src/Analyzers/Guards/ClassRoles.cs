using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Guards;

/// <summary>What a class is for the frameworks that run code for requests.</summary>
internal enum ClassRole
{
    /// <summary>Nothing of the kind, and nobody else knows it.</summary>
    Plain,

    /// <summary>Something of another framework, or of a convention of the app's own: nobody can say what is done with its attributes.</summary>
    Foreign,

    /// <summary>A controller, or a class that may become one.</summary>
    Controller,

    /// <summary>A SignalR hub.</summary>
    Hub,

    /// <summary>A service of gRPC.</summary>
    Grpc,

    /// <summary>MCP tools, prompts or resources.</summary>
    Mcp,

    /// <summary>A page model, or the class of a Razor page.</summary>
    Page,

    /// <summary>A handler of raw connections, mapped by its type.</summary>
    Connection,

    /// <summary>A Blazor component with a route.</summary>
    PageComponent,

    /// <summary>A Blazor component without one.</summary>
    Component,

    /// <summary>Something that ASP.NET Core runs without looking at its attributes.</summary>
    Inert,
}

/// <summary>Tells what classes are, by the rules of the frameworks that look for them.</summary>
internal sealed class ClassRoles(GuardTypes types)
{
    private static readonly string[] s_mcp = ["McpServerToolTypeAttribute", "McpServerPromptTypeAttribute", "McpServerResourceTypeAttribute"];
    private static readonly string[] s_mcpMembers = ["McpServerToolAttribute", "McpServerPromptAttribute", "McpServerResourceAttribute"];

    private readonly System.Collections.Concurrent.ConcurrentDictionary<INamedTypeSymbol, (ClassRole, string)> _known = new(SymbolEqualityComparer.Default);

    /// <summary>The role of a class, and what people call it where it is inert.</summary>
    public (ClassRole Role, string Word) Of(INamedTypeSymbol type) => _known.GetOrAdd(type.OriginalDefinition, Read);

    /// <summary>Whether a method is an MCP tool, prompt or resource.</summary>
    public static bool IsMcpMember(IMethodSymbol method) => Has(method, s_mcpMembers);

    /// <summary>Whether something has attributes that another framework, or the app itself, may look for: those beside ours and the framework's.</summary>
    public bool HasForeignAttributes(ISymbol symbol) => symbol.GetAttributes().Any(attribute => attribute.AttributeClass is { } type
        && !types.IsGuard(type)
        && (!GuardTypes.IsFramework(type.ContainingAssembly)
            || type.Name is "ServiceContractAttribute" or "OperationContractAttribute"
            || type.AllInterfaces.Any(face => face.Name == "IRouteTemplateProvider")));

    private (ClassRole, string) Read(INamedTypeSymbol type)
    {
        if (GuardTypes.Is(type, types.Hub))
        {
            return (ClassRole.Hub, "");
        }

        if (GuardTypes.Is(type, types.PageModel) || GuardTypes.Is(type, types.PageBase) || HasInChain(type, "PageModelAttribute"))
        {
            return (ClassRole.Page, "");
        }

        if (HasInChain(type, "BindServiceMethodAttribute"))
        {
            return (ClassRole.Grpc, "");
        }

        if (GuardTypes.Is(type, types.ConnectionHandler))
        {
            return (ClassRole.Connection, "");
        }

        if (GuardTypes.Is(type, types.Component))
        {
            return (type.GetAttributes().Any(IsComponentRoute) ? ClassRole.PageComponent : ClassRole.Component, "");
        }

        if (!type.IsStatic && MayBeController(type))
        {
            return (ClassRole.Controller, "");
        }

        if (BaseTypesAndSelf(type).Any(IsMcp))
        {
            return (ClassRole.Mcp, "");
        }

        return InertWordOf(type) is { } word ? (ClassRole.Inert, word) : (IsForeign(type) ? ClassRole.Foreign : ClassRole.Plain, "");
    }

    // The many members of a framework's base class are no tools.
    private static bool IsMcp(INamedTypeSymbol type) =>
        !GuardTypes.IsFramework(type.ContainingAssembly) && (Has(type, s_mcp) || type.GetMembers().OfType<IMethodSymbol>().Any(IsMcpMember));

    // Wider than MVC's own rule: apps may look for internal or nested controllers too.
    private bool MayBeController(INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Class
        && !HasInChain(type, "NonControllerAttribute")
        && (GuardTypes.Is(type, types.ControllerBase)
            || type.Name.EndsWith("Controller", StringComparison.OrdinalIgnoreCase)
            || HasInChain(type, "ControllerAttribute") || HasInChain(type, "ApiControllerAttribute"));

    private string? InertWordOf(INamedTypeSymbol type) =>
        types.InertWordOf(type)
        ?? (GuardTypes.Is(type, types.RazorView) ? "view"
            : type.Name.EndsWith("ViewComponent", StringComparison.OrdinalIgnoreCase) || HasInChain(type, "ViewComponentAttribute") ? "view component"
            : IsMiddleware(type) ? "middleware"
            : null);

    // By convention: UseMiddleware<T>() hands the rest of the pipeline to the constructor.
    private static bool IsMiddleware(INamedTypeSymbol type) =>
        type.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => parameter.Type.Name == "RequestDelegate"))
        && type.GetMembers().OfType<IMethodSymbol>().Any(IsInvoke);

    private static bool IsInvoke(IMethodSymbol method) =>
        method is { Name: "Invoke" or "InvokeAsync", IsStatic: false, DeclaredAccessibility: Accessibility.Public } && method.Parameters.FirstOrDefault()?.Type.Name == "HttpContext";

    // Frameworks that find methods by their attributes may look at the class too.
    private bool IsForeign(INamedTypeSymbol type) =>
        BaseTypesAndSelf(type).Any(current => HasForeignAttributes(current) || !IsKnown(current.ContainingAssembly) || (IsOurs(current.ContainingAssembly) && current.GetMembers().OfType<IMethodSymbol>().Any(HasForeignAttributes)))
        || type.AllInterfaces.Any(face => !IsKnown(face.ContainingAssembly) || (IsOurs(face.ContainingAssembly) && !face.GetAttributes().IsEmpty));

    private bool IsKnown(IAssemblySymbol? assembly) => IsOurs(assembly) || GuardTypes.IsFramework(assembly);

    private bool IsOurs(IAssemblySymbol? assembly) => SymbolEqualityComparer.Default.Equals(assembly, types.Compilation.Assembly);

    private static bool IsComponentRoute(AttributeData attribute) => attribute.AttributeClass is { Name: "RouteAttribute", ContainingNamespace.Name: "Components" };

    private static bool HasInChain(INamedTypeSymbol type, string attribute) => BaseTypesAndSelf(type).Any(current => Has(current, [attribute]));

    private static bool Has(ISymbol symbol, string[] attributes) => symbol.GetAttributes().Any(data => data.AttributeClass is { } type && attributes.Contains(type.Name));

    private static IEnumerable<INamedTypeSymbol> BaseTypesAndSelf(INamedTypeSymbol type)
    {
        for (var current = type; current is not null && current.SpecialType != SpecialType.System_Object; current = current.BaseType)
        {
            yield return current;
        }
    }
}
