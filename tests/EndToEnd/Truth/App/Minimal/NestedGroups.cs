namespace Truth.App.Minimal;

/// <summary>Groups in groups, three deep.</summary>
internal static class NestedGroups
{
    public static void Map(WebApplication app)
    {
        app.MapGroup("/a1").DenyAgents().MapGroup("/b1").WithTags("b1").MapGroup("/c1").MapGet("/e093/outer", () => "ok");
        app.MapGroup("/a2").WithTags("a2").MapGroup("/b2").MapGroup("/c2").RequireAgentScope(AgentScopes.StockRead).MapGet("/e094/inner", () => "ok");
        app.MapGroup("/a3").WithTags("a3").MapGroup("/b3").MapGroup("/c3").MapGet("/e095/none", () => "ok");

        var outer = app.MapGroup("/a4");
        var middle = outer.MapGroup("/b4");
        var inner = middle.MapGroup("/c4").AllowAnonymous();
        middle.MapGet("/e096/beside", () => "ok");
        inner.MapGet("/e040/within", () => "ok");

        // The outermost is annotated when all else is done.
        var company = app.MapGroup("/a5");
        var team = company.MapGroup("/b5");
        var person = team.MapGroup("/c5");
        person.MapGet("/e097/deep", () => "ok");
        company.RequireUserOrAgentScope(AgentScopes.CustomersRead);
    }
}
