namespace Truth.App.Minimal.Modules;

/// <summary>A class for each feature, with a static method that maps it. The caller has annotated the group.</summary>
internal static class Shipping
{
    public static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/e141/labels", GetLabels);

        static string GetLabels() => "ok";
    }
}

/// <summary>The same, and the caller has said nothing.</summary>
internal static class Billing
{
    public static void Map(RouteGroupBuilder routes) => routes.MapGet("/e142/bills", () => "ok");
}

/// <summary>Maps through what its constructor was given.</summary>
internal sealed class Payments(IEndpointRouteBuilder routes)
{
    public void Map()
    {
        routes.MapGet("/e143/payments", () => "ok");
        routes.MapPost("/e144/payments", () => "ok").RequireAgentScope(AgentScopes.OrdersWrite);
    }
}
