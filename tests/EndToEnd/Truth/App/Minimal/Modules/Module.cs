namespace Truth.App.Minimal.Modules;

/// <summary>A module makes its group here and maps there.</summary>
internal abstract class Module
{
    public void Register(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/" + GetType().Name).DenyAgents();
        Map(group);
    }

    protected abstract void Map(RouteGroupBuilder group);
}

/// <summary>A module.</summary>
internal sealed class PickingModule : Module
{
    protected override void Map(RouteGroupBuilder group) => group.MapGet("/e148/picks", () => "ok");
}
