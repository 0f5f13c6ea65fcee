namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Builders that go through methods, members and types of the app.</summary>
public sealed class HelperMethodTests
{
    [Theory]
    [InlineData("Api.Map(app); static class Api { public static void Map(IEndpointRouteBuilder routes) { routes.[|MapGet|](\"/\", () => \"\"); routes.MapGet(\"/a\", () => \"\").DenyAgents(); } }")]
    [InlineData("app.MapTickets(); static class Api { public static void MapTickets(this IEndpointRouteBuilder routes) => routes.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("app.MapTickets(); static class Api { public static void MapTickets(this WebApplication routes) => routes.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("app.MapGroup(\"/a\").DenyAgents().MapTickets(); static class Api { public static void MapTickets(this RouteGroupBuilder routes) => routes.MapGet(\"/\", () => \"\"); }")]
    [InlineData("app.MapGroup(\"/a\").MapTickets(); static class Api { public static void MapTickets(this RouteGroupBuilder routes) => routes.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("var g = app.MapGroup(\"/a\"); g.MapTickets(); g.DenyAgents(); static class Api { public static void MapTickets(this IEndpointRouteBuilder routes) => routes.MapGet(\"/\", () => \"\"); }")]
    [InlineData("app.MapGroup(\"/a\").MapTickets().DenyAgents(); static class Api { public static RouteGroupBuilder MapTickets(this RouteGroupBuilder routes) { routes.MapGet(\"/\", () => \"\"); return routes; } }")]
    [InlineData("app.MapGroup(\"/a\").DenyAgents().MapTickets(); app.MapGroup(\"/b\").MapTickets(); static class Api { public static void MapTickets(this IEndpointRouteBuilder routes) => routes.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("app.MapA(); static class Api { public static void MapA(this IEndpointRouteBuilder r) => r.MapB(); public static void MapB(this IEndpointRouteBuilder r) => r.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("app.MapGroup(\"/\").DenyAgents().MapA(); static class Api { public static void MapA(this IEndpointRouteBuilder r) => r.MapGroup(\"b\").MapB(); public static void MapB(this IEndpointRouteBuilder r) => r.MapGet(\"/\", () => \"\"); }")]
    [InlineData("static class Api { public static void Never(IEndpointRouteBuilder routes) => routes.[?MapGet?](\"/\", () => \"\"); }")]
    [InlineData("Action<IEndpointRouteBuilder> map = Api.Map; map(app); static class Api { public static void Map(IEndpointRouteBuilder routes) => routes.[?MapGet?](\"/\", () => \"\"); }")]
    [InlineData("MapAll(app); static void MapAll(IEndpointRouteBuilder routes) { routes.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("MapAll(); void MapAll() { app.[|MapGet|](\"/\", () => \"\"); var g = app.MapGroup(\"/a\").DenyAgents(); Inner(); void Inner() => g.MapGet(\"/\", () => \"\"); }")]
    public Task Parameters_are_followed_to_every_caller(string code) => Marked.AppAsync(code);

    [Theory]
    [InlineData("Group(app).MapGet(\"/\", () => \"\"); static RouteGroupBuilder Group(WebApplication app) => app.MapGroup(\"/a\").DenyAgents();")]
    [InlineData("Group(app).[|MapGet|](\"/\", () => \"\"); static RouteGroupBuilder Group(WebApplication app) => app.MapGroup(\"/a\");")]
    [InlineData("Api.Group(app).MapGet(\"/\", () => \"\"); static class Api { public static RouteGroupBuilder Group(WebApplication app) { var g = app.MapGroup(\"/a\"); g.DenyAgents(); return g; } }")]
    [InlineData("Api.Group(app).DenyAgents().MapGet(\"/\", () => \"\"); Api.Group(app).[|MapGet|](\"/b\", () => \"\"); static class Api { public static RouteGroupBuilder Group(WebApplication app) => app.MapGroup(\"/a\"); }")]
    [InlineData("app.MapOrders().DenyAgents(); static class Api { public static RouteGroupBuilder MapOrders(this WebApplication app) { var g = app.MapGroup(\"/a\"); g.MapGet(\"/\", () => \"\"); g.MapGroup(\"/b\").MapGet(\"/\", () => \"\"); return g; } }")]
    [InlineData("app.MapOrders().DenyAgents(); app.MapOrders(); static class Api { public static RouteGroupBuilder MapOrders(this WebApplication app) { var g = app.MapGroup(\"/a\"); g.[|MapGet|](\"/\", () => \"\"); return g; } }")]
    [InlineData("Api.Group(app, true).[?MapGet?](\"/\", () => \"\"); static class Api { public static RouteGroupBuilder Group(WebApplication app, bool open) { if (open) { return app.MapGroup(\"/a\").AllowAnonymous(); } return app.MapGroup(\"/b\"); } }")]
    [InlineData("Api.Get(app).DenyAgents(); static class Api { public static RouteHandlerBuilder Get(WebApplication app) => app.MapGet(\"/\", () => \"\"); }")]
    [InlineData("Api.Get(app).DenyAgents(); Api.Get(app); static class Api { public static RouteHandlerBuilder Get(WebApplication app) => app.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("var x = Api.Get(app); x.DenyAgents(); static class Api { public static RouteHandlerBuilder Get(WebApplication app) => app.MapGet(\"/\", () => \"\"); }")]
    [InlineData("new Api().Group(app).MapGet(\"/\", () => \"\"); class Api : Base { public override RouteGroupBuilder Group(WebApplication app) => app.MapGroup(\"/a\").DenyAgents(); } abstract class Base { public abstract RouteGroupBuilder Group(WebApplication app); }")]
    [InlineData("Base b = new Api(); b.Group(app).[?MapGet?](\"/\", () => \"\"); class Api : Base { public override RouteGroupBuilder Group(WebApplication app) => app.MapGroup(\"/a\").DenyAgents(); } abstract class Base { public abstract RouteGroupBuilder Group(WebApplication app); }")]
    public Task Results_are_followed_into_the_called_method(string code) => Marked.AppAsync(code);

    [Theory]
    [InlineData("app.MapGet(\"/\", () => \"\").Secured(); static class Api { public static TBuilder Secured<TBuilder>(this TBuilder b) where TBuilder : IEndpointConventionBuilder => b.DenyAgents(); }")]
    [InlineData("app.MapGet(\"/\", () => \"\").Secured().WithName(\"a\"); static class Api { public static RouteHandlerBuilder Secured(this RouteHandlerBuilder b) { b.DenyAgents(); return b; } }")]
    [InlineData("app.MapGet(\"/\", () => \"\").Named().DenyAgents(); static class Api { public static TBuilder Named<TBuilder>(this TBuilder b) where TBuilder : IEndpointConventionBuilder => b.WithDisplayName(\"a\"); }")]
    [InlineData("app.MapGet(\"/\", () => \"\").Named().DenyAgents(); app.[|MapPost|](\"/\", () => \"\").Named(); static class Api { public static TBuilder Named<TBuilder>(this TBuilder b) where TBuilder : IEndpointConventionBuilder => b.WithDisplayName(\"a\"); }")]
    [InlineData("app.[?MapGet?](\"/\", () => \"\").Perhaps(args.Length > 0); static class Api { public static RouteHandlerBuilder Perhaps(this RouteHandlerBuilder b, bool yes) { if (yes) { b.DenyAgents(); } return b; } }")]
    [InlineData("var g = app.MapGroup(\"/a\").Secured(); g.MapGet(\"/\", () => \"\"); static class Api { public static RouteGroupBuilder Secured(this RouteGroupBuilder b) => b.RequireAgentScope(AgentScopes.TicketsRead); }")]
    [InlineData("app.MapGroup(\"/a\").Both().MapGet(\"/\", () => \"\"); static class Api { public static RouteGroupBuilder Both(this RouteGroupBuilder b) => b.One().WithTags(\"x\"); public static RouteGroupBuilder One(this RouteGroupBuilder b) => b.DenyAgents(); }")]
    [InlineData("app.MapGroup(\"/a\").MapAll(g => g.[?MapGet?](\"/\", () => \"\")).DenyAgents(); static class Api { public static RouteGroupBuilder MapAll(this RouteGroupBuilder b, Action<RouteGroupBuilder> map) { map(b); return b; } }")]
    public Task Conventions_of_the_app_are_read(string code) => Marked.AppAsync(code);

    [Theory]
    [InlineData("new Api(app).Map(); class Api(IEndpointRouteBuilder routes) { public void Map() => routes.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("new Api(app.MapGroup(\"/a\").DenyAgents()).Map(); class Api(IEndpointRouteBuilder routes) { public void Map() => routes.MapGet(\"/\", () => \"\"); }")]
    [InlineData("new Api(app.MapGroup(\"/a\").DenyAgents()).Map(); class Api { readonly RouteGroupBuilder _group; public Api(RouteGroupBuilder group) { _group = group; } public void Map() => _group.MapGet(\"/\", () => \"\"); }")]
    [InlineData("new Api(app).Map(); class Api { readonly RouteGroupBuilder _group; public Api(WebApplication app) { _group = app.MapGroup(\"/\"); } public void Map() => _group.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("new Api(app).Map(); class Api(WebApplication app) { RouteGroupBuilder Group => app.MapGroup(\"/\").DenyAgents(); public void Map() => Group.MapGet(\"/\", () => \"\"); }")]
    [InlineData("new Api(app).Map(); class Api(WebApplication app) { RouteGroupBuilder Group { get; } = app.MapGroup(\"/\"); public void Map() { Group.[?MapGet?](\"/\", () => \"\"); Group.DenyAgents(); } }")]
    [InlineData("IEndpoint[] all = [new One(), new Two()]; foreach (var e in all) { e.Map(app); } interface IEndpoint { void Map(IEndpointRouteBuilder routes); } class One : IEndpoint { public void Map(IEndpointRouteBuilder routes) => routes.[|MapGet|](\"/\", () => \"\"); } class Two : IEndpoint { public void Map(IEndpointRouteBuilder routes) => routes.MapGet(\"/\", () => \"\").DenyAgents(); }")]
    [InlineData("IEndpoint[] all = [new One()]; foreach (var e in all) { e.Map(app); e.Map(app.MapGroup(\"/g\").DenyAgents()); } interface IEndpoint { void Map(IEndpointRouteBuilder routes); } class One : IEndpoint { public void Map(IEndpointRouteBuilder routes) => routes.[?MapGet?](\"/\", () => \"\"); }")]
    [InlineData("Use<One>(app); static void Use<T>(IEndpointRouteBuilder r) where T : IEndpoint => T.Map(r); interface IEndpoint { static abstract void Map(IEndpointRouteBuilder routes); } class One : IEndpoint { public static void Map(IEndpointRouteBuilder routes) => routes.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("new Two().Map(app); abstract class Base { public void Map(WebApplication app) => MapCore(app.MapGroup(\"/a\").DenyAgents()); protected abstract void MapCore(RouteGroupBuilder g); } class Two : Base { protected override void MapCore(RouteGroupBuilder g) => g.MapGet(\"/\", () => \"\"); }")]
    public Task Members_and_types_are_read(string code) => Marked.AppAsync(code);

    [Fact]
    public Task Recursion_ends() => Marked.AppAsync(
        "Api.Map(app, 3); static class Api { public static IEndpointRouteBuilder Map(IEndpointRouteBuilder r, int n) { r.[|MapGet|](\"/\" + n, () => \"\"); return n == 0 ? r : Map(r.MapGroup(\"/x\"), n - 1); } }");

    [Theory]
    [InlineData("public static class Api { public static void Map(IEndpointRouteBuilder routes) => routes.[?MapGet?](\"/\", () => \"\"); }")]
    [InlineData("static class Api { public static void Map(WebApplication app) { var g = app.MapGroup(\"/a\"); Inner(g); app.[|MapGet|](\"/\", () => \"\"); } static void Inner(RouteGroupBuilder g) => g.[|MapGet|](\"/\", () => \"\"); }")]
    [InlineData("public static class Api { public static RouteHandlerBuilder Map(WebApplication app) => app.[?MapGet?](\"/\", () => \"\"); }")]
    [InlineData("public static class Api { public static void Map(RouteGroupBuilder g) => g.MapGet(\"/\", () => \"\").RequireAgentScope(AgentScopes.TicketsRead); }")]
    public Task In_a_library_the_callers_of_what_is_public_are_not_known(string code) => Marked.CodeAsync(code);
}
