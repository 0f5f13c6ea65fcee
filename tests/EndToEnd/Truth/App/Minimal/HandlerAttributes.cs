namespace Truth.App.Minimal;

/// <summary>Attributes on what handles the request.</summary>
internal static partial class HandlerAttributes
{
    private static readonly Func<string> s_field = () => "ok";

    public static void Map(WebApplication app)
    {
        app.MapGet("/e065/lambda", [AgentScope(AgentScopes.OrdersRead)] () => "ok");
        app.MapGet("/e066/lambda", [AllowAnonymous] () => "ok");
        app.MapGet("/e067/method", Closed);
        app.MapGet("/e068/method", Silent);

        [UserOrAgentScope(AgentScopes.OrdersRead)]
        static string Local() => "ok";
        static string SilentLocal() => "ok";
        app.MapGet("/e069/local", Local);
        app.MapGet("/e070/local", SilentLocal);

        var desk = new Desk();
        app.MapGet("/e071/instance", desk.Closed);
        app.MapGet("/e072/instance", desk.Silent);
        app.MapGet("/e073/inherited", desk.OfBase);
        app.MapGet("/e074/overridden", desk.Overridden);
        app.MapGet("/e075/class", OpenClass.Silent);
        app.MapGet("/e076/authorize", [Authorize] () => "ok");
        app.MapGet("/e077/raw", [AllowAnonymous] (HttpContext context) => context.Response.WriteAsync("ok"));
        app.MapGet("/e078/raw", RawClosed);

        Delegate kept = [DenyAgents] () => "ok";
        app.MapGet("/e079/kept", kept);
        app.MapGet("/e080/field", s_field);

        IDesk contract = desk;
        app.MapGet("/e081/contract", contract.Promised);
        app.MapGet("/e082/generic", Generic<int>);
        app.MapGet("/e083/partial", InTwoParts);
        app.MapGet("/e084/made", Make());
    }

    [DenyAgents]
    private static string Closed() => "ok";

    private static string Silent() => "ok";

    [DenyAgents]
    private static Task RawClosed(HttpContext context) => context.Response.WriteAsync("ok");

    [AgentScope(AgentScopes.StockRead)]
    private static string Generic<T>() => typeof(T).Name;

    [DenyAgents]
    private static partial string InTwoParts();

    private static partial string InTwoParts() => "ok";

    private static Delegate Make() => [DenyAgents] () => "ok";
}
