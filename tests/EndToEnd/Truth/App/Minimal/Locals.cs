namespace Truth.App.Minimal;

/// <summary>Endpoints that are kept in variables and annotated by a later statement, or not at all.</summary>
internal static class Locals
{
    public static void Map(WebApplication app)
    {
        var list = app.MapGet("/e041/orders", () => "ok");
        list.WithName("e041-orders");
        list.RequireAgentScope(AgentScopes.OrdersRead);

        var create = app.MapPost("/e042/orders", () => "ok");
        create.WithName("e042-orders");

        var read = app.MapGet("/e043/stock", () => "ok");
        var write = app.MapPost("/e044/stock", () => "ok");
        read.RequireAgentScope(AgentScopes.StockRead);
        write.WithTags("stock");

        // One variable, two endpoints: the annotation reaches the second alone.
        var endpoint = app.MapGet("/e045/reports", () => "ok");
        endpoint.WithTags("reports");
        endpoint = app.MapGet("/e046/reports", () => "ok");
        endpoint.DenyAgents();

        RouteHandlerBuilder[] both = [app.MapGet("/e047/customers", () => "ok"), app.MapPost("/e048/customers", () => "ok")];
        foreach (var one in both)
        {
            one.DenyAgents();
        }

        IEndpointConventionBuilder plain = app.MapGet("/e049/public", () => "ok");
        plain.AllowAnonymous();

        _ = app.MapGet("/e050/public", () => "ok");

        var later = app.MapGet("/e051/later", () => "ok");
        Action close = () => later.DenyAgents();
        close();

        var first = app.MapGet("/e052/alias", () => "ok");
        var second = first;
        second.DenyAgents();
    }
}
