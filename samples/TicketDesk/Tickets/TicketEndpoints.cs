namespace TicketDesk.Tickets;

/// <summary>The API. Each endpoint names the scope that an agent needs.</summary>
internal static class TicketEndpoints
{
    private const int LongestTitle = 200;
    private const int LongestBody = 4000;

    public static void AddTickets(this IServiceCollection services)
    {
        services.AddSingleton<TicketStore>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, TicketJson.Default));
    }

    public static void MapTickets(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/tickets", (TicketStore store) => store.List()).RequireAgentScope(AgentScopes.TicketsRead);
        app.MapGet("/api/tickets/{id:long}", (long id, TicketStore store) => store.Find(id) is { } ticket ? Results.Ok(ticket) : Results.NotFound())
            .RequireAgentScope(AgentScopes.TicketsRead);
        app.MapPost("/api/tickets", Create).RequireAgentScope(AgentScopes.TicketsWrite);
        app.MapGet("/api/customers", (TicketStore store) => store.Customers()).RequireAgentScope(AgentScopes.CustomersRead);
    }

    private static IResult Create(NewTicket ticket, TicketStore store, HttpContext http)
    {
        var problems = new Dictionary<string, string[]>();
        Check("title", ticket.Title, LongestTitle);
        Check("body", ticket.Body ?? " ", LongestBody);
        if (problems.Count > 0)
        {
            return Results.ValidationProblem(problems);
        }

        // Whoever is behind the agent; the scope made sure that there is one.
        var created = store.Create(ticket.Title!.Trim(), ticket.Body ?? "", http.User.GetAgent()!.AccountId ?? "nobody");
        return Results.Created($"/api/tickets/{created.Id}", created);

        void Check(string name, string? text, int longest)
        {
            if (string.IsNullOrEmpty(text) || text.Length > longest)
            {
                problems[name] = [$"Send between 1 and {longest} characters."];
            }
        }
    }
}
