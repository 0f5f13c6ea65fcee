namespace Truth.App.Minimal.Modules;

/// <summary>An endpoint that is a type argument.</summary>
internal interface IStaticEndpoint
{
    static abstract void Map(IEndpointRouteBuilder app);
}

/// <summary>Says what it means.</summary>
internal sealed class ReadMeter : IStaticEndpoint
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/e149/meter", () => "ok").RequireAgentScope(AgentScopes.ReportsRead);
}

/// <summary>Says nothing.</summary>
internal sealed class ResetMeter : IStaticEndpoint
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/e150/meter", () => "ok");
}
