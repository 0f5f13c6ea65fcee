using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>Reads where endpoints are mapped, as far as the code proves it.</summary>
internal sealed class RouteReader(Compilation compilation)
{
    // An endpoint may be told apart by more than path and method; what is behind these is then anybody's guess.
    private static readonly string[] s_tellingApart = ["RequireHost", "WithOrder", "HasHeader", "MapToApiVersion", "HasApiVersion"];

    private readonly INamedTypeSymbol? _mapping = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions");
    private readonly INamedTypeSymbol? _controllers = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.ControllerEndpointRouteBuilderExtensions");
    private readonly INamedTypeSymbol? _routeBuilder = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Routing.IEndpointRouteBuilder");
    private readonly INamedTypeSymbol? _convention = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.IEndpointConventionBuilder");
    private readonly INamedTypeSymbol? _host = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Routing.HostAttribute");

    /// <summary>Whether a call is one of ASP.NET Core's that map one endpoint: <c>MapGet</c>, <c>MapMethods</c> and their like.</summary>
    public bool IsRoute(IMethodSymbol method) => Same(method.ContainingType, _mapping) && method.Name is "Map" or "MapGet" or "MapPost" or "MapMethods";

    /// <summary>Whether a call makes a group.</summary>
    public bool IsGroup(IMethodSymbol method) => Same(method.ContainingType, _mapping) && method.Name == "MapGroup";

    /// <summary>Whether a call maps the controllers.</summary>
    public bool IsControllers(IMethodSymbol method) => Same(method.ContainingType, _controllers) && method.Name.StartsWith("Map", StringComparison.Ordinal);

    /// <summary>Whether a type builds endpoints: the app, a group, or what a method gets to map on.</summary>
    public bool IsBuilder(ITypeSymbol? type) => type is not null && (Same(type, _routeBuilder) || type.AllInterfaces.Any(one => Same(one, _routeBuilder)));

    /// <summary>Whether an attribute tells endpoints apart by host.</summary>
    public bool IsHost(AttributeData attribute) => Same(attribute.AttributeClass, _host);

    /// <summary>Where a call maps; null when that is not certain, or when more than path and method tells the endpoint apart.</summary>
    /// <param name="call">A call whose receiver builds endpoints.</param>
    /// <param name="builder">What it is called on, or given.</param>
    /// <param name="containing">The member that is analysed.</param>
    public EndpointPlace? PlaceOf(IInvocationOperation call, IOperation? builder, ISymbol containing)
    {
        var owner = Operations.OwnerOf(call);
        if (builder is null
            || BuilderOf(builder, owner) is not var (variable, prefix)
            || !SymbolEqualityComparer.Default.Equals(variable.ContainingSymbol, Operations.SymbolOf(owner, containing))
            || !Operations.IsStraight(call, owner)
            || !HasPlainConventions(call)
            || owner.Descendants().Any(TellsApart))
        {
            return null;
        }

        var returns = owner.Descendants().Count(operation => operation is IReturnOperation
            && operation.Syntax.SpanStart < call.Syntax.SpanStart
            && Operations.OwnerOf(operation) == owner
            && !Operations.IsStraight(operation, owner));
        return new EndpointPlace(variable, prefix, returns);
    }

    /// <summary>The constant pattern of a route without slashes at its ends; null when it is none or has parameters.</summary>
    public static string? PatternOf(IInvocationOperation call) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name is "pattern" or "prefix")?.Value.ConstantValue is { HasValue: true, Value: string pattern }
            ? Plain(pattern)
            : null;

    /// <summary>A pattern without slashes at its ends; null when it has parameters.</summary>
    public static string? Plain(string pattern) =>
        pattern.IndexOfAny(['{', '[']) >= 0 ? null : (pattern.StartsWith("~/", StringComparison.Ordinal) ? pattern.Substring(1) : pattern).Trim('/');

    /// <summary>Two parts of a path, each without slashes at its ends.</summary>
    public static string Join(string prefix, string path) => prefix.Length == 0 ? path : path.Length == 0 ? prefix : prefix + "/" + path;

    /// <summary>The HTTP methods of a route: empty for every one of them, null when they are not certain.</summary>
    public static ImmutableArray<string>? MethodsOf(IInvocationOperation call)
    {
        switch (call.TargetMethod.Name)
        {
            case "Map":
                return [];
            case "MapGet":
                return ["GET"];
            case "MapPost":
                return ["POST"];
        }

        var elements = call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "httpMethods")?.Value is { } value
            ? Operations.Unwrapped(value) switch
            {
                IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
                ICollectionExpressionOperation collection => collection.Elements,
                _ => [],
            }
            : [];
        var methods = elements.Select(element => element.ConstantValue.Value as string).ToImmutableArray();
        return methods.IsEmpty || methods.Contains(null) ? null : [.. methods.Select(method => method!.ToUpperInvariant())];
    }

    // app · group · app.MapGroup("/x") · a local that holds one of these
    private (ISymbol Variable, string Prefix)? BuilderOf(IOperation builder, IOperation owner)
    {
        var value = Operations.Unwrapped(builder);
        if (Operations.VariableOf(value) is { } variable)
        {
            return variable is ILocalSymbol
                ? Operations.OnlyValueOf(variable, owner) switch
                {
                    null => null,
                    IInvocationOperation made when Operations.ReceiverOf(made) is { } receiver && IsBuilder(receiver.Type) => BuilderOf(made, owner),
                    var only => IsBuilder(only.Type) && Operations.VariableOf(only) is null ? (variable, "") : null,
                }
                : (variable, "");
        }

        if (value is not IInvocationOperation call || Operations.ReceiverOf(call) is not { } inner || BuilderOf(inner, owner) is not var (root, prefix))
        {
            return null;
        }

        if (call.TargetMethod.Name == "MapGroup" && Same(call.TargetMethod.ContainingType, _mapping))
        {
            return PatternOf(call) is { } pattern ? (root, Join(prefix, pattern)) : null;
        }

        return IsPlainConvention(call) ? (root, prefix) : null;
    }

    // app.MapGet(…).RequireAgentScope(…).WithName(…): a method of somebody else's may do anything to the endpoint.
    private static bool HasPlainConventions(IInvocationOperation call)
    {
        for (var next = Operations.NextOf(call); next is not null; next = Operations.NextOf(next))
        {
            if (!IsPlainConvention(next))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPlainConvention(IInvocationOperation call) =>
        call.TargetMethod.ContainingAssembly?.Name is { } name && (name == "AgentAuth.Runtime" || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    private bool TellsApart(IOperation operation) => operation switch
    {
        IInvocationOperation call => s_tellingApart.Contains(call.TargetMethod.Name) || Same(call.TargetMethod.ContainingType, _convention),
        IObjectCreationOperation creation => Same(creation.Type, _host),
        IAnonymousFunctionOperation lambda => lambda.Symbol.GetAttributes().Any(IsHost),
        IMethodReferenceOperation reference => reference.Method.GetAttributes().Any(IsHost),
        _ => false,
    };

    private static bool Same(ITypeSymbol? type, INamedTypeSymbol? other) => other is not null && SymbolEqualityComparer.Default.Equals(type, other);
}
