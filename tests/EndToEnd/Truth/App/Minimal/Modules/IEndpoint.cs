namespace Truth.App.Minimal.Modules;

/// <summary>An endpoint that maps itself, found in a list.</summary>
internal interface IEndpoint
{
    void Map(IEndpointRouteBuilder app);
}

/// <summary>Says what it means.</summary>
internal sealed class ListShelves : IEndpoint
{
    public void Map(IEndpointRouteBuilder app) => app.MapGet("/e145/shelves", () => "ok").RequireAgentScope(AgentScopes.StockRead);
}

/// <summary>Says nothing, and nobody says it for it.</summary>
internal sealed class AddShelf : IEndpoint
{
    public void Map(IEndpointRouteBuilder app) => app.MapPost("/e146/shelves", () => "ok");
}

/// <summary>Says nothing, and is mapped into a group that does.</summary>
internal sealed class CloseShelf : IEndpoint
{
    public void Map(IEndpointRouteBuilder app) => app.MapDelete("/e147/shelves", () => "ok");
}
