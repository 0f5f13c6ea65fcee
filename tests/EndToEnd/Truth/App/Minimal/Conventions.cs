namespace Truth.App.Minimal;

/// <summary>Conventions that say something about agents, and those that only seem to.</summary>
internal static class Conventions
{
    private static readonly object[] s_closed = [new DenyAgentsAttribute()];

    public static void Map(WebApplication app)
    {
        app.MapGet("/e021/orders", () => "ok")
            .WithName("e021-orders")
            .WithTags("orders")
            .WithSummary("All orders")
            .Produces<string>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(async (context, next) => await next(context))
            .RequireUserOrAgentScope(AgentScopes.OrdersRead);
        app.MapGet("/e022/orders", () => "ok")
            .WithName("e022-orders")
            .WithTags("orders")
            .WithSummary("All orders")
            .Produces<string>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(async (context, next) => await next(context));
        app.MapGet("/e023/stock", () => "ok").WithMetadata(new AgentScopeAttribute(AgentScopes.StockRead));
        app.MapGet("/e024/stock", () => "ok").WithMetadata(new AllowAnonymousAttribute());
        app.MapGet("/e025/stock", () => "ok").WithMetadata(new EndpointNameMetadata("e025-stock"));
        app.MapGet("/e026/stock", () => "ok").WithMetadata(new EndpointNameMetadata("e026-stock"), new DenyAgentsAttribute());
        app.MapGet("/e027/customers", () => "ok").RequireAuthorization().DenyAgents();
        app.MapGet("/e028/customers", () => "ok").RequireAuthorization(policy => policy.RequireClaim("staff"));
        app.MapGet("/e029/customers", () => "ok").RequireCors("anywhere").CacheOutput().DisableAntiforgery().ShortCircuit();

        // Contradicts itself; AllowAnonymous wins, in ASP.NET Core as here.
        app.MapGet("/e030/customers", () => "ok").RequireAuthorization().AllowAnonymous();

        // No word that a reader would look for, and yet the metadata is there.
        app.MapGet("/e031/reports", () => "ok").Add(endpoint => endpoint.Metadata.Add(new DenyAgentsAttribute()));
        app.MapGet("/e032/reports", () => "ok").WithMetadata(s_closed);

        // RequireAuthorization puts what it is given into the metadata, and [AgentScope] is authorization data.
        app.MapGet("/e033/reports", () => "ok").RequireAuthorization(new AgentScopeAttribute(AgentScopes.ReportsRead));
        app.MapGet("/e034/reports", () => "ok").RequireAuthorization(new AuthorizeAttribute { Roles = "staff" });

        // IAllowAnonymous is what counts, not the framework's attribute.
        app.MapGet("/e035/public", () => "ok").WithMetadata(new PublicAttribute());
        app.MapGet("/e036/public", [Public] () => "ok");
        app.MapGet("/e037/public", [OpenDoor] () => "ok");
        app.MapGet("/e038/hidden", () => "ok").ExcludeFromDescription().WithOrder(7).WithDisplayName("e038 hidden");
        app.MapGet("/e039/hidden", () => "ok").WithDescription("AllowAnonymous").WithGroupName("DenyAgents");
    }
}
