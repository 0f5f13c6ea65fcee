using System.Text.Json.Serialization;

namespace TicketDesk.Demo;

/// <summary>What the page must know to begin.</summary>
public sealed record DemoSettings(string ProviderUrl);

/// <summary>A mail in the inbox.</summary>
public sealed record DemoMail(string To, string From, string Subject, string Text, IReadOnlyList<Uri> Links);

/// <summary>A row of the audit trail.</summary>
public sealed record DemoAuditRow(DateTimeOffset At, string Event, string Outcome, string? RegistrationId, string? Subject, string? Issuer);

/// <summary>The JSON of the demo endpoints, written at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DemoSettings))]
[JsonSerializable(typeof(IReadOnlyList<DemoMail>))]
[JsonSerializable(typeof(IReadOnlyList<DemoAuditRow>))]
public sealed partial class DemoJson : JsonSerializerContext;
