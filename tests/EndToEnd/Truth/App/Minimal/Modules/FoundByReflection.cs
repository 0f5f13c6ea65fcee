namespace Truth.App.Minimal.Modules;

/// <summary>A module that nobody names: a loop over the assembly's types makes it.</summary>
internal interface IFoundByReflection
{
    void AddRoutes(IEndpointRouteBuilder app);
}

/// <summary>The module.</summary>
internal sealed class ScannedModule : IFoundByReflection
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/e151/scanned", () => "ok").RequireAgentScope(AgentScopes.StockRead);
        app.MapPost("/e152/scanned", () => "ok");
    }
}
