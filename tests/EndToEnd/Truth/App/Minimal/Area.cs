namespace Truth.App.Minimal;

/// <summary>Groups that live in fields and properties.</summary>
internal sealed class Area
{
    private readonly RouteGroupBuilder _closed;
    private readonly IEndpointRouteBuilder _silent;

    public Area(IEndpointRouteBuilder app)
    {
        _closed = app.MapGroup("/area/closed").DenyAgents();
        _silent = app.MapGroup("/area/silent");
        Open = app.MapGroup("/area/open");
        Open.AllowAnonymous();
    }

    private RouteGroupBuilder Open { get; }

    public void Map()
    {
        _closed.MapGet("/e111/field", () => "ok");
        _silent.MapGet("/e167/field", () => "ok");
        Open.MapGet("/e168/property", () => "ok");
        this._silent.MapPost("/e169/field", () => "ok").RequireAgentScope(AgentScopes.StockWrite);
    }
}
