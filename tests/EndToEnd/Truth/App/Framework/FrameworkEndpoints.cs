namespace Truth.App.Framework;

/// <summary>Endpoints that the framework handles itself.</summary>
internal static class FrameworkEndpoints
{
    public static void Map(WebApplication app)
    {
        app.MapHealthChecks("/e180/health").AllowAnonymous();
        app.MapHealthChecks("/e181/health");
        app.MapOpenApi("/e182/{documentName}.json").AllowAnonymous();
        app.MapOpenApi("/e183/{documentName}.json");
        app.MapShortCircuit(StatusCodes.Status404NotFound, "e184.txt");
        app.MapStaticAssets(); // e185
        app.MapGet("/e186/events", () => TypedResults.ServerSentEvents(Numbers())).RequireAgentScope(AgentScopes.ReportsRead);
        app.MapGet("/e187/events", () => TypedResults.ServerSentEvents(Numbers()));
        app.MapGroup("/health").DenyAgents().MapHealthChecks("/e188/deep");
    }

    private static async IAsyncEnumerable<int> Numbers()
    {
        await Task.Yield();
        yield return 1;
    }
}
