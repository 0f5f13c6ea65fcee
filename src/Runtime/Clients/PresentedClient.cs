namespace AgentAuth.Clients;

/// <summary>By what a client says who it is.</summary>
internal sealed record PresentedClient
{
    /// <summary>The <c>client_id</c>; null: none.</summary>
    public string? Id { get; init; }

    /// <summary>The secret; null: none.</summary>
    public string? Secret { get; init; }

    /// <summary>The assertion (RFC 7523 §2.2); null: none.</summary>
    public string? Assertion { get; init; }

    // A record prints its members; this one must not.
    public override string ToString() => "(client)";
}
