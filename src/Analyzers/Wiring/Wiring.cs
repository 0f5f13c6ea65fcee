using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>The methods by which a service is wired, their types looked up once.</summary>
internal sealed class Wiring
{
    private const string Runtime = "AgentAuth.Runtime";

    // Prefixes of assemblies by which a project is known to hold tests.
    private static readonly string[] s_testFrameworks = ["xunit.", "nunit.framework", "Microsoft.VisualStudio.TestPlatform.TestFramework", "MSTest.", "TUnit."];

    private readonly INamedTypeSymbol? _generatedAdd;
    private readonly INamedTypeSymbol? _generatedMap;
    private readonly INamedTypeSymbol? _services;
    private readonly INamedTypeSymbol? _endpoints;

    private Wiring(Compilation compilation)
    {
        _generatedAdd = compilation.GetTypeByMetadataName("Microsoft.Extensions.DependencyInjection.AgentAuthServiceCollectionExtensions");
        _generatedMap = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.AgentAuthEndpointRouteBuilderExtensions");
        _services = compilation.GetTypeByMetadataName("AgentAuth.Hosting.AgentAuthServices");
        _endpoints = compilation.GetTypeByMetadataName("AgentAuth.Hosting.AgentAuthEndpoints");
    }

    /// <summary>What there is to look at; null without the runtime or without a marked auth.md.</summary>
    public static Wiring? Of(Compilation compilation, AnalyzerOptions options) =>
        compilation.GetTypeByMetadataName("AgentAuth.AgentScopeAttribute") is not null && AuthMdFile.Find(options) is not null
            ? new Wiring(compilation)
            : null;

    /// <summary>Whether a compilation holds tests, which wire by halves and write expected values down on purpose.</summary>
    public static bool IsOfTests(Compilation compilation) => compilation.ReferencedAssemblyNames.Any(name =>
        s_testFrameworks.Any(framework => name.Name.StartsWith(framework, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether another assembly of the app knows the runtime and may wire it.</summary>
    public static bool IsSharedWithOthers(Compilation compilation) =>
        compilation.SourceModule.ReferencedAssemblySymbols.Any(assembly =>
            assembly.Modules.Any(module => module.ReferencedAssemblies.Any(name => name.Name == Runtime)));

    /// <summary>Whether a method is the generated <c>AddAgentAuth</c>, or what it calls.</summary>
    public bool IsAdd(IMethodSymbol method) => IsOf(method, "AddAgentAuth", _generatedAdd) || IsOf(method, "Add", _services);

    /// <summary>Whether a method is the generated <c>MapAgentAuth</c>, or what it calls.</summary>
    public bool IsMap(IMethodSymbol method) => IsOf(method, "MapAgentAuth", _generatedMap) || IsOf(method, "For", _endpoints);

    /// <summary>Whether a file declares the generated methods themselves.</summary>
    public bool IsDeclaredIn(SyntaxTree tree) => IsDeclaredIn(tree, _generatedAdd) || IsDeclaredIn(tree, _generatedMap);

    /// <summary>Where the name of the called method stands: in a chain, the whole call begins lines before.</summary>
    public static Location NameOf(IInvocationOperation call) => call.Syntax is InvocationExpressionSyntax
    {
        Expression: MemberAccessExpressionSyntax access,
    }
        ? access.Name.GetLocation()
        : call.Syntax.GetLocation();

    private static bool IsDeclaredIn(SyntaxTree tree, INamedTypeSymbol? type) => type?.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == tree) == true;

    private static bool IsOf(IMethodSymbol method, string name, INamedTypeSymbol? type) => method.Name == name && Same(method.ContainingType, type);

    private static bool Same(INamedTypeSymbol? type, INamedTypeSymbol? other) => other is not null && SymbolEqualityComparer.Default.Equals(type, other);
}
