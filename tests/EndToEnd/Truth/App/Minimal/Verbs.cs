namespace Truth.App.Minimal;

/// <summary>Every verb, with a word about agents and without.</summary>
internal static class Verbs
{
    private static readonly string[] s_methods = ["OPTIONS", "HEAD"];

    public static void Map(WebApplication app)
    {
        app.MapGet("/e001/orders", () => "ok").RequireAgentScope(AgentScopes.OrdersRead);
        app.MapGet("/e002/orders", () => "ok");
        app.MapPost("/e003/orders", () => "ok").RequireAgentScope(AgentScopes.OrdersWrite);
        app.MapPost("/e004/orders", () => "ok");
        app.MapPut("/e005/orders/{id:int}", (int id) => id).RequireUserOrAgentScope(AgentScopes.OrdersWrite);
        app.MapPut("/e006/orders/{id:int}", (int id) => id);
        app.MapPatch("/e007/orders/{id:int}", (int id) => id).DenyAgents();
        app.MapPatch("/e008/orders/{id:int}", (int id) => id).RequireAuthorization();
        app.MapDelete("/e009/orders/{id:int}", (int id) => id).RequireAgentScope(AgentScopes.OrdersRead, AgentScopes.OrdersWrite);
        app.MapDelete("/e010/orders/{id:int}", (int id) => id);
        app.Map("/e011/any", () => "ok").AllowAnonymous();
        app.Map("/e012/any", () => "ok");
        app.MapMethods("/e013/options", s_methods, () => "ok").AllowAnonymous();
        app.MapMethods("/e014/options", ["TRACE"], () => "ok");
        app.MapFallback("/e015/{*rest}", () => Results.NotFound()).AllowAnonymous();
        app.MapFallback("/e016/{*rest}", () => Results.NotFound());
        app.MapFallbackToFile("/e017/{*path:nonfile}", "index.html").AllowAnonymous();
        app.MapFallbackToFile("/e018/{*path:nonfile}", "index.html");

        // With an HttpContext alone it is the overload that takes a RequestDelegate, and returns another builder.
        app.MapGet("/e019/raw", (HttpContext context) => context.Response.WriteAsync("ok")).AllowAnonymous();
        app.MapGet("/e020/raw", (HttpContext context) => context.Response.WriteAsync("ok"));
    }
}
