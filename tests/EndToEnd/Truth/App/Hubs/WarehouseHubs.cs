using Microsoft.AspNetCore.SignalR;

namespace Truth.App.Hubs;

/// <summary>Says it on the class.</summary>
[UserOrAgentScope(AgentScopes.StockRead)]
internal sealed class StockHub : Hub;

/// <summary>Leaves it to whoever maps it.</summary>
internal sealed class OrderHub : Hub
{
    public Task Watch() => Task.CompletedTask;
}

/// <summary>Says it on a method, which its calls are asked about and no request: the connection is the endpoint.</summary>
internal sealed class ReportHub : Hub
{
    [DenyAgents]
    public Task Watch() => Task.CompletedTask;
}

/// <summary>What a hub inherits.</summary>
[AllowAnonymous]
internal abstract class OpenHub : Hub;

/// <summary>Inherits it.</summary>
internal sealed class NewsHub : OpenHub;

/// <summary>Maps the hubs.</summary>
internal static class HubMapping
{
    public static void Map(WebApplication app)
    {
        app.MapHub<StockHub>("/e190/stock");
        app.MapHub<OrderHub>("/e191/orders").DenyAgents();
        app.MapHub<OrderHub>("/e192/orders");
        app.MapHub<ReportHub>("/e193/reports");
        app.MapHub<NewsHub>("/e194/news");
        app.MapGroup("/hubs").RequireAgentScope(AgentScopes.OrdersRead).MapHub<OrderHub>("/e195/orders");
    }
}
