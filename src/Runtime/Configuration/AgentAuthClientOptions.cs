namespace AgentAuth;

/// <summary>
/// An OAuth client that this service knows (RFC 6749 §2). It proves who it is by a secret of which only the hash stands here, or by a key
/// (<c>private_key_jwt</c>, RFC 7523 §2.2).
/// </summary>
public sealed class AgentAuthClientOptions
{
    /// <summary>The <c>client_id</c>: up to 1024 characters of plain text. Required.</summary>
    public string? Id { get; set; }

    /// <summary>
    /// Hashes of the client's secrets: <c>sha256:</c> and the hash in base64. Two at a time let a secret be replaced without a gap. A secret is
    /// made by a machine, of 32 random bytes or more: a hash like this hides nothing that could be guessed.
    /// </summary>
    public IList<string> SecretHashes { get; } = [];

    /// <summary>The client's public keys, each a JWK (RFC 7517 §4) as JSON.</summary>
    public IList<string> Keys { get; } = [];

    /// <summary>The issuer whose ID-JAGs it redeems; null: any trusted provider's.</summary>
    public string? Provider { get; set; }

    /// <summary>The most scopes that it gets; empty: all that auth.md has.</summary>
    public IList<string> Scopes { get; } = [];
}
