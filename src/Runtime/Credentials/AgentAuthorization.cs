using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AgentAuth.Credentials;

/// <summary>Always met: it makes the authorization middleware look at endpoints that ask for nothing, so that agents can be refused there.</summary>
internal sealed class AgentGateRequirement : IAuthorizationRequirement
{
    /// <summary>True of a policy that asks nothing of anybody but agents.</summary>
    public static bool IsAlone(IEnumerable<IAuthorizationRequirement> requirements) => requirements.All(r => r is AgentGateRequirement);
}

/// <summary>
/// Decides about agents, whatever policy is being evaluated: ASP.NET Core asks every handler about every policy, and one refusal is final.
/// So an endpoint that says nothing about agents refuses them even where its own policy ("any signed-in user") would be content.
/// </summary>
internal sealed class AgentAuthorizationHandler : IAuthorizationHandler
{
    public async Task HandleAsync(AuthorizationHandlerContext context)
    {
        var agent = context.User.GetAgent();
        foreach (var requirement in context.PendingRequirements.ToArray())
        {
            if (requirement is AgentGateRequirement || (requirement is AgentScopeRequirement scopes && IsMet(scopes, agent, context)))
            {
                context.Succeed(requirement);
            }
        }

        if (context.Resource is HttpContext http && http.GetEndpoint() is { } endpoint)
        {
            if (IsPublicFile(context, endpoint))
            {
                return;
            }

            // The default scheme may be the app's own, so an agent need not be in context.User. The result is kept for the request.
            var presented = await PresentedCredential.OfAsync(http);
            if (presented.Failure is not null)
            {
                context.Fail(new AuthorizationFailureReason(this, "An agent credential was presented and refused."));
            }
            else if (presented.Succeeded)
            {
                RefuseUnlessWelcome(context, endpoint);
            }
        }
        else if (context.Resource is Endpoint bare && agent is not null)
        {
            // Apps can ask ASP.NET Core to pass the endpoint instead of the request.
            RefuseUnlessWelcome(context, bare);
        }
    }

    private void RefuseUnlessWelcome(AuthorizationHandlerContext context, Endpoint endpoint)
    {
        if (EndpointAccess.Of(endpoint) != AgentAccess.Scoped && !IsPublicFile(context, endpoint))
        {
            context.Fail(new AuthorizationFailureReason(this, "The endpoint does not say that agents may use it."));
        }
    }

    // An agent is there what anybody is, with a good credential or a bad one. Where the app's own fallback policy asks for more, it is no public file.
    private static bool IsPublicFile(AuthorizationHandlerContext context, Endpoint endpoint) =>
        EndpointAccess.Of(endpoint) == AgentAccess.PublicFile && AgentGateRequirement.IsAlone(context.Requirements);

    private static bool IsMet(AgentScopeRequirement requirement, Agent? agent, AuthorizationHandlerContext context) =>
        agent is not null
            ? requirement.Scopes.All(agent.Has)
            : requirement.AllowsUsers && context.User.Identities.Any(i => i.IsAuthenticated);
}

/// <summary>Registers the policies behind the attributes, and a gate on endpoints that have no policy at all.</summary>
internal sealed class AgentAuthorizationPolicies(IOptions<AuthenticationOptions> authentication)
    : IConfigureOptions<AuthorizationOptions>, IPostConfigureOptions<AuthorizationOptions>
{
    public void Configure(AuthorizationOptions options)
    {
        options.AddPolicy(AgentAuthDefaults.AgentPolicy, policy => policy
            .AddAuthenticationSchemes(AgentAuthDefaults.AuthenticationScheme)
            .RequireAuthenticatedUser());

        var users = authentication.Value.DefaultAuthenticateScheme ?? authentication.Value.DefaultScheme;
        options.AddPolicy(AgentAuthDefaults.UserOrAgentPolicy, policy => policy
            .AddAuthenticationSchemes(users is null or AgentAuthDefaults.AuthenticationScheme
                ? [AgentAuthDefaults.AuthenticationScheme]
                : [users, AgentAuthDefaults.AuthenticationScheme])
            .RequireAuthenticatedUser());
    }

    // Behind the app's own settings: a fallback policy of the app is kept and the gate added to it.
    public void PostConfigure(string? name, AuthorizationOptions options)
    {
        var gate = new AuthorizationPolicyBuilder().AddRequirements(new AgentGateRequirement()).Build();
        options.FallbackPolicy = options.FallbackPolicy is { } own ? AuthorizationPolicy.Combine(own, gate) : gate;
    }
}

/// <summary>Lets our scheme answer where an agent is concerned, and leaves the rest to whoever answered before.</summary>
internal sealed class AgentAuthorizationResultHandler(
    IAuthorizationMiddlewareResultHandler inner, IOptions<AuthenticationOptions> authentication) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        var presented = await PresentedCredential.OfAsync(context);
        var metadata = context.GetEndpoint()?.Metadata;
        if (presented.Succeeded)
        {
            await context.ForbidAsync(AgentAuthDefaults.AuthenticationScheme);
        }
        else if (presented.Failure is not null)
        {
            await context.ChallengeAsync(AgentAuthDefaults.AuthenticationScheme);
        }
        else if (metadata?.GetMetadata<UserOrAgentScopeAttribute>() is not null)
        {
            await AnswerUserAsync(context);
        }
        else if (metadata?.GetMetadata<AgentScopeAttribute>() is not null)
        {
            await context.ChallengeAsync(AgentAuthDefaults.AuthenticationScheme);
        }
        else
        {
            await inner.HandleAsync(next, context, policy, authorizeResult);
        }
    }

    // The policy names two schemes, and both answering at once would make a redirect with the body of a 401. A person with a browser gets the
    // app's own sign-in; whoever else comes without a credential is told how agents get one.
    private Task AnswerUserAsync(HttpContext context)
    {
        var options = authentication.Value;
        if (context.User.Identity?.IsAuthenticated == true)
        {
            return context.ForbidAsync(options.DefaultForbidScheme ?? options.DefaultScheme ?? AgentAuthDefaults.AuthenticationScheme);
        }

        var isBrowser = context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        return context.ChallengeAsync(isBrowser
            ? options.DefaultChallengeScheme ?? options.DefaultScheme ?? AgentAuthDefaults.AuthenticationScheme
            : AgentAuthDefaults.AuthenticationScheme);
    }
}

/// <summary>
/// Keeps the app's default scheme what it was. ASP.NET Core takes the only scheme there is as the default; ours beside the app's own would end
/// that, and the app's users would be signed out.
/// </summary>
internal sealed class AgentDefaultScheme : IPostConfigureOptions<AuthenticationOptions>
{
    public void PostConfigure(string? name, AuthenticationOptions options)
    {
        var others = options.Schemes.Where(s => s.Name != AgentAuthDefaults.AuthenticationScheme).ToArray();
        if (options.DefaultScheme is null && others.Length <= 1)
        {
            options.DefaultScheme = others.Length == 1 ? others[0].Name : AgentAuthDefaults.AuthenticationScheme;
        }
    }
}
