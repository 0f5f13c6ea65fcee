using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>What a call does with the builder that it is made on or given.</summary>
internal enum BuilderCall
{
    /// <summary>Nothing that matters here; what it returns is the same builder, or one below it.</summary>
    Neutral,

    /// <summary>Maps an endpoint.</summary>
    Endpoint,

    /// <summary>Maps endpoints that may say something by themselves, in a way that is not visible here.</summary>
    ForeignEndpoint,

    /// <summary>Maps the app's controllers.</summary>
    Controllers,

    /// <summary>Maps the app's Razor pages.</summary>
    Pages,

    /// <summary>Makes a group.</summary>
    Group,

    /// <summary>Says something about agents.</summary>
    Annotation,

    /// <summary>Adds objects as metadata.</summary>
    Metadata,

    /// <summary>A method of this compilation, whose body says what it does.</summary>
    Source,

    /// <summary>Anything may happen.</summary>
    Foreign,
}

/// <summary>Knows the methods that builders are given to.</summary>
internal sealed class BuilderCalls(EndpointTypes types)
{
    private const string Routing = "EndpointRouteBuilderExtensions";

    private static readonly string[] s_verbs = ["Map", "MapGet", "MapPost", "MapPut", "MapDelete", "MapPatch", "MapMethods", "MapFallback"];

    // By class and method: each maps one thing, and says nothing about agents.
    private static readonly HashSet<string> s_endpoints = new(StringComparer.Ordinal)
    {
        "FallbackEndpointRouteBuilderExtensions.MapFallback",
        "StaticFilesEndpointRouteBuilderExtensions.MapFallbackToFile",
        "HealthCheckEndpointRouteBuilderExtensions.MapHealthChecks",
        "HubEndpointRouteBuilderExtensions.MapHub",
        "ConnectionEndpointRouteBuilderExtensions.MapConnections",
        "ConnectionEndpointRouteBuilderExtensions.MapConnectionHandler",
        "OpenApiEndpointRouteBuilderExtensions.MapOpenApi",
        "ComponentEndpointRouteBuilderExtensions.MapBlazorHub",
        "IdentityApiEndpointRouteBuilderExtensions.MapIdentityApi",
        "RouteShortCircuitEndpointRouteBuilderExtensions.MapShortCircuit",
        "GrpcEndpointRouteBuilderExtensions.MapGrpcService",
        "McpEndpointRouteBuilderExtensions.MapMcp",
    };

    private static readonly HashSet<string> s_controllers = new(StringComparer.Ordinal)
    {
        "MapControllers", "MapControllerRoute", "MapDefaultControllerRoute", "MapAreaControllerRoute",
    };

    private readonly System.Collections.Concurrent.ConcurrentDictionary<IMethodSymbol, BuilderCall> _known = new(SymbolEqualityComparer.Default);

    public BuilderCall Classify(IMethodSymbol method) => _known.GetOrAdd(method.OriginalDefinition, Read);

    /// <summary>
    /// Whether a method of another assembly, neither ASP.NET Core's nor ours, maps endpoints that are nowhere in this compilation, such as Carter's
    /// <c>MapCarter</c> or what a library of endpoints offers. <see cref="BuilderCall.ForeignEndpoint"/> are endpoints of their own.
    /// </summary>
    public bool MapsElsewhere(IMethodSymbol method) =>
        Classify(method) is BuilderCall.Foreign or BuilderCall.Neutral
        && method.ContainingAssembly is { } assembly
        && !SymbolEqualityComparer.Default.Equals(assembly, types.Compilation.Assembly)
        && !assembly.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) && assembly.Name is not ("AgentAuth.Runtime" or "ModelContextProtocol.AspNetCore" or "Grpc.AspNetCore.Server")
        && (method.Name.StartsWith("Map", StringComparison.Ordinal) ? method.Parameters.Any(parameter => types.IsRouteBuilder(parameter.Type))
            : method.Name.StartsWith("Use", StringComparison.Ordinal) && method.Name.EndsWith("Endpoints", StringComparison.Ordinal) ? method.IsExtensionMethod
            : method.Parameters.Any(parameter => SymbolEqualityComparer.Default.Equals(parameter.Type, types.RouteBuilder)));

    private BuilderCall Read(IMethodSymbol method)
    {
        if (SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, types.Compilation.Assembly))
        {
            // MapAgentAuth: the protocol's own endpoints speak for themselves.
            return method is { Name: "MapAgentAuth", ContainingType.Name: "AgentAuthEndpointRouteBuilderExtensions" } ? BuilderCall.Neutral : BuilderCall.Source;
        }

        var owner = method.ContainingType?.Name;
        var assembly = method.ContainingAssembly?.Name ?? "";
        if (owner == "AgentAuthEndpointConventionBuilderExtensions")
        {
            return BuilderCall.Annotation;
        }

        // MapAgentAccess: it refuses agents by itself.
        if (owner == "AgentAccessEndpointRouteBuilderExtensions")
        {
            return BuilderCall.Neutral;
        }

        if (assembly.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || assembly is "ModelContextProtocol.AspNetCore" or "Grpc.AspNetCore.Server")
        {
            return Framework(method, owner);
        }

        if (method.Name.StartsWith("Map", StringComparison.Ordinal) && method.IsExtensionMethod
            && SymbolEqualityComparer.Default.Equals(method.Parameters[0].Type, types.RouteBuilder)
            && types.IsBuilder(method.ReturnType) && !types.IsRouteBuilder(method.ReturnType))
        {
            return BuilderCall.ForeignEndpoint;
        }

        return CanAnnotate(method.ContainingAssembly) ? BuilderCall.Foreign : BuilderCall.Neutral;
    }

    private static BuilderCall Framework(IMethodSymbol method, string? owner) => (owner, method.Name) switch
    {
        (Routing, "MapGroup") => BuilderCall.Group,
        (Routing, var name) when s_verbs.Contains(name) => BuilderCall.Endpoint,
        ("ControllerEndpointRouteBuilderExtensions", var name) when s_controllers.Contains(name) => BuilderCall.Controllers,
        ("RazorPagesEndpointRouteBuilderExtensions", "MapRazorPages") => BuilderCall.Pages,
        ("RazorComponentsEndpointRouteBuilderExtensions", "MapRazorComponents") => BuilderCall.ForeignEndpoint,
        ("ControllerEndpointRouteBuilderExtensions" or "RazorPagesEndpointRouteBuilderExtensions", var name) when name.StartsWith("MapFallback", StringComparison.Ordinal) => BuilderCall.ForeignEndpoint,
        (_, "AllowAnonymous") => BuilderCall.Annotation,
        (_, "WithMetadata" or "RequireAuthorization") => BuilderCall.Metadata,
        ("IEndpointConventionBuilder" or "RouteGroupBuilder" or "RouteHandlerBuilder", "Add" or "Finally") => BuilderCall.Foreign,
        (not null, _) when s_endpoints.Contains(owner + "." + method.Name) => BuilderCall.Endpoint,
        (_, "Add" or "Finally") => BuilderCall.Foreign,
        _ => BuilderCall.Neutral,
    };

    // A library that knows neither our attributes nor ASP.NET Core's cannot put one on an endpoint.
    private static bool CanAnnotate(IAssemblySymbol? assembly) =>
        assembly is null || assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference =>
            reference.Name == "AgentAuth.Runtime" || reference.Name.StartsWith("Microsoft.AspNetCore.Authorization", StringComparison.Ordinal) || reference.Name is "Microsoft.AspNetCore.Metadata"));
}
