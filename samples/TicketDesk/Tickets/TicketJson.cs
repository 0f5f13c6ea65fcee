using System.Text.Json.Serialization;

namespace TicketDesk.Tickets;

/// <summary>The JSON of the API, written at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<Ticket>))]
[JsonSerializable(typeof(TicketDetails))]
[JsonSerializable(typeof(IReadOnlyList<Customer>))]
[JsonSerializable(typeof(NewTicket))]
public sealed partial class TicketJson : JsonSerializerContext;
