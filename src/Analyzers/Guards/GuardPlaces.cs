using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Guards;

/// <summary>Knows where guards are enforced, by the rules of the frameworks that would have to look. What is not known counts as enforced.</summary>
internal sealed class GuardPlaces(GuardTypes types, ClassRoles roles)
{
    private const string AtTheEndpoint = "Put it on the endpoints that it is about, or remove it";

    // They read the attributes of interfaces: gRPC from code.
    private static readonly string[] s_interfaceReaders = ["protobuf-net.Grpc", "ServiceModel.Grpc.Core", "ServiceModel.Grpc.AspNetCore"];

    /// <summary>A lambda that no call maps.</summary>
    public static GuardPlace Lambda { get; } = new("a lambda that is not mapped", "", AtTheEndpoint, GuardCondition.None);

    private readonly Lazy<bool> _readsInterfaces = new(() => types.Compilation.ReferencedAssemblyNames.Any(assembly => s_interfaceReaders.Contains(assembly.Name)));

    /// <summary>What is wrong with a guard on a class; null when nothing is.</summary>
    public GuardPlace? OfClass(INamedTypeSymbol type)
    {
        var (role, word) = roles.Of(type);
        return role switch
        {
            ClassRole.Inert => new($"the {word} {type.Name}", "it is no endpoint", word switch
            {
                "view component" => "Put it on the action, page model or page component that shows it",
                "view" => "Put it on the action that shows it",
                _ => AtTheEndpoint,
            }, GuardCondition.None),
            ClassRole.Component => new(
                $"the component {type.Name}", "it has no @page, so it is no endpoint", "Put it on the component with @page that shows it", GuardCondition.NotInherited),
            ClassRole.Plain => new(
                $"the class {type.Name}",
                "it is no controller, hub, page model or the like, and of a handler the attributes of the method count, not those of its class",
                "Put it on the methods that are mapped, or say it where they are mapped",
                type.IsStatic ? GuardCondition.None : GuardCondition.NotInherited),
            _ => null,
        };
    }

    /// <summary>What is wrong with a guard on a method; null when nothing is.</summary>
    public GuardPlace? OfMethod(IMethodSymbol method)
    {
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return new($"the local function {method.Name}", "it is not mapped", AtTheEndpoint, GuardCondition.NotMapped);
        }

        var type = method.ContainingType;
        var name = $"{type.Name}.{method.Name.Substring(method.Name.LastIndexOf('.') + 1)}";
        if (method.MethodKind is not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation))
        {
            return new($"an accessor or operator of {type.Name}", "no request runs it by itself", AtTheEndpoint, GuardCondition.None);
        }

        if (ClassRoles.IsMcpMember(method))
        {
            return null;
        }

        if (type.TypeKind == TypeKind.Interface && method.IsAbstract)
        {
            return OfInterface(method, type, name);
        }

        var (role, word) = roles.Of(type);
        return role switch
        {
            ClassRole.Page => OfPage(method, name),
            ClassRole.Hub => OfHub(method, name),
            ClassRole.Controller => IsAction(method)
                ? null
                : new($"{name}", "it is no action", "Put it on an action or on the controller", GuardCondition.NotMapped),
            ClassRole.Grpc => method.IsOverride && method.Parameters.LastOrDefault()?.Type.Name == "ServerCallContext"
                ? null
                : new(name, "it is no method of the gRPC service", "Put it on one, or on the class of the service", GuardCondition.NotMapped),
            ClassRole.Mcp => new(name, "it is no tool, prompt or resource", "Put it on one, or on their class", GuardCondition.NotMapped),
            ClassRole.Connection => new(name, "the connection is the endpoint", "Put it on the class", GuardCondition.NotMapped),
            ClassRole.Component or ClassRole.PageComponent => new(name, "a component's methods are no endpoints", "Put it on the component with @page", GuardCondition.NotMapped),
            ClassRole.Inert => new(
                $"{name} of the {word}", "it is no endpoint", AtTheEndpoint,
                method.IsOverride || method.Name is "Invoke" or "InvokeAsync" || ImplementsFramework(method) ? GuardCondition.None : Unless(method)),
            _ => IsForeign(method, role) ? null : new(name, "it is not mapped", AtTheEndpoint, Unless(method)),
        };
    }

    private bool IsForeign(IMethodSymbol method, ClassRole role) =>
        roles.HasForeignAttributes(method) || (role == ClassRole.Foreign && method.DeclaredAccessibility != Accessibility.Private);

    // Of a private method every use is seen.
    private static GuardCondition Unless(IMethodSymbol method) =>
        method.DeclaredAccessibility == Accessibility.Private && method.MethodKind == MethodKind.Ordinary ? GuardCondition.NotMapped : GuardCondition.MappedByNobody;

    // Handlers are chosen, and their models bound, after the request was let in.
    private static GuardPlace OfPage(IMethodSymbol method, string name) =>
        method is { IsStatic: false, DeclaredAccessibility: Accessibility.Public } && method.Name.StartsWith("On", StringComparison.Ordinal)
            ? new($"the Razor page handler {name}", "a page is let in or not before its handler is chosen", "Put it on the page model class, or make the handler a page of its own", GuardCondition.None)
            : new(name, "it is no page", "Put it on the page model class", GuardCondition.NotMapped);

    private GuardPlace? OfHub(IMethodSymbol method, string name)
    {
        if (IsOfHub(Root(method)))
        {
            return new(name, "no client calls it", "Put it on the hub, which whoever connects must pass, or on its methods", GuardCondition.None);
        }

        return method is { IsStatic: false, DeclaredAccessibility: Accessibility.Public } && !IsOfObject(Root(method))
            ? null
            : new(name, "no client can call it: hub methods are public and not static", "Put it on a hub method or on the hub", GuardCondition.NotMapped);
    }

    private bool IsOfHub(IMethodSymbol method) => GuardTypes.Is(method.ContainingType, types.Hub) && GuardTypes.IsFramework(method.ContainingAssembly);

    private GuardPlace? OfInterface(IMethodSymbol method, INamedTypeSymbol type, string name) =>
        _readsInterfaces.Value || roles.HasForeignAttributes(method) || !type.GetAttributes().IsEmpty || type.AllInterfaces.Any(face => !face.GetAttributes().IsEmpty)
            ? null
            : new($"{name} of an interface", "what implements it does not inherit its attributes", "Put it on what implements it", GuardCondition.NotReflected);

    // The rules of MVC: DefaultApplicationModelProvider.
    private bool IsAction(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Public, IsStatic: false, IsGenericMethod: false }
        && !IsOfObject(Root(method))
        && !(method is { Name: "Dispose", Parameters.IsEmpty: true, ReturnsVoid: true } && GuardTypes.Is(method.ContainingType, types.Disposable))
        && !Chain(method).Any(current => current.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "NonActionAttribute"));

    private static bool ImplementsFramework(IMethodSymbol method) => method.ContainingType.AllInterfaces
        .Where(face => GuardTypes.IsFramework(face.ContainingAssembly))
        .SelectMany(face => face.GetMembers().OfType<IMethodSymbol>())
        .Any(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));

    private static bool IsOfObject(IMethodSymbol method) => method.ContainingType.SpecialType == SpecialType.System_Object;

    private static IMethodSymbol Root(IMethodSymbol method) => Chain(method).Last();

    private static IEnumerable<IMethodSymbol> Chain(IMethodSymbol method)
    {
        for (var current = method; current is not null; current = current.OverriddenMethod)
        {
            yield return current;
        }
    }
}
