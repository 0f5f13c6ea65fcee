using System.Text;
using AgentAuth.Assertions;
using AgentAuth.Text;

namespace AgentAuth;

/// <summary>
/// Picks agents by what their ID-JAGs said about them. What is null is not asked about; what is given must be equal, byte for byte, and all
/// of it. Registrations without an ID-JAG have no such identity, and none is ever picked.
/// </summary>
public sealed record AgentIdentityFilter
{
    /// <summary><c>client_id</c>; null: any.</summary>
    public string? ClientId { get; init; }

    /// <summary><c>agent_platform</c>; null: any.</summary>
    public string? AgentPlatform { get; init; }

    /// <summary><c>agent_context_id</c>; null: any.</summary>
    public string? AgentContextId { get; init; }

    /// <summary>
    /// <c>act</c> (RFC 8693 §4.1) as JSON: the whole claim, whatever its white space, escapes and order of members; null: any.
    /// </summary>
    public string? Act { get; init; }

    /// <summary>True when it asks about nothing, and so picks every agent.</summary>
    internal bool IsEmpty => ClientId is null && AgentPlatform is null && AgentContextId is null && Act is null;

    /// <summary>The filter as it is compared with what is kept.</summary>
    /// <exception cref="ArgumentException">
    /// A member is empty, too long or has control characters, line breaks or marks that turn the direction of writing,
    /// or <see cref="Act"/> is no such JSON: it would pick nothing, ever.
    /// </exception>
    internal AgentIdentityFilter Canonical()
    {
        PlainText.CheckOptional(ClientId, "client_id");
        PlainText.CheckOptional(AgentPlatform, "agent_platform");
        PlainText.CheckOptional(AgentContextId, "agent_context_id");
        return Act is not { } text ? this
            : StrictJson.TryParseObject(Encoding.UTF8.GetBytes(text), out var actor) && ActorClaim.TryCanonicalize(actor, out var act) ? this with { Act = act }
            : throw new ArgumentException($"act must be a JSON object of at most {ActorClaim.MaxLength} bytes, nested at most {ActorClaim.MaxDepth} deep, as an ID-JAG has it.");
    }
}
