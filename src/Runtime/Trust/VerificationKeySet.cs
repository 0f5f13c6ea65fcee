using System.Collections.Frozen;
using System.Text.Json;
using AgentAuth.Text;

namespace AgentAuth.Trust;

/// <summary>The usable keys of a JWK set (RFC 7517 §5).</summary>
internal sealed class VerificationKeySet
{
    /// <summary>The most bytes that a document with keys may have.</summary>
    public const int SizeLimit = 64 * 1024;

    private readonly FrozenDictionary<(string KeyId, string Algorithm), VerificationKey> _keys;

    private VerificationKeySet(FrozenDictionary<(string KeyId, string Algorithm), VerificationKey> keys, int total)
    {
        _keys = keys;
        Count = keys.Values.Distinct().Count();
        Unusable = total - Count;
    }

    /// <summary>How many keys can be used.</summary>
    public int Count { get; }

    /// <summary>Their names, in order.</summary>
    public IEnumerable<string> KeyIds => _keys.Keys.Select(name => name.KeyId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>How many keys of the document cannot be used.</summary>
    public int Unusable { get; }

    /// <summary>Reads a JWK set; null when the document is none. Keys that cannot be used are left out.</summary>
    /// <param name="utf8">The document.</param>
    public static VerificationKeySet? Read(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.TryParseDocument(utf8, out var document)
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

        // A token names its key by `kid` and `alg`: keys of two kinds may have one `kid` (RFC 7517 §4.5). Two that one token could mean leave open
        // which it does, so neither is used for it.
        var usable = all
            .Select(VerificationKey.Read)
            .OfType<VerificationKey>()
            .SelectMany(key => key.Algorithms, (key, algorithm) => (Name: (key.KeyId, algorithm), Key: key))
            .GroupBy(entry => entry.Name, entry => entry.Key)
            .Where(group => group.Count() == 1)
            .ToFrozenDictionary(group => group.Key, group => group.Single());
        return new VerificationKeySet(usable, all.Length);
    }

    /// <summary>The key of exactly that name for an algorithm; null when there is none.</summary>
    /// <param name="keyId">A token's <c>kid</c>.</param>
    /// <param name="algorithm">Its <c>alg</c>.</param>
    public VerificationKey? Find(string keyId, string algorithm) => _keys.GetValueOrDefault((keyId, algorithm));
}
