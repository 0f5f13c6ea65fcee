using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>ASP.NET Core's methods on a pipeline, their types looked up once.</summary>
internal sealed class PipelineTypes
{
    private const string AspNetCore = "Microsoft.AspNetCore";

    private readonly INamedTypeSymbol? _pipeline;
    private readonly INamedTypeSymbol? _routing;
    private readonly INamedTypeSymbol? _authorization;
    private readonly INamedTypeSymbol? _run;
    private readonly INamedTypeSymbol? _app;
    private readonly INamedTypeSymbol? _appBuilder;

    public PipelineTypes(Compilation compilation)
    {
        _pipeline = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.IApplicationBuilder");
        _routing = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.EndpointRoutingApplicationBuilderExtensions");
        _authorization = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.AuthorizationAppBuilderExtensions");
        _run = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.RunExtensions");
        _app = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.WebApplication");
        _appBuilder = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.WebApplicationBuilder");
    }

    /// <summary>Whether a value is a pipeline.</summary>
    public bool IsPipeline(ITypeSymbol? type) => type is not null && (Same(type, _pipeline) || type.AllInterfaces.Any(one => Same(one, _pipeline)));

    /// <summary>Whether a value is a <c>WebApplication</c> fresh from its builder.</summary>
    public bool IsBuild(IOperation? value) =>
        value is IInvocationOperation { TargetMethod: { Name: "Build" or "Create" } method } && (Same(method.ContainingType, _appBuilder) || Same(method.ContainingType, _app));

    /// <summary>What a method does to the pipeline that it gets.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameter">The parameter through which it gets the pipeline; null when it is called on it.</param>
    public PipelineStepKind KindOf(IMethodSymbol method, IParameterSymbol? parameter) => method.Name switch
    {
        "UseRouting" when Same(method.ContainingType, _routing) => PipelineStepKind.Routing,
        "UseEndpoints" when Same(method.ContainingType, _routing) => PipelineStepKind.Endpoints,
        "UseAuthorization" when Same(method.ContainingType, _authorization) => PipelineStepKind.Authorization,
        "Run" when Same(method.ContainingType, _run) => PipelineStepKind.Terminal,

        // May add authorization: for some requests, or by the type of its middleware.
        "UseWhen" => PipelineStepKind.Unknown,
        "UseMiddleware" when method.TypeArguments is not [{ Name: var middleware }] || middleware.Contains("Authorization") => PipelineStepKind.Unknown,

        // As endpoints alone, an app has nothing that its order could change.
        _ when parameter is not null && !IsPipeline(parameter.Type) && parameter.Type.SpecialType != SpecialType.System_Object => PipelineStepKind.Other,
        _ => IsOfAspNetCore(method.ContainingAssembly) ? PipelineStepKind.Other : PipelineStepKind.Unknown,
    };

    private static bool IsOfAspNetCore(IAssemblySymbol? assembly) =>
        assembly is not null && (assembly.Name == AspNetCore || assembly.Name.StartsWith(AspNetCore + ".", StringComparison.Ordinal));

    private static bool Same(ITypeSymbol? type, INamedTypeSymbol? other) => other is not null && SymbolEqualityComparer.Default.Equals(type, other);
}
