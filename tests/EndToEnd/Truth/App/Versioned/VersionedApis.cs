namespace Truth.App.Versioned;

/// <summary>Asp.Versioning: a package whose builders the framework does not know.</summary>
internal static class VersionedApis
{
    public static void Map(WebApplication app)
    {
        var orders = app.NewVersionedApi("Orders");
        var v1 = orders.MapGroup("/v{version:apiVersion}/orders").HasApiVersion(1.0);
        v1.MapGet("/e161/list", () => "ok");
        v1.MapPost("/e162/create", () => "ok").RequireAgentScope(AgentScopes.OrdersWrite);

        var v2 = orders.MapGroup("/v{version:apiVersion}/orders").HasApiVersion(2.0).RequireUserOrAgentScope(AgentScopes.OrdersRead);
        v2.MapGet("/e163/list", () => "ok");

        var versions = app.NewApiVersionSet("Stock").HasApiVersion(new(1.0)).Build();
        app.MapGet("/e164/stock", () => "ok").WithApiVersionSet(versions).MapToApiVersion(1.0).DenyAgents();
        app.MapGet("/e177/stock", () => "ok").WithApiVersionSet(versions).MapToApiVersion(1.0);

        var closed = app.NewVersionedApi("Customers").DenyAgents();
        closed.MapGroup("/v{version:apiVersion}/customers").HasApiVersion(1.0).MapGet("/e178/list", () => "ok");
    }
}
