using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>The types that endpoints are made of, looked up once for each compilation.</summary>
internal sealed class EndpointTypes
{
    private readonly ConcurrentDictionary<ITypeSymbol, bool> _builders = new(SymbolEqualityComparer.Default);

    private EndpointTypes(Compilation compilation, INamedTypeSymbol agentScope, INamedTypeSymbol routeBuilder, INamedTypeSymbol conventionBuilder)
    {
        Compilation = compilation;
        AgentScope = agentScope;
        RouteBuilder = routeBuilder;
        ConventionBuilder = conventionBuilder;
        UserOrAgentScope = compilation.GetTypeByMetadataName("AgentAuth.UserOrAgentScopeAttribute");
        DenyAgents = compilation.GetTypeByMetadataName("AgentAuth.DenyAgentsAttribute");
        AllowAnonymous = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Authorization.IAllowAnonymous");
        WebApplication = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.WebApplication");
        MetadataProvider = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Http.Metadata.IEndpointMetadataProvider");
        ParameterMetadataProvider = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Http.Metadata.IEndpointParameterMetadataProvider");
        PageModel = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.RazorPages.PageModel");
        IsApplication = compilation.IsApplication();
    }

    public Compilation Compilation { get; }

    public INamedTypeSymbol AgentScope { get; }

    public INamedTypeSymbol? UserOrAgentScope { get; }

    public INamedTypeSymbol? DenyAgents { get; }

    public INamedTypeSymbol? AllowAnonymous { get; }

    public INamedTypeSymbol RouteBuilder { get; }

    public INamedTypeSymbol ConventionBuilder { get; }

    public INamedTypeSymbol? WebApplication { get; }

    public INamedTypeSymbol? MetadataProvider { get; }

    public INamedTypeSymbol? ParameterMetadataProvider { get; }

    public INamedTypeSymbol? PageModel { get; }

    /// <summary>True when nobody else can call into the compilation, so that what it does not do is not done.</summary>
    public bool IsApplication { get; }

    /// <summary>The types of a compilation; null when it does not use the runtime.</summary>
    public static EndpointTypes? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName("AgentAuth.AgentScopeAttribute") is { } agentScope
        && compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Routing.IEndpointRouteBuilder") is { } routeBuilder
        && compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.IEndpointConventionBuilder") is { } conventionBuilder
            ? new EndpointTypes(compilation, agentScope, routeBuilder, conventionBuilder)
            : null;

    /// <summary>Whether a type is what endpoints are mapped on, or what mapping gives.</summary>
    public bool IsBuilder(ITypeSymbol? type) => type switch
    {
        null or { TypeKind: TypeKind.Error or TypeKind.Dynamic or TypeKind.Enum or TypeKind.Delegate } => false,
        { SpecialType: not SpecialType.None } => false,
        _ => _builders.GetOrAdd(type, Reads),
    };

    /// <summary>Whether a type is something to map on.</summary>
    public bool IsRouteBuilder(ITypeSymbol? type) =>
        type is ITypeParameterSymbol parameter ? parameter.ConstraintTypes.Any(IsRouteBuilder) : type is not null && Is(type, RouteBuilder);

    /// <summary>Whether a type is the app itself, on which nothing has been said.</summary>
    public bool IsRoot(ITypeSymbol? type) => SymbolEqualityComparer.Default.Equals(type, WebApplication);

    private bool Reads(ITypeSymbol type) =>
        type is ITypeParameterSymbol parameter ? parameter.ConstraintTypes.Any(IsBuilder) : Is(type, RouteBuilder) || Is(type, ConventionBuilder);

    private static bool Is(ITypeSymbol type, INamedTypeSymbol wanted) =>
        SymbolEqualityComparer.Default.Equals(type, wanted) || type.AllInterfaces.Contains(wanted, SymbolEqualityComparer.Default);
}
