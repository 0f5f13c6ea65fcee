namespace Truth.App.Minimal;

/// <summary>What is mapped or annotated on some paths only. The app is run with Beta and without.</summary>
internal static class Branches
{
    private static readonly string[] s_kinds = ["daily", "weekly"];

    public static void Map(WebApplication app, bool beta)
    {
        var both = app.MapGet("/e053/orders", () => "ok");
        if (beta)
        {
            both.RequireAgentScope(AgentScopes.OrdersRead);
        }
        else
        {
            both.DenyAgents();
        }

        var one = app.MapGet("/e054/orders", () => "ok");
        if (beta)
        {
            one.RequireAgentScope(AgentScopes.OrdersRead);
        }

        var either = app.MapGet("/e055/orders", () => "ok");
        _ = beta ? either.DenyAgents() : either.AllowAnonymous();

        if (beta)
        {
            app.MapGet("/e056/beta", () => "ok");
        }
        else
        {
            app.MapGet("/e057/stable", () => "ok").DenyAgents();
        }

        var chosen = app.MapGet("/e058/orders", () => "ok");
        switch (app.Configuration["Access"])
        {
            case "open":
                chosen.AllowAnonymous();
                break;
            case "agents":
                chosen.RequireAgentScope(AgentScopes.OrdersRead);
                break;
            default:
                chosen.DenyAgents();
                break;
        }

        foreach (var kind in s_kinds)
        {
            app.MapGet($"/e059/reports/{kind}", () => kind).RequireAgentScope(AgentScopes.ReportsRead);
            app.MapGet($"/e060/reports/{kind}", () => kind);
        }

        MapUnlessStable(app, beta);

        var open = app.MapGroup("/branches/open").AllowAnonymous();
        var closed = app.MapGroup("/branches/closed").DenyAgents();
        var group = beta ? open : closed;
        group.MapGet("/e062/group", () => "ok");

        IEndpointRouteBuilder perhaps = beta ? closed : app;
        perhaps.MapGet("/e063/perhaps", () => "ok");

        RouteHandlerBuilder? optional = app.MapGet("/e064/optional", () => "ok");
        optional?.DenyAgents();
    }

    // The annotation stands behind a way out.
    private static void MapUnlessStable(WebApplication app, bool beta)
    {
        var endpoint = app.MapGet("/e061/early", () => "ok");
        if (!beta)
        {
            return;
        }

        endpoint.RequireAgentScope(AgentScopes.OrdersRead);
    }
}
