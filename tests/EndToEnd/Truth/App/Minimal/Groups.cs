namespace Truth.App.Minimal;

/// <summary>Groups, inline and in variables, annotated before and after.</summary>
internal static class Groups
{
    public static void Map(WebApplication app)
    {
        app.MapGroup("/inline/closed").RequireAgentScope(AgentScopes.OrdersRead).MapGet("/e085/orders", () => "ok");
        app.MapGroup("/inline/silent").MapGet("/e086/orders", () => "ok");

        var orders = app.MapGroup("/orders").RequireUserOrAgentScope(AgentScopes.OrdersRead);
        orders.MapGet("/e087/list", () => "ok");
        orders.MapPost("/e088/create", () => "ok").WithTags("orders");

        var stock = app.MapGroup("/stock").WithTags("stock");
        stock.MapGet("/e089/list", () => "ok");
        stock.MapPost("/e090/move", () => "ok").RequireAgentScope(AgentScopes.StockWrite);

        // Conventions of a group are applied when the endpoints are built: the order of the statements does not matter.
        var late = app.MapGroup("/late");
        late.MapGet("/e091/list", () => "ok");
        late.DenyAgents();

        var early = app.MapGroup("/early");
        early.DenyAgents();
        early.MapGet("/e092/list", () => "ok");

        var filtered = app.MapGroup("/filtered").AddEndpointFilter(async (context, next) => await next(context)).WithTags("filtered");
        filtered.MapGet("/e098/list", () => "ok");

        var open = app.MapGroup("/open").WithMetadata(new AllowAnonymousAttribute());
        open.MapGet("/e099/list", () => "ok");

        var root = app.MapGroup("").DenyAgents();
        root.MapGet("/e100/inside", () => "ok");
        app.MapGet("/e101/outside", () => "ok");

        var signedIn = app.MapGroup("/signed-in").RequireAuthorization();
        signedIn.MapGet("/e102/open", () => "ok").AllowAnonymous();
        signedIn.MapGet("/e103/list", () => "ok");

        IEndpointRouteBuilder routes = app.MapGroup("/routes").DenyAgents();
        routes.MapGet("/e104/list", () => "ok");
    }
}
