using Microsoft.AspNetCore.Http.HttpResults;

namespace TicketDesk.Tickets;

/// <summary>The API. Each endpoint says which scope of auth.md an agent needs.</summary>
public static class TicketEndpoints
{
    private const int LongestTitle = 200;

    /// <summary>Adds what the endpoints need.</summary>
    public static IServiceCollection AddTickets(this IServiceCollection services) => services
        .AddSingleton<TicketStore>()
        .ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, TicketJson.Default));

    /// <summary>Maps the endpoints.</summary>
    public static void MapTickets(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/tickets", (TicketStore store) => TypedResults.Ok(store.List()))
            .RequireAgentScope(AgentScopes.TicketsRead);
        app.MapGet("/api/tickets/{id}", Find)
            .RequireAgentScope(AgentScopes.TicketsRead);
        app.MapPost("/api/tickets", Create)
            .RequireAgentScope(AgentScopes.TicketsWrite);
        app.MapGet("/api/customers", (TicketStore store) => TypedResults.Ok(store.ListCustomers()))
            .RequireAgentScope(AgentScopes.CustomersRead);
    }

    private static Results<Ok<TicketDetails>, ProblemHttpResult> Find(long id, TicketStore store) =>
        store.Find(id) is { } ticket
            ? TypedResults.Ok(ticket)
            : TypedResults.Problem($"There is no ticket {id}. GET /api/tickets lists those there are.", statusCode: StatusCodes.Status404NotFound);

    private static Results<Created<Ticket>, ProblemHttpResult> Create(NewTicket ticket, TicketStore store, TimeProvider time)
    {
        if (string.IsNullOrWhiteSpace(ticket.Title) || ticket.Title.Length > LongestTitle || ticket.Title.Any(char.IsControl))
        {
            return Refuse($"`title` must be one line of 1 to {LongestTitle} characters.");
        }

        return store.Create(ticket.Title.Trim(), ticket.CustomerId, time.GetUtcNow()) is { } created
            ? TypedResults.Created($"/api/tickets/{created.Id}", created)
            : Refuse($"There is no customer {ticket.CustomerId}. GET /api/customers lists those there are.");
    }

    private static ProblemHttpResult Refuse(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);
}
