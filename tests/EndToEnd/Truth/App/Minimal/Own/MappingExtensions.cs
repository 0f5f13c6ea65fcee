namespace Truth.App.Minimal.Own;

/// <summary>Own extension methods that map.</summary>
internal static class MappingExtensions
{
    public static void MapCarts(this IEndpointRouteBuilder app) =>
        app.MapGet("/e125/carts", () => "ok").RequireAgentScope(AgentScopes.OrdersRead);

    public static void MapBaskets(this IEndpointRouteBuilder app)
    {
        app.MapGet("/e126/baskets", () => "ok");
        app.MapPost("/e170/baskets", () => "ok").AllowAnonymous();
    }

    public static void MapBoxes(this RouteGroupBuilder group)
    {
        group.MapGet("/e171/boxes", () => "ok");
        group.MapGroup("/open").MapGet("/e172/boxes", () => "ok");
    }

    /// <summary>A wrapper whose callers do as they like.</summary>
    public static RouteHandlerBuilder MapQuery(this IEndpointRouteBuilder app, string pattern, Delegate handler) =>
        app.MapGet(pattern, handler); // e129

    /// <summary>A wrapper that speaks for its callers.</summary>
    public static RouteHandlerBuilder MapClosedQuery(this IEndpointRouteBuilder app, string pattern, Delegate handler) =>
        app.MapGet(pattern, handler).DenyAgents(); // e130

    /// <summary>A wrapper whose callers all say something.</summary>
    public static RouteHandlerBuilder MapQueryForAll(this IEndpointRouteBuilder app, string pattern, Delegate handler) =>
        app.MapGet(pattern, handler); // e131

    /// <summary>The same endpoints for every entity.</summary>
    public static void MapCrud<TEntity>(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup($"/crud/{typeof(TEntity).Name}");
        group.MapGet("/e136/list", () => typeof(TEntity).Name).DenyAgents();
        group.MapPost("/e137/create", () => typeof(TEntity).Name);
    }

    public static TRoutes MapAny<TRoutes>(this TRoutes routes)
        where TRoutes : IEndpointRouteBuilder
    {
        routes.MapGet("/e138/any", () => "ok");
        return routes;
    }

    public static TRoutes MapAnyInside<TRoutes>(this TRoutes routes)
        where TRoutes : IEndpointRouteBuilder
    {
        routes.MapGet("/e173/any", () => "ok");
        return routes;
    }
}
