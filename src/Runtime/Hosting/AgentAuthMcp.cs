using System.Collections.Frozen;
using System.ComponentModel;
using System.Security.Claims;
using AgentAuth.Access;
using AgentAuth.Discovery;
using AgentAuth.Refusals;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Hosting;

/// <summary>
/// Judges calls of the tools, prompts and resources of an MCP server. Called by code that is generated beside <c>AddAgentAuth</c> where the project
/// references the MCP SDK: this assembly does not know it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AgentAuthMcp : IMcpGate
{
    private readonly IHttpContextAccessor _http;
    private readonly AgentStepUpHandler _stepUp;
    private readonly ServiceUrls _urls;
    private readonly Challenge _challenge;
    private readonly WireProfile _profile;
    private readonly Lazy<FrozenDictionary<string, McpAccess>> _access;

    internal AgentAuthMcp(IHttpContextAccessor http, IServiceProvider services, Func<IServiceProvider, IEnumerable<KeyValuePair<string, IReadOnlyList<object>>>> offered)
    {
        _http = http;
        _stepUp = services.GetRequiredService<AgentStepUpHandler>();
        _urls = services.GetRequiredService<ServiceUrls>();
        _challenge = services.GetRequiredService<Challenge>();
        _profile = services.GetRequiredService<WireProfile>();
        _access = new(() => AccessOf(offered(services)));
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
        services.AddSingleton(provider => new AgentAuthMcp(provider.GetRequiredService<IHttpContextAccessor>(), provider, offered));
        services.AddSingleton<IMcpGate>(provider => provider.GetRequiredService<AgentAuthMcp>());
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

    /// <summary>
    /// Answers 403 with the challenge of RFC 6750 §3.1, from which MCP clients learn which scope to ask for, where the SDK could only put an error into an
    /// answer of 200. The filters behind judge each message again. An agent's stream ends with its credential.
    /// </summary>
    async Task IMcpGate.RunAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not { } endpoint || !IsMcp(endpoint) || context.User.GetAgent() is not { } agent)
        {
            await next(context);
            return;
        }

        if (HttpMethods.IsPost(context.Request.Method)
            && await McpMessage.ReadAsync(context.Request) is { } message
            && $"{message.Kind} '{message.Name}'" is var asked
            && _access.Value.TryGetValue(asked, out var access)
            && RefusalOf(asked, access, agent) is { } refusal)
        {
            context.User = PresentedCredential.Nobody;
            if (refusal.RequiredAuthentication is { } required)
            {
                _challenge.AddInsufficientUserAuthentication(context.Response, required);
            }
            else
            {
                _challenge.AddInsufficientScope(context.Response, ScopesOf(access, endpoint));
            }

            await _profile.WriteAsync(context.Response, refusal);
            return;
        }

        using var ended = agent.Revoked.UnsafeRegister(static request => ((HttpContext)request!).Abort(), context);
        await next(context);
    }

    // The SDK's endpoints answer with a stream of events; nothing else says which they are.
    private static bool IsMcp(Endpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
        .Any(produced => produced.ContentTypes.Contains("text/event-stream", StringComparer.OrdinalIgnoreCase));

    private Refusal? RefusalOf(string asked, McpAccess access, AuthenticatedAgent agent) => access.AnswerTo(new McpCaller(null, agent, null), _stepUp) switch
    {
        McpAnswer.LacksScope => AccessRefusals.InsufficientScope(access.Scopes) with { Message = AgentAuthMcpCaller.LacksScope(asked, access) },
        McpAnswer.LacksSignIn => AccessRefusals.StepUpNeeded(access.Authentication!) with { Message = AgentAuthMcpCaller.LacksSignIn(asked, access) },
        _ => null,
    };

    // With those of the endpoint: a client asks for what the challenge names, and for nothing else.
    private static string[] ScopesOf(McpAccess access, Endpoint endpoint) =>
        [.. EndpointAccess.ScopesOf(endpoint).Union(access.Scopes, StringComparer.Ordinal)];

    private static FrozenDictionary<string, McpAccess> AccessOf(IEnumerable<KeyValuePair<string, IReadOnlyList<object>>> offered)
    {
        var access = new Dictionary<string, McpAccess>(StringComparer.Ordinal);
        foreach (var (name, metadata) in offered)
        {
            access.TryAdd(name, new McpAccess(metadata));
        }

        return access.ToFrozenDictionary(StringComparer.Ordinal);
    }

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
            McpAnswer.LacksScope => LacksScope(name, access),
            McpAnswer.LacksSignIn => LacksSignIn(name, access),
            McpAnswer.ForAgents =>
                $"The {name} is for agents with the scope {string.Join(", ", access.Scopes)}. {_urls.AuthMd} says how an agent registers for a credential.",
            McpAnswer.ForUsersOrAgents =>
                $"The {name} is for signed-in users, and for agents with the scope {string.Join(", ", access.Scopes)}. {_urls.AuthMd} says how an agent registers for a credential.",
            McpAnswer.CredentialRefused =>
                $"The agent credential of this request is refused: {_caller.Refusal} {_urls.AuthMd} says how an agent registers for another one.",
            _ => $"The {name} is not open to agents, whatever scopes they hold.",
        };
    }

    internal static string LacksScope(string name, McpAccess access) =>
        $"The credential lacks a scope: {string.Join(", ", access.Scopes)} is needed for the {name}. An unclaimed registration gains scopes when its user claims it.";

    internal static string LacksSignIn(string name, McpAccess access) =>
        $"The sign-in behind the credential is not enough for the {name}. Have the user sign in again at the provider, then register with an ID-JAG that has {access.Authentication}. The credential is good elsewhere.";
}
