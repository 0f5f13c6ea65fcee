using System.Security.Claims;
using AgentAuth.Discovery;
using AgentAuth.Refusals;
using AgentAuth.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentAuth.Access;

/// <summary>
/// Judges each call of a hub's method. SignalR itself reads nothing there but <c>[Authorize]</c>, and judges a connection once: a credential that was
/// revoked, expired or narrowed since, or a sign-in that has grown old, does not go on calling.
/// </summary>
internal sealed class AgentHubFilter(LiveCredentials credentials, CredentialWatch watch, AgentStepUpHandler stepUp, ServiceUrls urls, ILogger<AgentHubFilter> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var http = invocationContext.Context.GetHttpContext();
        var hub = http?.GetEndpoint() is { } endpoint ? HubMethodAccess.Of(endpoint) : HubMethodAccess.Of(invocationContext.Hub.GetType());
        var method = HubMethodAccess.Of(invocationContext.HubMethod);
        var user = invocationContext.Context.User;
        var identity = user?.Identities.OfType<AgentClaimsIdentity>().FirstOrDefault();
        var presented = http is null ? null : PresentedCredential.KeptOf(http);
        if (identity is null && (hub.AsksForSomething || method.AsksForSomething))
        {
            // Where everybody may connect, an agent is nobody until a method asks for something.
            if (presented?.Failure is not null || IsForeignCopyOfAgent(user))
            {
                throw new HubException(AccessRefusals.InvalidToken(urls).Message);
            }

            identity = presented?.Principal?.Identities.OfType<AgentClaimsIdentity>().FirstOrDefault();
        }

        if (identity is not null)
        {
            var agent = await FindAsync(identity, http, invocationContext.Context.ConnectionAborted);
            RefuseUnlessWelcome(agent.Agent, hub, method);

            // What the method sees is the credential as it is now, also where the connection is nobody's.
            invocationContext.Hub.Context = new AgentHubCallerContext(invocationContext.Context, new ClaimsPrincipal(agent));
        }
        else if (!hub.Admits(IsSignedIn(user)) || !method.Admits(IsSignedIn(user)))
        {
            throw new HubException(AccessRefusals.CredentialNeeded(urls).Message);
        }

        return await next(invocationContext);
    }

    private static bool IsSignedIn(ClaimsPrincipal? user) => user?.Identities.Any(i => i.IsAuthenticated) == true;

    // Whatever takes connections off our hands (Azure SignalR) sends claims along, and nothing by which a credential is found again.
    private static bool IsForeignCopyOfAgent(ClaimsPrincipal? user) => user?.HasClaim(claim => claim.Type == AgentClaimsIdentity.RegistrationClaim) == true;

    private async ValueTask<AgentClaimsIdentity> FindAsync(AgentClaimsIdentity identity, HttpContext? http, CancellationToken cancellationToken)
    {
        try
        {
            return await credentials.FindAsync(identity.Hash, http, cancellationToken) is { } credential
                ? new AgentClaimsIdentity(credential, identity.Hash, watch)
                : throw new HubException(AccessRefusals.InvalidToken(urls).Message);
        }
        catch (AgentAuthStorageException e)
        {
            CredentialLog.StoreUnavailable(logger, e);
            throw new HubException(Refusal.StorageUnavailable.Message);
        }
    }

    private void RefuseUnlessWelcome(AuthenticatedAgent agent, HubMethodAccess hub, HubMethodAccess method)
    {
        // An agent connects to a hub that asks for scopes, or to one that asks for nothing.
        if (hub.IsDenied || method.IsDenied || (hub.AsksForSomething && !hub.IsScoped) || (method.HasOwnPolicy && !method.IsScoped))
        {
            throw new HubException("This method is not open to agents, whatever scopes they hold.");
        }

        string[] scopes = [.. hub.Scopes.Union(method.Scopes, StringComparer.Ordinal)];
        if (!scopes.All(agent.Has))
        {
            throw new HubException(AccessRefusals.InsufficientScope(scopes).Message);
        }

        RequiredAuthentication[] required = [.. hub.StepUps, .. method.StepUps];
        if (!required.All(one => stepUp.IsMet(one, agent)))
        {
            throw new HubException(AccessRefusals.StepUpNeeded(
                required.Aggregate(default(RequiredAuthentication), RequiredAuthentication.Both)!).Message);
        }
    }
}

/// <summary>Puts the filter into the options of all hubs, from which each hub's own are copied. It is configured before any other, so it is the outermost.</summary>
internal sealed class AgentHubFilterSetup(AgentHubFilter filter) : IConfigureOptions<HubOptions>
{
    public void Configure(HubOptions options) => options.AddFilter(filter);
}
