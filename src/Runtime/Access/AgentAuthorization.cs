using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentAuth.Access;

/// <summary>Always met: it makes the authorization middleware look at endpoints that ask for nothing, so that agents can be refused there.</summary>
internal sealed class AgentGateRequirement : IAuthorizationRequirement
{
    /// <summary>True of a policy that asks nothing of anybody but agents.</summary>
    public static bool IsAlone(IEnumerable<IAuthorizationRequirement> requirements) => requirements.All(r => r is AgentGateRequirement);

    /// <summary>As logs of refusals name it.</summary>
    public override string ToString() => "agents are asked about";
}

/// <summary>
/// Met only where the scopes are asked for as well. Whoever reads an attribute's policy and not its requirements (Blazor does so when it goes from page
/// to page) would let in every agent otherwise.
/// </summary>
/// <param name="AllowsUsers">True when the app's own signed-in user will do as well.</param>
internal sealed record ScopesAreAskedRequirement(bool AllowsUsers) : IAuthorizationRequirement
{
    /// <summary>As logs of refusals name it.</summary>
    public override string ToString() => $"agent scopes that the endpoint itself asks for{(AllowsUsers ? ", or a signed-in user" : "")}";
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
            if (IsMet(requirement, agent, context))
            {
                context.Succeed(requirement);
            }
        }

        if (context.Resource is HttpContext http && http.GetEndpoint() is { } endpoint)
        {
            var presented = await PresentedCredential.OfAsync(http);
            if (!presented.None && !EndpointAccess.Admits(http, endpoint, presented.Succeeded, context.Requirements))
            {
                context.Fail(new AuthorizationFailureReason(this, presented.Succeeded
                    ? "The endpoint does not say that agents may use it."
                    : "An agent credential was presented and refused."));
            }
        }
        else if (context.Resource is Endpoint bare && agent is not null)
        {
            // Apps can ask ASP.NET Core to pass the endpoint instead of the request.
            RefuseUnlessWelcome(context, bare);
        }
        else if (context.Resource is HubInvocationContext call && agent is not null && !HubMethodAccess.Of(call.HubMethod).IsScoped)
        {
            // A hub's method with a policy of its own; SignalR asks about nothing else.
            context.Fail(new AuthorizationFailureReason(this, "The hub's method does not say that agents may call it."));
        }
    }

    private void RefuseUnlessWelcome(AuthorizationHandlerContext context, Endpoint endpoint)
    {
        var access = EndpointAccess.Of(endpoint);
        if (access != AgentAccess.Scoped && !(access == AgentAccess.PublicFile && AgentGateRequirement.IsAlone(context.Requirements)))
        {
            context.Fail(new AuthorizationFailureReason(this, "The endpoint does not say that agents may use it."));
        }
    }

    private static bool IsMet(IAuthorizationRequirement requirement, AuthenticatedAgent? agent, AuthorizationHandlerContext context) => requirement switch
    {
        AgentGateRequirement => true,
        AgentScopeRequirement scopes => agent is null ? IsUser(scopes.AllowsUsers, context) : scopes.Scopes.All(agent.Has),
        ScopesAreAskedRequirement policy => agent is null ? IsUser(policy.AllowsUsers, context) : AreScopesAsked(context),
        _ => false,
    };

    private static bool IsUser(bool areWelcome, AuthorizationHandlerContext context) => areWelcome && context.User.Identities.Any(i => i.IsAuthenticated);

    // In the policy itself; or by the authorization middleware, behind which MVC's own filter makes a policy of the attributes alone.
    private static bool AreScopesAsked(AuthorizationHandlerContext context) =>
        context.Requirements.Any(r => r is AgentScopeRequirement)
        || (context.Resource is FilterContext { HttpContext: var http } && http.GetEndpoint() is { } endpoint && EndpointAccess.Of(endpoint) == AgentAccess.Scoped
            && AgentPolicyEvaluator.HasAdmitted(http));
}

/// <summary>Registers the policies behind the attributes, and a gate on endpoints that have no policy at all.</summary>
internal sealed class AgentAuthorizationPolicies(IOptions<AuthenticationOptions> authentication)
    : IConfigureOptions<AuthorizationOptions>, IPostConfigureOptions<AuthorizationOptions>
{
    public void Configure(AuthorizationOptions options)
    {
        options.AddPolicy(AgentAuthDefaults.AgentPolicy, policy => policy
            .AddAuthenticationSchemes(AgentAuthDefaults.AuthenticationScheme)
            .RequireAuthenticatedUser()
            .AddRequirements(new ScopesAreAskedRequirement(AllowsUsers: false)));

        var users = authentication.Value.DefaultAuthenticateScheme ?? authentication.Value.DefaultScheme;
        options.AddPolicy(AgentAuthDefaults.UserOrAgentPolicy, policy => policy
            .AddAuthenticationSchemes(users is null or NobodyHandler.SchemeName
                ? [AgentAuthDefaults.AuthenticationScheme]
                : [users, AgentAuthDefaults.AuthenticationScheme])
            .RequireAuthenticatedUser()
            .AddRequirements(new ScopesAreAskedRequirement(AllowsUsers: true)));
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
            await (context.RequestServices.GetService<IMcpGate>() is { } mcp ? mcp.RunAsync(context, next) : next(context));
            return;
        }

        var presented = await PresentedCredential.OfAsync(context);
        var metadata = context.GetEndpoint()?.Metadata;
        if (!presented.None)
        {
            await AnswerAgentAsync(context, presented.Succeeded);
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

    private static Task AnswerAgentAsync(HttpContext context, bool isGood)
    {
        // Who was refused is nobody to whatever looks at the request on its way back.
        context.User = PresentedCredential.Nobody;

        // The status of what went wrong stands; an error page that this caller may not see says no more about it.
        if (ReExecution.IsOne(context))
        {
            return Task.CompletedTask;
        }

        return isGood
            ? context.ForbidAsync(AgentAuthDefaults.AuthenticationScheme)
            : context.ChallengeAsync(AgentAuthDefaults.AuthenticationScheme);
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
/// that, and the app's users would be signed out. Ours is the default for answers only: it is never the scheme that finds out who calls where
/// nothing says so.
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

        if ((options.DefaultAuthenticateScheme ?? options.DefaultScheme) == AgentAuthDefaults.AuthenticationScheme)
        {
            options.AddScheme<NobodyHandler>(NobodyHandler.SchemeName, displayName: null);
            options.DefaultAuthenticateScheme = NobodyHandler.SchemeName;
        }
    }
}
