using Truth.App.Minimal.Own;
using static Truth.App.Minimal.Own.Shortcuts;
using Closed = AgentAuth.DenyAgentsAttribute;
using Routes = Microsoft.AspNetCore.Routing.IEndpointRouteBuilder;

namespace Truth.App.Minimal;

/// <summary>An app's own words for mapping and annotating, and other names for the framework's.</summary>
internal static class OwnExtensions
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/e122/secured", () => "ok").Secured();
        app.MapGroup("/secured").Secured().MapGet("/e123/secured", () => "ok");
        app.MapGet("/e124/documented", () => "ok").Documented("orders");

        app.MapCarts();
        app.MapBaskets();
        app.MapGroup("/boxes").DenyAgents().MapBoxes();

        // The framework's call is in the wrapper; what is annotated is its result.
        app.MapQuery("/e129/closed", () => "ok").DenyAgents(); // e129
        app.MapQuery("/e129/silent", () => "ok"); // e129
        app.MapClosedQuery("/e130/one", () => "ok"); // e130
        app.MapClosedQuery("/e130/two", () => "ok"); // e130
        app.MapQueryForAll("/e131/one", () => "ok").AllowAnonymous(); // e131
        app.MapQueryForAll("/e131/two", () => "ok").AllowAnonymous(); // e131

        Get(app, "/e132/shortcut"); // e132
        EndpointRouteBuilderExtensions.MapGet(app, "/e133/static", () => "ok");
        AgentAuthEndpointConventionBuilderExtensions.DenyAgents(EndpointRouteBuilderExtensions.MapGet(app, "/e134/static", () => "ok"));

        Routes routes = app;
        routes.MapGet("/e135/alias", [Closed] () => "ok");

        app.MapCrud<int>();
        app.MapCrud<string>();
        app.MapAny();
        app.MapGroup("/any").Secured().MapAnyInside();
        app.MapGet("/e127/chain", () => "ok").Documented("chain").Secured().WithTags("chain");
        app.MapGet("/e128/conditionally", () => "ok").SecuredIf(true);
    }
}
