namespace TicketDesk.Tickets;

/// <summary>A ticket as the list shows it.</summary>
public sealed record Ticket(long Id, string Title, TicketStatus Status, long? CustomerId, DateTimeOffset CreatedAt);

/// <summary>A ticket with what was said about it.</summary>
public sealed record TicketDetails(Ticket Ticket, IReadOnlyList<TicketComment> Comments);

/// <summary>A remark on a ticket.</summary>
public sealed record TicketComment(string Author, string Text, DateTimeOffset At);

/// <summary>Where a ticket stands.</summary>
public enum TicketStatus
{
    /// <summary>Somebody has to do something.</summary>
    Open,

    /// <summary>Done.</summary>
    Closed,
}

/// <summary>A customer's profile.</summary>
public sealed record Customer(long Id, string Name, string Email);

/// <summary>What a caller sends to create a ticket. Nothing of it has been checked.</summary>
public sealed record NewTicket(string? Title, long? CustomerId);
