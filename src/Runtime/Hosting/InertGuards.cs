using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using AgentAuth.Access;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewComponents;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;

namespace AgentAuth.Hosting;

/// <summary>
/// Finds attributes of ours where nothing reads them, as far as the endpoints lead there. Such a one reads like a guard and lets everybody in, so it
/// stops the start.
/// </summary>
/// <param name="viewComponents">Null where there are no views.</param>
internal sealed class InertGuards(IViewComponentDescriptorProvider? viewComponents)
{
    private const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>A sentence for each.</summary>
    /// <param name="endpoints">The app's, with its pages loaded.</param>
    public IEnumerable<string> In(IEnumerable<Endpoint> endpoints) =>
        endpoints.SelectMany(Of).Concat(OfViewComponents()).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Of(Endpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        var name = EndpointFindings.NameOf(endpoint);
        if (metadata.OfType<AgentStepUpAttribute>().Any(stepUp => stepUp.Required.IsEmpty))
        {
            yield return AsksForNothing($"The endpoint {name}");
        }

        if (metadata.Any(IsShortCircuit) && metadata.OfType<Attribute>().FirstOrDefault(IsGuard) is { } unread)
        {
            yield return $"The endpoint {name} has {Name(unread)} and ShortCircuit, which runs it before authorization, so it guards nothing. Take ShortCircuit away.";
        }

        var sentences = metadata.GetMetadata<CompiledPageActionDescriptor>() is { } page ? OfPage(page, metadata, name)
            : metadata.GetMetadata<ControllerActionDescriptor>() is { } action ? OfController(action.ControllerTypeInfo)
            : metadata.GetMetadata<HubMetadata>() is { } hub ? OfHub(hub.HubType)
            : metadata.GetMetadata<ComponentTypeMetadata>() is { } component ? OfComponent(component.Type)
            : metadata.GetMetadata<MethodInfo>() is { } handler ? OfHandler(handler, metadata, name)
            : [];
        foreach (var sentence in sentences)
        {
            yield return sentence;
        }
    }

    private static IEnumerable<string> OfPage(CompiledPageActionDescriptor page, EndpointMetadataCollection metadata, string name)
    {
        foreach (var type in new Type?[] { page.PageTypeInfo, page.ModelTypeInfo, page.HandlerTypeInfo }.OfType<Type>().Distinct())
        {
            foreach (var (guard, method) in OnMethods(type, static _ => false))
            {
                yield return $"The page {name} has {Name(guard)} on {Name(method)}, where Razor Pages reads no attributes, so it guards nothing. Put it on the page model, and what it guards on a page or endpoint of its own.";
            }

            foreach (var guard in Missing(type, metadata))
            {
                yield return $"The page {name} has {Name(guard)} on {type.Name}, where Razor Pages does not read it, so it guards nothing. Put it on the page with @attribute, or on a model that derives from PageModel.";
            }
        }
    }

    private static IEnumerable<string> OfController(Type type) =>
        OnMethods(type, IsAction).Select(found =>
            $"The controller {type.Name} has {Name(found.Guard)} on {Name(found.Method)}, which is no action, so it guards nothing. Put it on the action, or on the controller.");

    private static IEnumerable<string> OfHub(Type type)
    {
        // What the hub calls at its clients is declared in an interface of its own.
        Type[] clients = [.. BasesOf(type).Where(t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(Hub<>)).SelectMany(t => t.GetGenericArguments())];
        foreach (var (guard, method) in OnMethods(type, IsHubMethod).Concat(clients.SelectMany(client => OnMethods(client, static _ => false))))
        {
            yield return $"The hub {type.Name} has {Name(guard)} on {Name(method)}, which no client calls as the hub's method, so it guards nothing. Put it on a public method of the hub, or on the hub.";
        }

        foreach (var method in HubMethodsOf(type).Where(m => HubMethodAccess.Of(m).StepUps.Any(stepUp => stepUp.IsEmpty)))
        {
            yield return AsksForNothing($"The hub's method {Name(method)}");
        }
    }

    private static IEnumerable<string> OfComponent(Type type) =>
        OnMethods(type, static _ => false).Select(found =>
            $"The component {type.Name} has {Name(found.Guard)} on {Name(found.Method)}, where nothing reads it, so it guards nothing. Put it on the component.");

    private static IEnumerable<string> OfHandler(MethodInfo handler, EndpointMetadataCollection metadata, string name)
    {
        var type = handler.DeclaringType;
        while (type?.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) == true)
        {
            type = type.DeclaringType;
        }

        // The attributes of these are about other endpoints.
        if (type is null || Array.Exists([typeof(ControllerBase), typeof(PageModel), typeof(Hub), typeof(IComponent)], other => other.IsAssignableFrom(type)))
        {
            yield break;
        }

        foreach (var guard in Missing(type, metadata))
        {
            yield return $"The endpoint {name} is handled by {Name(handler)}. {Name(guard)} on the class {type.Name} is read by nothing, so it guards nothing. Put it on the method, on the endpoint or on its group.";
        }

        foreach (var (guard, method) in OnInterfaces(type).Where(found => IsImplementedBy(found.Method, handler) && !metadata.Any(m => IsSame(m, found.Guard))))
        {
            yield return $"The endpoint {name} is handled by {Name(handler)}. {Name(guard)} on {Name(method)} is read by nothing, so it guards nothing. Put it on the method that handles the endpoint.";
        }
    }

    private IEnumerable<string> OfViewComponents() =>
        from component in viewComponents?.GetViewComponents() ?? []
        let type = component.TypeInfo
        from guard in Guards(type, inherit: true).Concat(OnMethods(type, static _ => false).Select(found => found.Guard))
        select $"The view component {type.Name} has {Name(guard)}, which nothing reads, so it guards nothing. Put it on the pages and actions that show it.";

    /// <summary>The methods that clients can call.</summary>
    /// <param name="hub">A hub.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "MapHub keeps a hub's public methods. What is trimmed away guards nothing and calls nothing.")]
    public static IEnumerable<MethodInfo> HubMethodsOf(Type hub) => hub.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(IsHubMethod);

    private static bool IsHubMethod(MethodInfo method) =>
        !method.IsSpecialName && method.GetBaseDefinition().DeclaringType is { } type && type != typeof(object) && type != typeof(Hub);

    private static bool IsAction(MethodInfo method) =>
        !method.IsSpecialName && !method.IsDefined(typeof(NonActionAttribute), inherit: true) && method.GetBaseDefinition().DeclaringType != typeof(object);

    /// <summary>Guards on methods of a class, of its bases and of its interfaces that are not on a method that is read.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "What is trimmed away guards nothing and calls nothing.")]
    private static IEnumerable<(Attribute Guard, MethodInfo Method)> OnMethods(Type type, Func<MethodInfo, bool> isRead)
    {
        MethodInfo[] read = [.. type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(isRead)];
        return BasesOf(type)
            .SelectMany(OnOwnMethods)
            .Where(found => !Array.Exists(read, method => IsOrOverrides(method, found.Method)))
            .Concat(OnInterfaces(type).Where(found => !Array.Exists(
                read, method => IsImplementedBy(found.Method, method) && Guards(method, inherit: true).Any(guard => IsSame(guard, found.Guard)))));
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "What is trimmed away guards nothing.")]
    private static IEnumerable<(Attribute Guard, MethodInfo Method)> OnOwnMethods(Type type) =>
        type.GetMethods(Own).SelectMany(method => Guards(method, inherit: false).Select(guard => (guard, method)));

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "What is trimmed away guards nothing.")]
    private static IEnumerable<(Attribute Guard, MethodInfo Method)> OnInterfaces(Type type) => type.GetInterfaces().SelectMany(OnOwnMethods);

    private static IEnumerable<Type> BasesOf(Type type)
    {
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            yield return at;
        }
    }

    private static bool IsOrOverrides(MethodInfo method, MethodInfo other) =>
        method.HasSameMetadataDefinitionAs(other) || method.GetBaseDefinition().HasSameMetadataDefinitionAs(other.GetBaseDefinition());

    private static bool IsImplementedBy(MethodInfo promised, MethodInfo method) =>
        method.Name == promised.Name
        && method.GetParameters().Select(p => p.ParameterType).SequenceEqual(promised.GetParameters().Select(p => p.ParameterType));

    /// <summary>Guards of a class that its endpoint does not have.</summary>
    private static IEnumerable<Attribute> Missing(Type type, EndpointMetadataCollection metadata) =>
        Guards(type, inherit: true).Where(guard => !metadata.Any(m => IsSame(m, guard)));

    private static IEnumerable<Attribute> Guards(MemberInfo member, bool inherit) =>
        member.GetCustomAttributes(inherit).OfType<Attribute>().Where(IsGuard);

    private static bool IsGuard(Attribute attribute) => attribute is AgentScopeAttribute or UserOrAgentScopeAttribute or DenyAgentsAttribute or AgentStepUpAttribute;

    // Routing's own, which is not public.
    private static bool IsShortCircuit(object metadata) => metadata.GetType() is { Name: "ShortCircuitMetadata" } type && type.Assembly == typeof(RouteEndpoint).Assembly;

    private static bool IsSame(object one, Attribute other) => (one, other) switch
    {
        (AgentScopeAttribute a, AgentScopeAttribute b) => a.Scopes.SequenceEqual(b.Scopes, StringComparer.Ordinal),
        (UserOrAgentScopeAttribute a, UserOrAgentScopeAttribute b) => a.Scopes.SequenceEqual(b.Scopes, StringComparer.Ordinal),
        (AgentStepUpAttribute a, AgentStepUpAttribute b) =>
            a.MaxAge == b.MaxAge && a.Contexts.SequenceEqual(b.Contexts, StringComparer.Ordinal) && a.Methods.SequenceEqual(b.Methods, StringComparer.Ordinal),
        (DenyAgentsAttribute, DenyAgentsAttribute) => true,
        _ => false,
    };

    private static string AsksForNothing(string what) => $"{what} has [AgentStepUp] that asks for nothing. Give it MaxAge, Contexts or Methods, or remove it.";

    private static string Name(Attribute guard) => $"[{guard.GetType().Name[..^nameof(Attribute).Length]}]";

    private static string Name(MethodInfo method) => $"{method.DeclaringType?.Name}.{method.Name}";
}
