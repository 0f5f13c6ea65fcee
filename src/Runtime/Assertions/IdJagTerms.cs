using System.Collections.Immutable;
using AgentAuth.Trust;

namespace AgentAuth.Assertions;

/// <summary>What differs between the doors to which an ID-JAG can be brought.</summary>
internal sealed record IdJagTerms
{
    /// <summary>The doors of auth.md: a verified address or phone number is asked for, and <c>aud</c> may be the resource.</summary>
    public static IdJagTerms AgentDoor { get; } = new();

    /// <summary>True at the token endpoint: <c>aud</c> is the issuer, and an address is needed for linking only.</summary>
    public bool IsTokenEndpoint { get; init; }

    /// <summary>The <c>client_id</c> that came with the request; null: none did.</summary>
    public string? ClientId { get; init; }

    /// <summary>The registered client that has proved who it is; null: none has.</summary>
    public RegisteredClient? Client { get; init; }

    /// <summary>The scopes that were asked for; null: all.</summary>
    public ImmutableArray<string>? Scopes { get; init; }
}
