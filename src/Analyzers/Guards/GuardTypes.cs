using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Guards;

/// <summary>The attributes that guard, and the types of the frameworks that decide whether they do; looked up once for each compilation.</summary>
internal sealed class GuardTypes
{
    /// <summary>The names of the attributes, without their suffix.</summary>
    public static readonly string[] Names = ["AgentScope", "UserOrAgentScope", "DenyAgents", "AgentStepUp"];

    // What ASP.NET Core runs without looking at its attributes, and what people call it.
    private static readonly (string Type, string Word)[] s_inert =
    [
        ("Microsoft.AspNetCore.Mvc.ViewComponent", "view component"),
        ("Microsoft.AspNetCore.Http.IMiddleware", "middleware"),
        ("Microsoft.AspNetCore.Http.IEndpointFilter", "endpoint filter"),
        ("Microsoft.AspNetCore.SignalR.IHubFilter", "hub filter"),
        ("Microsoft.AspNetCore.Mvc.Filters.IFilterMetadata", "filter"),
        ("Microsoft.Extensions.Hosting.IHostedService", "hosted service"),
        ("Microsoft.AspNetCore.Razor.TagHelpers.ITagHelper", "tag helper"),
        ("Microsoft.AspNetCore.Authorization.IAuthorizationHandler", "authorization handler"),
        ("Microsoft.AspNetCore.Authentication.IAuthenticationHandler", "authentication handler"),
        ("Microsoft.AspNetCore.Diagnostics.IExceptionHandler", "exception handler"),
        ("Microsoft.Extensions.Diagnostics.HealthChecks.IHealthCheck", "health check"),
        ("System.Attribute", "attribute"),
    ];

    // What they do with attributes and delegates is known.
    private static readonly string[] s_frameworks = ["System.", "Microsoft.AspNetCore", "Microsoft.Extensions.", "Microsoft.JSInterop", "Microsoft.EntityFrameworkCore"];

    private readonly List<(INamedTypeSymbol Type, string Word)> _inert = [];
    private readonly List<INamedTypeSymbol> _attributes = [];

    private GuardTypes(Compilation compilation)
    {
        Compilation = compilation;
        IsApplication = compilation.IsApplication();
        foreach (var name in Names)
        {
            if (compilation.GetTypeByMetadataName($"AgentAuth.{name}Attribute") is { } attribute)
            {
                _attributes.Add(attribute);
            }
        }

        foreach (var (name, word) in s_inert)
        {
            if (compilation.GetTypeByMetadataName(name) is { } type)
            {
                _inert.Add((type, word));
            }
        }

        RouteBuilder = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Routing.IEndpointRouteBuilder");
        Hub = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.SignalR.Hub");
        ConnectionHandler = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Connections.ConnectionHandler");
        ControllerBase = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.ControllerBase");
        PageModel = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.RazorPages.PageModel");
        PageBase = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.RazorPages.PageBase");
        RazorView = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.Razor.RazorPageBase");
        Component = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Components.IComponent");
        Disposable = compilation.GetTypeByMetadataName("System.IDisposable");
        IsClosed = IsApplication || !compilation.Assembly.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "InternalsVisibleToAttribute");
    }

    public Compilation Compilation { get; }

    /// <summary>True when nobody else can call into the compilation.</summary>
    public bool IsApplication { get; }

    /// <summary>True when what is internal stays in the compilation.</summary>
    public bool IsClosed { get; }

    public INamedTypeSymbol? RouteBuilder { get; }

    public INamedTypeSymbol? Hub { get; }

    public INamedTypeSymbol? ConnectionHandler { get; }

    public INamedTypeSymbol? ControllerBase { get; }

    public INamedTypeSymbol? PageModel { get; }

    public INamedTypeSymbol? PageBase { get; }

    public INamedTypeSymbol? RazorView { get; }

    public INamedTypeSymbol? Component { get; }

    public INamedTypeSymbol? Disposable { get; }

    /// <summary>The types of a compilation; null when it does not use the runtime.</summary>
    public static GuardTypes? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName("AgentAuth.DenyAgentsAttribute") is null ? null : new GuardTypes(compilation);

    /// <summary>Whether a type is one of the attributes.</summary>
    public bool IsGuard(ITypeSymbol? type) => type is not null && _attributes.Exists(attribute => SymbolEqualityComparer.Default.Equals(attribute, type));

    /// <summary>What ASP.NET Core uses a class for without looking at its attributes; null for nothing of the kind.</summary>
    public string? InertWordOf(INamedTypeSymbol type) => _inert.Where(known => Is(type, known.Type)).Select(known => known.Word).FirstOrDefault();

    /// <summary>Whether a type is, derives from or implements another.</summary>
    public static bool Is(ITypeSymbol type, INamedTypeSymbol? wanted)
    {
        if (wanted is { TypeKind: TypeKind.Interface })
        {
            return type.AllInterfaces.Contains(wanted, SymbolEqualityComparer.Default);
        }

        for (ITypeSymbol? current = type; current is not null && wanted is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, wanted))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an assembly is of .NET or ASP.NET Core, of which is known what they do with attributes and delegates.</summary>
    public static bool IsFramework(IAssemblySymbol? assembly) => assembly?.Name is { } name
        && (name is "System" or "mscorlib" or "netstandard" || s_frameworks.Any(framework => name.StartsWith(framework, StringComparison.Ordinal)));
}
