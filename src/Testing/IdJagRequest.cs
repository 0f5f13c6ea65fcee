using System.Text.Json.Nodes;

namespace AgentAuth.Testing;

/// <summary>What an ID-JAG shall say. Only <see cref="Audience"/> is required.</summary>
public sealed record IdJagRequest
{
    /// <summary><c>aud</c>: the service's issuer, byte for byte.</summary>
    public required string Audience { get; init; }

    /// <summary>Whom it is about; null: the provider's first user.</summary>
    public DemoUser? User { get; init; }

    /// <summary><c>client_id</c>; null: the provider itself.</summary>
    public string? ClientId { get; init; }

    /// <summary>From <c>iat</c>, which is now, to <c>exp</c>.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>jti</c>; null: a fresh one.</summary>
    public string? JwtId { get; init; }

    /// <summary><c>scope</c>; null: none, so that the service grants what it grants.</summary>
    public string? Scope { get; init; }

    /// <summary><c>amr</c> (RFC 8176); empty: none.</summary>
    public IReadOnlyList<string> AuthenticationMethods { get; init; } = [];

    /// <summary><c>acr</c>; null: none.</summary>
    public string? AuthenticationContext { get; init; }

    /// <summary><c>auth_time</c>, when the user signed in, in whole seconds; null: none.</summary>
    public DateTimeOffset? AuthenticationTime { get; init; }

    /// <summary><c>agent_platform</c>; null: none.</summary>
    public string? AgentPlatform { get; init; }

    /// <summary><c>agent_context_id</c>; null: none.</summary>
    public string? AgentContextId { get; init; }

    /// <summary>Has the last word on the header, for tokens that must be refused.</summary>
    public Action<JsonObject>? Header { get; init; }

    /// <summary>Has the last word on the claims, for tokens that must be refused, and for claims not named here.</summary>
    public Action<JsonObject>? Claims { get; init; }
}
