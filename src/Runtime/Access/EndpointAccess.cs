using AgentAuth.Trust;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticAssets;

namespace AgentAuth.Access;

/// <summary>What an endpoint says about agents.</summary>
internal enum AgentAccess
{
    /// <summary>Nothing: an agent gets 403.</summary>
    Unsaid,

    /// <summary>Agents with scopes.</summary>
    Scoped,

    /// <summary>Never agents.</summary>
    Denied,

    /// <summary>Everybody: <c>AllowAnonymous</c>.</summary>
    Open,

    /// <summary>Everybody whom the app's fallback policy lets in: a file of <c>MapStaticAssets</c> that asks for nothing itself.</summary>
    PublicFile,
}

/// <summary>Reads an endpoint's metadata.</summary>
internal static class EndpointAccess
{
    public static AgentAccess Of(Endpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        if (metadata.GetMetadata<DenyAgentsAttribute>() is not null)
        {
            return AgentAccess.Denied;
        }

        if (metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return AgentAccess.Open;
        }

        if (metadata.GetMetadata<AgentScopeAttribute>() is not null || metadata.GetMetadata<UserOrAgentScopeAttribute>() is not null)
        {
            return AgentAccess.Scoped;
        }

        return metadata.GetMetadata<StaticAssetDescriptor>() is not null && !AsksForSomething(metadata)
            ? AgentAccess.PublicFile
            : AgentAccess.Unsaid;
    }

    /// <summary>
    /// Whether a request that presents an agent credential, good or bad, goes on to the policy of its endpoint. Where agents are not welcome it goes on
    /// as nobody, or not at all.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="endpoint">Its endpoint.</param>
    /// <param name="isGood">Whether the credential is.</param>
    /// <param name="requirements">The endpoint's policy.</param>
    public static bool Admits(HttpContext context, Endpoint endpoint, bool isGood, IEnumerable<IAuthorizationRequirement> requirements) => Of(endpoint) switch
    {
        AgentAccess.Scoped => isGood,
        AgentAccess.Denied => false,

        // An error page is the end of a request that was judged, and the app's own policy about it is left to see nobody.
        _ when ReExecution.IsOne(context) => true,

        // An agent is there what anybody is, with a good credential or a bad one. Where the app's own fallback policy asks for more, it is no public file.
        AgentAccess.PublicFile => AgentGateRequirement.IsAlone(requirements),
        _ => false,
    };

    /// <summary>Every scope an agent needs there; empty when no scope would let it in.</summary>
    public static IReadOnlyCollection<string> ScopesOf(Endpoint? endpoint) =>
        endpoint is null || Of(endpoint) != AgentAccess.Scoped
            ? []
            : [.. endpoint.Metadata.GetOrderedMetadata<AgentScopeAttribute>().SelectMany(a => a.Scopes)
                .Concat(endpoint.Metadata.GetOrderedMetadata<UserOrAgentScopeAttribute>().SelectMany(a => a.Scopes))
                .Distinct(StringComparer.Ordinal)];

    /// <summary>All that an agent's user must have done to sign in there; null when it does not matter.</summary>
    public static RequiredAuthentication? AuthenticationOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetOrderedMetadata<AgentStepUpAttribute>().Select(a => a.Required).Aggregate(default(RequiredAuthentication), RequiredAuthentication.Both);

    // All that the authorization middleware makes a policy of.
    private static bool AsksForSomething(EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<IAuthorizeData>() is not null
        || metadata.GetMetadata<AuthorizationPolicy>() is not null
        || metadata.GetMetadata<IAuthorizationRequirementData>() is not null;
}
