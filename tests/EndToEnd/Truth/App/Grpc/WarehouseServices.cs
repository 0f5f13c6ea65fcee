using Grpc.Core;

namespace Truth.App.Grpc;

/// <summary>Says it on the class.</summary>
[AgentScope(AgentScopes.StockRead)]
internal sealed class ShelvesService : Shelves.ShelvesBase
{
    public override Task<Shelf> List(Shelf request, ServerCallContext context) => Task.FromResult(request); // e300

    [AgentScope(AgentScopes.StockWrite)]
    public override Task Move(Shelf request, IServerStreamWriter<Shelf> responseStream, ServerCallContext context) => Task.CompletedTask; // e301
}

/// <summary>Says it on one method.</summary>
internal sealed class ParcelsService : Parcels.ParcelsBase
{
    [DenyAgents]
    public override Task<Shelf> Find(Shelf request, ServerCallContext context) => Task.FromResult(request); // e302

    public override Task<Shelf> Send(Shelf request, ServerCallContext context) => Task.FromResult(request); // e303
}

/// <summary>Leaves it to whoever maps it.</summary>
internal sealed class ReturnsService : Returns.ReturnsBase
{
    public override Task<Shelf> Take(Shelf request, ServerCallContext context) => Task.FromResult(request); // e304
}

/// <summary>Maps the services.</summary>
internal static class GrpcMapping
{
    public static void Map(WebApplication app)
    {
        app.MapGrpcService<ShelvesService>();
        app.MapGrpcService<ParcelsService>();
        app.MapGrpcService<ReturnsService>().DenyAgents();
    }
}
