using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;

namespace AgentAuth.Access;

/// <summary>
/// Decides who a request that presents an agent credential is: the agent at an endpoint that asks for scopes, and nobody everywhere else, where no
/// endpoint is included.
/// </summary>
internal sealed class AgentPolicyEvaluator(IPolicyEvaluator inner) : IPolicyEvaluator
{
    private static readonly object s_judged = new();
    private static readonly object s_admitted = new();

    // Takes the place of an endpoint that refuses agents although it lets everybody in: ASP.NET Core asks nobody about AllowAnonymous.
    private static readonly Endpoint s_refusal = new(RefuseAsync, new EndpointMetadataCollection(new DenyAgentsAttribute()), "agents are refused");

    /// <summary>Whether authorization has looked at the endpoint of a request.</summary>
    public static bool HasJudged(HttpContext context) => IsOf(context, s_judged);

    /// <summary>
    /// Whether the authorization middleware has let a request through to its endpoint, by all that the endpoint asks for. A filter of MVC comes here too,
    /// and asks for less.
    /// </summary>
    public static bool HasAdmitted(HttpContext context) => IsOf(context, s_admitted);

    public async Task<AuthenticateResult> AuthenticateAsync(AuthorizationPolicy policy, HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is not null)
        {
            context.Items[s_judged] = endpoint;
        }

        var access = endpoint is null ? AgentAccess.Unsaid : EndpointAccess.Of(endpoint);
        if (access == AgentAccess.Scoped || (await PresentedCredential.OfAsync(context)).None)
        {
            return await inner.AuthenticateAsync(policy, context);
        }

        if (access == AgentAccess.Denied && endpoint!.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            context.SetEndpoint(s_refusal);
            context.Items[s_judged] = s_refusal;
        }

        context.User = PresentedCredential.Nobody;
        return AuthenticateResult.NoResult();
    }

    public async Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy, AuthenticateResult authenticationResult, HttpContext context, object? resource)
    {
        if (context.GetEndpoint() is { } endpoint && await PresentedCredential.OfAsync(context) is { None: false } presented
            && !EndpointAccess.Admits(context, endpoint, presented.Succeeded, policy.Requirements))
        {
            return presented.Succeeded ? PolicyAuthorizationResult.Forbid() : PolicyAuthorizationResult.Challenge();
        }

        var result = await inner.AuthorizeAsync(policy, authenticationResult, context, resource);
        if (result.Succeeded && resource is not FilterContext)
        {
            context.Items[s_admitted] = context.GetEndpoint();
        }

        return result;
    }

    private static bool IsOf(HttpContext context, object mark) =>
        context.Items.TryGetValue(mark, out var endpoint) && ReferenceEquals(endpoint, context.GetEndpoint());

    private static async Task RefuseAsync(HttpContext context)
    {
        var presented = await PresentedCredential.OfAsync(context);
        if (ReExecution.IsOne(context))
        {
            return;
        }

        await (presented.Succeeded
            ? context.ForbidAsync(AgentAuthDefaults.AuthenticationScheme)
            : context.ChallengeAsync(AgentAuthDefaults.AuthenticationScheme));
    }
}
