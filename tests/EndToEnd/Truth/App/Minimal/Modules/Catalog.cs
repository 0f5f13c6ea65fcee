namespace Truth.App.Minimal.Modules;

/// <summary>A class in two parts: here the routes.</summary>
internal static partial class Catalog
{
    public static IEndpointRouteBuilder MapCatalog(this IEndpointRouteBuilder app)
    {
        var catalog = app.MapGroup("/catalog");
        catalog.MapGet("/e139/list", List);
        catalog.MapPost("/e140/add", Add);
        return app;
    }
}
