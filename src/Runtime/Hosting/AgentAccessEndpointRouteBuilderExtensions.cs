using AgentAuth;
using AgentAuth.Wire.Http;
using AgentAuth.Wire.Operators;
using AgentAuth.Wire.V01;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

// Where MapAgentAuth is found, so that no using is needed.
namespace Microsoft.AspNetCore.Builder;

/// <summary>The operator's endpoints.</summary>
public static class AgentAccessEndpointRouteBuilderExtensions
{
    private const string Open =
        "MapAgentAccess has no authorization: whoever finds it could end every agent's access. Say who may: app.MapAgentAccess(\"/admin/agents\").RequireAuthorization(\"admin\"), without AllowAnonymous.";

    /// <summary>
    /// Maps <c>GET pattern</c>, which lists registrations, and <c>POST pattern/revoke</c>, which ends access; see <see cref="IAgentAccess"/> and
    /// docs/operating.md. Agents are refused whatever they hold. People need the policy that the app puts on what is returned, or on a group
    /// around it: without one, or with <c>AllowAnonymous</c>, the endpoints are never made and the service does not start.
    /// </summary>
    /// <param name="endpoints">The app or a group.</param>
    /// <param name="pattern">Where, for example <c>/admin/agents</c>.</param>
    /// <returns>The endpoints, to be given a policy.</returns>
    /// <exception cref="InvalidOperationException"><c>AddAgentAuth</c> was not called.</exception>
    public static IEndpointConventionBuilder MapAgentAccess(this IEndpointRouteBuilder endpoints, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(IAgentAccess)) != true)
        {
            throw new InvalidOperationException("MapAgentAccess needs the services: call builder.Services.AddAgentAuth() before builder.Build().");
        }

        var group = endpoints.MapGroup(pattern);
        group.MapGet("", ProtocolEndpoint.Operation(V01Profile.Instance, "agent list", context => Get(context).ListAsync(context))).WithDisplayName("auth.md agent list");
        group.MapPost("revoke", ProtocolEndpoint.Operation(V01Profile.Instance, "agent revocation", context => Get(context).RevokeAsync(context))).WithDisplayName("auth.md agent revocation");
        group.DenyAgents();
        group.WithMetadata(PrivateAnswers.Instance);

        // Last of all, when everybody has said what they say about it.
        ((IEndpointConventionBuilder)group).Finally(RefuseToBeOpen);
        return group;
    }

    private static AccessEndpoints Get(HttpContext context) => context.RequestServices.GetRequiredService<AccessEndpoints>();

    private static void RefuseToBeOpen(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.Any(m => m is IAllowAnonymous)
            || !endpoint.Metadata.Any(m => m is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData))
        {
            throw new AgentAuthConfigurationException([Open]);
        }
    }
}
