namespace Truth.App.Minimal;

/// <summary>Groups that leave the method that makes them, or come from elsewhere.</summary>
internal static class GroupFlow
{
    public static void Map(WebApplication app)
    {
        Closed(app).MapGet("/e105/returned", () => "ok");
        Silent(app).MapGet("/e106/returned", () => "ok");

        MapInto(app.MapGroup("/into").AllowAnonymous());
        MapIntoSilent(app.MapGroup("/into-silent"));

        var group = app.MapGroup("/given-away");
        group.MapGet("/e109/closed-elsewhere", () => "ok");
        Close(group);

        // One method, two callers, and only one of them says something.
        MapTwice(app.MapGroup("/twice/closed").DenyAgents());
        MapTwice(app.MapGroup("/twice/silent"));

        new Area(app).Map();

        var (open, silent) = Split(app);
        open.MapGet("/e113/open", () => "ok");
        silent.MapGet("/e165/silent", () => "ok");

        app.MapGroup("/all/closed").DenyAgents().MapAll(all => all.MapGet("/e114/all", () => "ok"));
        app.MapGroup("/all/silent").MapAll(all =>
        {
            all.MapGet("/e115/all", () => "ok");
            all.MapPost("/e166/all", () => "ok").DenyAgents();
        });

        app.MapOrders().RequireAgentScope(AgentScopes.OrdersRead);
        app.MapInvoices();

        app.MapPing("/e118/ping").AllowAnonymous(); // e118
        app.MapSilentPing();

        app.MapPair().DenyAgents();

        if (TryMakeGroup(app, out var made))
        {
            made.MapGet("/e112/made", () => "ok");
        }
    }

    private static RouteGroupBuilder Closed(IEndpointRouteBuilder app) => app.MapGroup("/closed").DenyAgents();

    private static RouteGroupBuilder Silent(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/silent");
        group.WithTags("silent");
        return group;
    }

    private static void MapInto(RouteGroupBuilder group) => group.MapGet("/e107/into", () => "ok");

    private static void MapIntoSilent(RouteGroupBuilder group) => group.MapGet("/e108/into", () => "ok");

    private static void Close(IEndpointConventionBuilder builder) => builder.DenyAgents();

    private static void MapTwice(IEndpointRouteBuilder routes) => routes.MapGet("/e110/twice", () => "ok");

    private static (RouteGroupBuilder Open, RouteGroupBuilder Silent) Split(IEndpointRouteBuilder app) =>
        (app.MapGroup("/split/open").AllowAnonymous(), app.MapGroup("/split/silent"));

    private static bool TryMakeGroup(IEndpointRouteBuilder app, out RouteGroupBuilder group)
    {
        group = app.MapGroup("/tried").DenyAgents();
        return true;
    }
}
