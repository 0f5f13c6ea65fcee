using Microsoft.AspNetCore.SignalR;

namespace AgentAuth.Access;

/// <summary>Closes an agent's connection to a hub, whatever its transport, when the credential that it was opened with ends. Filters every hub.</summary>
internal sealed class RevokedConnections : IHubFilter
{
    private static readonly object s_key = new();

    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var caller = context.Context;
        if (caller.User?.GetAgent() is { } agent)
        {
            // The connection holds both: over long polling the request that brought the agent is over at once.
            caller.Items[s_key] = (agent, agent.Revoked.Register(static state => ((HubCallerContext)state!).Abort(), caller));
        }

        return next(context);
    }

    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        if (context.Context.Items.Remove(s_key, out var kept))
        {
            (((AuthenticatedAgent, CancellationTokenRegistration))kept!).Item2.Unregister();
        }

        return next(context, exception);
    }
}
