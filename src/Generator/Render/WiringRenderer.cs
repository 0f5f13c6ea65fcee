using AgentAuth.Generator.Model;

namespace AgentAuth.Generator.Render;

/// <summary>Renders <c>AddAgentAuth</c>, <c>MapAgentAuth</c> and the usings that make everything found.</summary>
internal static class WiringRenderer
{
    private const string OfThisProjectOnly = "[global::Microsoft.CodeAnalysis.Embedded]";

    public static string RenderAdd(string rootNamespace, bool hasMcpServers)
    {
        var code = new CSharpWriter();
        code.Line("// Where AddAuthentication and its like are found, so that no using is needed.");
        code.Line("namespace Microsoft.Extensions.DependencyInjection;");
        code.Line();
        code.Summary("Adds the services of auth.md.");
        code.Line(CSharpWriter.GeneratedCode);
        code.Line(OfThisProjectOnly);
        code.Open("internal static class AgentAuthServiceCollectionExtensions");
        code.Summary("Adds what MapAgentAuth and the annotated endpoints need. Settings come from the configuration section AgentAuth, then from here.");
        code.Line("/// <param name=\"services\">The app's services.</param>");
        code.Line("/// <param name=\"configure\">Settings in code; they win over configuration.</param>");
        code.Line("public static global::AgentAuth.AgentAuthBuilder AddAgentAuth(");
        code.Line("    this global::Microsoft.Extensions.DependencyInjection.IServiceCollection services,");
        code.Open("    global::System.Action<global::AgentAuth.AgentAuthOptions>? configure = null)");
        code.Line($"var agentAuth = global::AgentAuth.Hosting.AgentAuthServices.Add(services, global::{rootNamespace}.AgentAuthService.Manifest, configure);");
        if (hasMcpServers)
        {
            code.Line("AgentAuthMcpServers.Add(services);");
        }

        code.Line("return agentAuth;");
        code.Close();
        code.Close();
        if (hasMcpServers)
        {
            McpRenderer.Render(code);
        }

        return code.ToString();
    }

    public static string RenderMap(ServiceModel model, string rootNamespace)
    {
        var code = new CSharpWriter();
        code.Line("// Where MapGet and its like are found, so that no using is needed.");
        code.Line("namespace Microsoft.AspNetCore.Builder;");
        code.Line();
        code.Summary("Maps the endpoints of auth.md.");
        code.Line(CSharpWriter.GeneratedCode);
        code.Line(OfThisProjectOnly);
        code.Open("internal static class AgentAuthEndpointRouteBuilderExtensions");
        code.Summary("Maps discovery and the endpoints of the methods that auth.md enables.");
        code.Line("/// <param name=\"endpoints\">The app.</param>");
        code.Open("public static global::Microsoft.AspNetCore.Builder.IEndpointConventionBuilder MapAgentAuth(this global::Microsoft.AspNetCore.Routing.IEndpointRouteBuilder endpoints)");
        code.Line($"var agentAuth = global::AgentAuth.Hosting.AgentAuthEndpoints.For(endpoints, global::{rootNamespace}.AgentAuthService.Manifest);");
        code.Line("agentAuth.MapDiscovery();");
        if (model.Anonymous is not null || model.VerifiedEmail is not null || model.IdentityAssertion is not null)
        {
            code.Line("agentAuth.MapRegistration();");
        }

        if (model.HasClaims)
        {
            code.Line("agentAuth.MapClaims();");
        }

        if (model.IdentityAssertion is not null)
        {
            code.Line("agentAuth.MapRevocation();");
        }

        if (model.HasTokenEndpoint)
        {
            code.Line("agentAuth.MapOAuth();");
        }

        code.Line("return agentAuth;");
        code.Close();
        code.Close();
        return code.ToString();
    }

    /// <summary>The attribute that hides a type from other projects, also those that see internals; the compiler knows it by its name.</summary>
    public static string RenderEmbedded()
    {
        var code = new CSharpWriter();
        code.Line("// AddAgentAuth and MapAgentAuth of a project are its own: friends (InternalsVisibleTo) that have an auth.md too have theirs.");
        code.Line("// Other generators may add the same class: it is partial, as the compiler asks for.");
        code.Line("namespace Microsoft.CodeAnalysis;");
        code.Line();
        code.Line("internal sealed partial class EmbeddedAttribute : global::System.Attribute;");
        return code.ToString();
    }

    public static string RenderUsings(string rootNamespace)
    {
        var code = new CSharpWriter();
        code.Line("// AgentScopes and AddAgentAuth are found from top-level statements too. The package's Using item imports the namespace AgentAuth.");
        code.Line($"global using global::{rootNamespace};");
        return code.ToString();
    }
}
