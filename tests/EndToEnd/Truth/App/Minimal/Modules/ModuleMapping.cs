namespace Truth.App.Minimal.Modules;

/// <summary>Calls the modules, in the ways apps call them.</summary>
internal static class ModuleMapping
{
    private static readonly IEndpoint[] s_plain = [new ListShelves(), new AddShelf()];
    private static readonly IEndpoint[] s_closed = [new CloseShelf()];

    public static void Map(WebApplication app)
    {
        app.MapCatalog();
        Shipping.Map(app.MapGroup("/shipping").RequireUserOrAgentScope(AgentScopes.OrdersRead));
        Billing.Map(app.MapGroup("/billing"));
        new Payments(app).Map();

        foreach (var endpoint in s_plain)
        {
            endpoint.Map(app);
        }

        var closed = app.MapGroup("/closed-shelves").DenyAgents();
        foreach (var endpoint in s_closed)
        {
            endpoint.Map(closed);
        }

        new PickingModule().Register(app);
        app.MapEndpoint<ReadMeter>().MapEndpoint<ResetMeter>();

        foreach (var type in typeof(ModuleMapping).Assembly.GetTypes())
        {
            if (type.IsClass && typeof(IFoundByReflection).IsAssignableFrom(type))
            {
                ((IFoundByReflection)Activator.CreateInstance(type)!).AddRoutes(app);
            }
        }
    }

    private static IEndpointRouteBuilder MapEndpoint<TEndpoint>(this IEndpointRouteBuilder app)
        where TEndpoint : IStaticEndpoint
    {
        TEndpoint.Map(app);
        return app;
    }
}
