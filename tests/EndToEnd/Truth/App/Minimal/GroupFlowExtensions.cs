namespace Truth.App.Minimal;

/// <summary>Extension methods that give back what they mapped, or take what is to be mapped.</summary>
internal static class GroupFlowExtensions
{
    /// <summary>Hands the group to a lambda.</summary>
    public static RouteGroupBuilder MapAll(this RouteGroupBuilder group, Action<RouteGroupBuilder> map)
    {
        map(group);
        return group;
    }

    /// <summary>Returns the group; the caller annotates it.</summary>
    public static RouteGroupBuilder MapOrders(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/returned/orders");
        group.MapGet("/e116/orders", () => "ok");
        return group;
    }

    /// <summary>Returns the group; the caller does not care.</summary>
    public static RouteGroupBuilder MapInvoices(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/returned/invoices");
        group.MapGet("/e117/invoices", () => "ok");
        return group;
    }

    /// <summary>Returns the endpoint; the caller annotates it.</summary>
    public static IEndpointConventionBuilder MapPing(this IEndpointRouteBuilder app, string pattern) =>
        app.MapGet(pattern, () => "pong"); // e118

    /// <summary>Returns the endpoint; the caller does not care.</summary>
    public static RouteHandlerBuilder MapSilentPing(this IEndpointRouteBuilder app) => app.MapGet("/e119/ping", () => "pong");

    /// <summary>Maps two and returns the second.</summary>
    public static RouteHandlerBuilder MapPair(this IEndpointRouteBuilder app)
    {
        app.MapGet("/e120/first", () => "ok");
        return app.MapGet("/e121/second", () => "ok");
    }
}
