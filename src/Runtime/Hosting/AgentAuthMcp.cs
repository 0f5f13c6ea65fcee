using System.ComponentModel;
using System.Security.Claims;
using AgentAuth.Access;
using AgentAuth.Discovery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Hosting;

/// <summary>
/// Judges calls of the tools, prompts and resources of an MCP server. Called by code that is generated beside <c>AddAgentAuth</c> where the project
/// references the MCP SDK: this assembly does not know it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AgentAuthMcp
{
    private readonly IHttpContextAccessor _http;
    private readonly AgentStepUpHandler _stepUp;
    private readonly ServiceUrls _urls;

    internal AgentAuthMcp(
        IHttpContextAccessor http, AgentStepUpHandler stepUp, ServiceUrls urls, Func<IServiceProvider, IEnumerable<KeyValuePair<string, IReadOnlyList<object>>>> offered)
    {
        _http = http;
        _stepUp = stepUp;
        _urls = urls;
        Offered = offered;
    }

    /// <summary>What the app's MCP server offers, for the check at the start.</summary>
    internal Func<IServiceProvider, IEnumerable<KeyValuePair<string, IReadOnlyList<object>>>> Offered { get; }

    /// <summary>Adds what judges. That it is there tells the check at the start that something does.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="offered">Names and metadata of all that the server offers.</param>
    public static void Add(IServiceCollection services, Func<IServiceProvider, IEnumerable<KeyValuePair<string, IReadOnlyList<object>>>> offered)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(offered);
        services.AddHttpContextAccessor();
        services.AddSingleton(provider => new AgentAuthMcp(
            provider.GetRequiredService<IHttpContextAccessor>(),
            provider.GetRequiredService<AgentStepUpHandler>(),
            provider.GetRequiredService<ServiceUrls>(),
            offered));
    }

    /// <summary>
    /// Lets an agent see what it lacks no more than a scope or a sign-in for, so that it can ask for that. For the policies that the SDK evaluates
    /// to make a list, and for no others.
    /// </summary>
    /// <param name="context">What is evaluated.</param>
    public static void ShowInList(AuthorizationHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.User.GetAgent() is null)
        {
            return;
        }

        foreach (var requirement in context.PendingRequirements.Where(r => r is AgentScopeRequirement or AgentStepUpRequirement).ToArray())
        {
            context.Succeed(requirement);
        }
    }

    /// <summary>Who sends a message. Asked for each message: a session outlives a credential.</summary>
    /// <param name="user">The message's principal, as the SDK has it.</param>
    public async ValueTask<AgentAuthMcpCaller> CallerAsync(ClaimsPrincipal? user) => new(await FindCallerAsync(user), _stepUp, _urls);

    private async ValueTask<McpCaller> FindCallerAsync(ClaimsPrincipal? user)
    {
        if (user?.Identities.OfType<AgentClaimsIdentity>().FirstOrDefault() is { } identity)
        {
            return new McpCaller(user.Identities.Count() == 1 ? user : new ClaimsPrincipal(identity), identity.Agent, null);
        }

        // At an endpoint that lets everybody in nobody has looked for an agent.
        if (RequestOf(user) is { } http)
        {
            var presented = await PresentedCredential.OfAsync(http);

            // A request that ended meanwhile may have become another one.
            if (ReferenceEquals(_http.HttpContext, http))
            {
                return presented.Succeeded
                    ? new McpCaller(presented.Principal, presented.Principal.GetAgent(), null)
                    : new McpCaller(user, null, presented.Failure?.Message);
            }
        }

        return new McpCaller(user, null, null);
    }

    // The request that brought the message. An old server-sent-events session answers in the one that opened it, and so does a session with an
    // execution context of its own: what came with those says nothing about this message.
    private HttpContext? RequestOf(ClaimsPrincipal? user) =>
        _http.HttpContext is { } http && HttpMethods.IsPost(http.Request.Method)
        && (user is null ? !http.User.Identities.Any(i => i.IsAuthenticated) : ReferenceEquals(http.User, user))
            ? http
            : null;
}

/// <summary>Who sends a message to an MCP server, and what they get. Made by <see cref="AgentAuthMcp"/> for generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AgentAuthMcpCaller
{
    private readonly McpCaller _caller;
    private readonly AgentStepUpHandler _stepUp;
    private readonly ServiceUrls _urls;

    internal AgentAuthMcpCaller(McpCaller caller, AgentStepUpHandler stepUp, ServiceUrls urls)
    {
        _caller = caller;
        _stepUp = stepUp;
        _urls = urls;
    }

    /// <summary>The principal that the message is to be judged by from here on.</summary>
    public ClaimsPrincipal? User => _caller.User;

    /// <summary>Whether something is in the list that is made for them.</summary>
    /// <param name="metadata">Its metadata.</param>
    public bool Sees(IReadOnlyList<object> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new McpAccess(metadata).AnswerTo(_caller, _stepUp) is McpAnswer.Allowed or McpAnswer.LacksScope or McpAnswer.LacksSignIn;
    }

    /// <summary>Whether something is to be answered as what is not there.</summary>
    /// <param name="metadata">Its metadata.</param>
    public bool Misses(IReadOnlyList<object> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new McpAccess(metadata).AnswerTo(_caller, _stepUp) == McpAnswer.Unknown;
    }

    /// <summary>Why they may not use it, in a sentence; null when they may.</summary>
    /// <param name="name">What it is and what it is called: <c>tool 'x'</c>.</param>
    /// <param name="metadata">Its metadata.</param>
    public string? Refusal(string name, IReadOnlyList<object> metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(metadata);
        var access = new McpAccess(metadata);
        return access.AnswerTo(_caller, _stepUp) switch
        {
            McpAnswer.Allowed => null,
            McpAnswer.LacksScope =>
                $"The credential lacks a scope: {string.Join(", ", access.Scopes)} is needed for the {name}. An unclaimed registration gains scopes when its user claims it.",
            McpAnswer.LacksSignIn =>
                $"The sign-in behind the credential is not enough for the {name}. Have the user sign in again at the provider, then register with an ID-JAG that has {access.Authentication}. The credential is good elsewhere.",
            McpAnswer.ForAgents =>
                $"The {name} is for agents with the scope {string.Join(", ", access.Scopes)}. {_urls.AuthMd} says how an agent registers for a credential.",
            McpAnswer.ForUsersOrAgents =>
                $"The {name} is for signed-in users, and for agents with the scope {string.Join(", ", access.Scopes)}. {_urls.AuthMd} says how an agent registers for a credential.",
            McpAnswer.CredentialRefused =>
                $"The agent credential of this request is refused: {_caller.Refusal} {_urls.AuthMd} says how an agent registers for another one.",
            _ => $"The {name} is not open to agents, whatever scopes they hold.",
        };
    }
}
