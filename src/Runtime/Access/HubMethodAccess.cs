using System.Reflection;
using System.Runtime.CompilerServices;
using AgentAuth.Trust;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Access;

/// <summary>
/// What a method of a hub, or the hub itself, says about agents. Attributes count as SignalR reads them: those of an overridden method too, those of
/// an interface not. <c>AllowAnonymous</c> on a method says nothing there, and it says nothing here.
/// </summary>
internal sealed class HubMethodAccess
{
    private static readonly ConditionalWeakTable<object, HubMethodAccess> s_known = [];

    private readonly bool _isForAgents;
    private readonly bool _isForUsersOrAgents;

    private HubMethodAccess(IReadOnlyCollection<object> metadata)
    {
        IsDenied = metadata.Any(m => m is DenyAgentsAttribute);
        _isForAgents = metadata.Any(m => m is AgentScopeAttribute);
        _isForUsersOrAgents = metadata.Any(m => m is UserOrAgentScopeAttribute);
        Scopes = [.. metadata.SelectMany(ScopesOf)];
        StepUps = [.. metadata.OfType<AgentStepUpAttribute>().Select(stepUp => stepUp.Required)];
        HasOwnPolicy = metadata.Any(m => m is (IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData)
            and not (AgentScopeAttribute or UserOrAgentScopeAttribute or AgentStepUpAttribute));
    }

    /// <summary>Agents never get in.</summary>
    public bool IsDenied { get; }

    /// <summary>It asks agents for scopes.</summary>
    public bool IsScoped => !IsDenied && (_isForAgents || _isForUsersOrAgents);

    /// <summary>It asks for something beside what it says about agents.</summary>
    public bool HasOwnPolicy { get; }

    /// <summary>It says something that a caller has to meet.</summary>
    public bool AsksForSomething => IsDenied || _isForAgents || _isForUsersOrAgents || HasOwnPolicy || StepUps.Count > 0;

    /// <summary>All of these are needed.</summary>
    public IReadOnlyCollection<string> Scopes { get; }

    /// <summary>Each of these is to be met.</summary>
    public IReadOnlyCollection<RequiredAuthentication> StepUps { get; }

    public static HubMethodAccess Of(MethodInfo method) =>
        s_known.GetValue(method, static key => new HubMethodAccess(((MethodInfo)key).GetCustomAttributes(inherit: true)));

    /// <summary>Of the endpoint where a hub is mapped, which has the attributes of its class. One that is open to everybody asks nobody for anything.</summary>
    public static HubMethodAccess Of(Endpoint endpoint) =>
        s_known.GetValue(endpoint, static key => new HubMethodAccess(EndpointAccess.Of((Endpoint)key) == AgentAccess.Open ? [] : ((Endpoint)key).Metadata));

    /// <summary>Of a hub that no endpoint maps: one that Kestrel hands its connections.</summary>
    public static HubMethodAccess Of(Type hub) => s_known.GetValue(
        hub, static key => Of(new Endpoint(requestDelegate: null, new EndpointMetadataCollection(((Type)key).GetCustomAttributes(inherit: true)), displayName: null)));

    /// <summary>Whether somebody who is no agent may.</summary>
    /// <param name="isSignedIn">The app knows them.</param>
    public bool Admits(bool isSignedIn) => !_isForAgents && (!_isForUsersOrAgents || isSignedIn);

    private static IEnumerable<string> ScopesOf(object metadata) => metadata switch
    {
        AgentScopeAttribute scope => scope.Scopes,
        UserOrAgentScopeAttribute scope => scope.Scopes,
        _ => [],
    };
}
