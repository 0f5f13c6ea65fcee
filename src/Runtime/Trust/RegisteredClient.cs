using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace AgentAuth.Trust;

/// <summary>An OAuth client that the operator has registered, checked.</summary>
internal sealed record RegisteredClient
{
    /// <summary>The length of a secret's hash, in bytes.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>The <c>client_id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of each of its secrets.</summary>
    public required ImmutableArray<byte[]> SecretHashes { get; init; }

    /// <summary>Its public keys; null when it has none.</summary>
    public VerificationKeySet? Keys { get; init; }

    /// <summary>The issuer whose ID-JAGs it redeems; null: any trusted provider's.</summary>
    public string? Provider { get; init; }

    /// <summary>The most scopes that it gets; empty: all.</summary>
    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>True for one of its secrets. The time tells nothing about the secret, nor which of the hashes it was.</summary>
    public bool HasSecret(string secret)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        var isOne = false;
        foreach (var known in SecretHashes)
        {
            isOne |= CryptographicOperations.FixedTimeEquals(hash, known);
        }

        return isOne;
    }

    /// <summary>True for a client that may have this scope.</summary>
    public bool MayHave(string scope) => Scopes.IsEmpty || Scopes.Contains(scope, StringComparer.Ordinal);
}
