using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace AgentAuth.Access;

/// <summary>A caller as the connection has it, with the agent as it is now.</summary>
internal sealed class AgentHubCallerContext(HubCallerContext inner, ClaimsPrincipal user) : HubCallerContext
{
    public override string ConnectionId => inner.ConnectionId;

    public override string? UserIdentifier => inner.UserIdentifier;

    public override ClaimsPrincipal? User => user;

    public override IDictionary<object, object?> Items => inner.Items;

    public override IFeatureCollection Features => inner.Features;

    public override CancellationToken ConnectionAborted => inner.ConnectionAborted;

    public override void Abort() => inner.Abort();
}
