namespace Truth.App.Minimal;

/// <summary>Where in the code a call may stand: local functions, lambdas, branches of the pipeline.</summary>
internal static class Shapes
{
    public static void Map(WebApplication app)
    {
        MapReports(app.MapGroup("/local").DenyAgents());
        MapSilent();

        // As before .NET 6, and as much code still is.
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapGet("/e155/old", () => "ok").RequireAgentScope(AgentScopes.ReportsRead);
            endpoints.MapGet("/e156/old", () => "ok");
        });

        app.MapWhen(
            context => context.Request.Host.Host == "admin.localhost",
            admin => admin.UseRouting().UseAuthorization().UseEndpoints(endpoints =>
            {
                endpoints.MapGet("/e157/admin", () => "ok");
                endpoints.MapGroup("/admin").DenyAgents().MapGet("/e174/admin", () => "ok");
            }));

        // A branch of the pipeline is no endpoint, although it is called Map.
        app.Map("/e175/branch", branch => branch.Run(context => context.Response.WriteAsync("ok")));

        // Nor is what a class of the app's own calls MapGet.
        new Atlas().MapGet("/e176/atlas", () => "ok");

        void MapReports(IEndpointRouteBuilder routes) => routes.MapGet("/e153/reports", () => "ok");

        void MapSilent()
        {
            app.MapGet("/e154/reports", () => "ok");
        }
    }

    private sealed class Atlas
    {
        private readonly List<string> _maps = [];

        public void MapGet(string pattern, Func<string> draw) => _maps.Add(pattern + draw());
    }
}
