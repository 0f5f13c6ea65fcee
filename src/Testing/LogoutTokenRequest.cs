using System.Text.Json.Nodes;

namespace AgentAuth.Testing;

/// <summary>What a logout token shall say. Only <see cref="Audience"/> is required.</summary>
public sealed record LogoutTokenRequest
{
    /// <summary><c>aud</c>: the service's issuer, byte for byte.</summary>
    public required string Audience { get; init; }

    /// <summary>Whose access ends; null: that of the provider's first user.</summary>
    public DemoUser? User { get; init; }

    /// <summary><c>jti</c>; null: a fresh one.</summary>
    public string? JwtId { get; init; }

    /// <summary>Has the last word on the header, for tokens that must be refused.</summary>
    public Action<JsonObject>? Header { get; init; }

    /// <summary>Has the last word on the claims, for tokens that must be refused.</summary>
    public Action<JsonObject>? Claims { get; init; }
}
