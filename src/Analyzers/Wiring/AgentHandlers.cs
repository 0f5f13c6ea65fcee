using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>Finds the code that runs only for agents with a scope.</summary>
internal sealed class AgentHandlers(Compilation compilation)
{
    private readonly INamedTypeSymbol? _scope = compilation.GetTypeByMetadataName("AgentAuth.AgentScopeAttribute");
    private readonly INamedTypeSymbol? _userOrScope = compilation.GetTypeByMetadataName("AgentAuth.UserOrAgentScopeAttribute");
    private readonly INamedTypeSymbol? _anonymous = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Authorization.IAllowAnonymous");
    private readonly INamedTypeSymbol? _conventions = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.AgentAuthEndpointConventionBuilderExtensions");
    private readonly INamedTypeSymbol? _mapping = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions");
    private readonly INamedTypeSymbol? _controller = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.ControllerBase");

    /// <summary>Whether a method is a handler by its own attribute, or an action of a controller that has it.</summary>
    public bool IsByAttribute(IMethodSymbol method)
    {
        var attributes = method.GetAttributes();
        if (IsAction(method))
        {
            for (var type = method.ContainingType; type is not null; type = type.BaseType)
            {
                attributes = attributes.AddRange(type.GetAttributes());
            }
        }

        return IsForAgents(attributes, said: false);
    }

    /// <summary>The body of the handler that a call maps; null when it maps none, or one that is elsewhere.</summary>
    public IOperation? BodyOf(IInvocationOperation call) => HandlerOf(call) switch
    {
        IAnonymousFunctionOperation lambda => lambda.Body,
        IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } function } => LocalFunction(call, function),
        IMethodReferenceOperation { Method: var method } => Method(call, method),
        _ => null,
    };

    /// <summary>Whether a call maps its handler for agents with a scope, and for nobody else.</summary>
    public bool IsForAgents(IInvocationOperation call) =>
        ((HandlerOf(call) as IAnonymousFunctionOperation)?.Symbol ?? (HandlerOf(call) as IMethodReferenceOperation)?.Method) is { } method
        && IsForAgents(method.GetAttributes(), Says(call));

    private IOperation? HandlerOf(IInvocationOperation call)
    {
        if (!Same(call.TargetMethod.ContainingType, _mapping)
            || call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name is "handler" or "requestDelegate")?.Value is not { } value)
        {
            return null;
        }

        return Operations.Unwrapped(value) is IDelegateCreationOperation creation ? creation.Target : Operations.Unwrapped(value);
    }

    // RequireAgentScope, on the endpoint or a group around it; null when something lets others in.
    private bool? Says(IInvocationOperation call)
    {
        var said = false;
        var conventions = new List<IInvocationOperation>();
        for (var next = Operations.NextOf(call); next is not null; next = Operations.NextOf(next))
        {
            conventions.Add(next);
        }

        var owner = Operations.OwnerOf(call);
        for (var builder = Operations.ReceiverOf(call); builder is not null;)
        {
            if (builder is IInvocationOperation outer)
            {
                conventions.Add(outer);
                builder = Operations.ReceiverOf(outer);
            }
            else
            {
                builder = builder is ILocalReferenceOperation local ? Operations.OnlyValueOf(local.Local, owner) : null;
            }
        }

        foreach (var convention in conventions.Select(convention => convention.TargetMethod))
        {
            if (convention.Name == "AllowAnonymous" || (convention.Name == "RequireUserOrAgentScope" && Same(convention.ContainingType, _conventions)))
            {
                return null;
            }

            said |= convention.Name == "RequireAgentScope" && Same(convention.ContainingType, _conventions);
        }

        return said;
    }

    private bool IsForAgents(ImmutableArray<AttributeData> attributes, bool? said) =>
        said is { } byCall
        && (byCall || attributes.Any(attribute => Same(attribute.AttributeClass, _scope)))
        && !attributes.Any(attribute => Same(attribute.AttributeClass, _userOrScope) || attribute.AttributeClass?.AllInterfaces.Any(one => Same(one, _anonymous)) == true);

    private bool IsAction(IMethodSymbol method)
    {
        for (var type = method.ContainingType?.BaseType; type is not null && method is { IsStatic: false, DeclaredAccessibility: Accessibility.Public }; type = type.BaseType)
        {
            if (Same(type, _controller))
            {
                return true;
            }
        }

        return false;
    }

    private static IOperation? LocalFunction(IOperation call, IMethodSymbol function)
    {
        var root = call;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return root.Descendants().OfType<ILocalFunctionOperation>().FirstOrDefault(local => SymbolEqualityComparer.Default.Equals(local.Symbol, function));
    }

    // In another file it has another semantic model, which an analyzer that looks at this one does not get.
    private static IOperation? Method(IOperation call, IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.FirstOrDefault(reference => reference.SyntaxTree == call.Syntax.SyntaxTree) is { } declaration
            ? call.SemanticModel?.GetOperation(declaration.GetSyntax())
            : null;

    private static bool Same(ITypeSymbol? type, INamedTypeSymbol? other) => other is not null && SymbolEqualityComparer.Default.Equals(type, other);
}
