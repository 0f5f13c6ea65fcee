using System.Collections.Frozen;
using System.Text.Json;

namespace AgentAuth.Assertions;

/// <summary>The usable keys of a JWK set (RFC 7517 §5).</summary>
internal sealed class VerificationKeySet
{
    private readonly FrozenDictionary<string, VerificationKey> _keys;

    private VerificationKeySet(FrozenDictionary<string, VerificationKey> keys, int unusable)
    {
        _keys = keys;
        Unusable = unusable;
    }

    /// <summary>How many keys can be used.</summary>
    public int Count => _keys.Count;

    /// <summary>Their names, in order.</summary>
    public IEnumerable<string> KeyIds => _keys.Keys.Order(StringComparer.Ordinal);

    /// <summary>How many keys of the document cannot be used.</summary>
    public int Unusable { get; }

    /// <summary>Reads a JWK set; null when the document is none. Keys that cannot be used are left out.</summary>
    /// <param name="utf8">The document.</param>
    public static VerificationKeySet? Read(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.TryParseObject(utf8, out var document)
            || document.Member("keys") is not { ValueKind: JsonValueKind.Array } keys)
        {
            return null;
        }

        return Of(keys.EnumerateArray());
    }

    /// <summary>The set of some JWKs. Keys that cannot be used are left out.</summary>
    /// <param name="keys">The JWKs.</param>
    public static VerificationKeySet Of(IEnumerable<JsonElement> keys)
    {
        JsonElement[] all = [.. keys];

        // Two keys with one name leave open which is meant, so neither is used: a token names exactly one key.
        var usable = all
            .Select(VerificationKey.Read)
            .OfType<VerificationKey>()
            .GroupBy(key => key.KeyId, StringComparer.Ordinal)
            .Where(group => group.Count() == 1)
            .ToFrozenDictionary(group => group.Key, group => group.Single(), StringComparer.Ordinal);
        return new VerificationKeySet(usable, all.Length - usable.Count);
    }

    /// <summary>The key of exactly that name; null when there is none.</summary>
    /// <param name="keyId">A token's <c>kid</c>.</param>
    public VerificationKey? Find(string keyId) => _keys.GetValueOrDefault(keyId);
}
