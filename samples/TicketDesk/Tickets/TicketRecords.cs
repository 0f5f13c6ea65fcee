using System.Text.Json.Serialization;

namespace TicketDesk.Tickets;

/// <summary>A support ticket.</summary>
internal sealed record Ticket(long Id, string Title, string Body, string Status, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>What a client sends to open one.</summary>
internal sealed record NewTicket(string? Title, string? Body);

/// <summary>A customer.</summary>
internal sealed record Customer(long Id, string Name, string Plan);

/// <summary>JSON without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Ticket))]
[JsonSerializable(typeof(IReadOnlyList<Ticket>))]
[JsonSerializable(typeof(NewTicket))]
[JsonSerializable(typeof(IReadOnlyList<Customer>))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Http.HttpValidationProblemDetails))]
internal sealed partial class TicketJson : JsonSerializerContext;
