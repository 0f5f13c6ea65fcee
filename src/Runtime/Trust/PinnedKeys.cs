using System.Text.Json;
using AgentAuth.Text;

namespace AgentAuth.Trust;

/// <summary>
/// Keys of a provider that are written down here instead of being fetched. A fetched set may hold keys of no use to us, and they are left out; a
/// key that an operator pins and that can never verify anything is a mistake, and is told.
/// </summary>
internal static class PinnedKeys
{
    /// <summary>Reads single JWKs.</summary>
    /// <param name="keys">Where each stands, and its JSON.</param>
    /// <param name="algorithms">What the provider may sign with.</param>
    /// <param name="report">Takes a sentence for each key that cannot be used.</param>
    /// <returns>The set; null when something was reported.</returns>
    public static VerificationKeySet? Read(
        IEnumerable<(string Where, byte[] Json)> keys, IReadOnlyCollection<string> algorithms, Action<string> report)
    {
        List<(string Where, JsonElement Jwk)> read = [];
        var isSound = true;
        foreach (var (where, json) in keys)
        {
            if (StrictJson.TryParseObject(json, out var jwk))
            {
                read.Add((where, jwk));
            }
            else
            {
                isSound = false;
                report($"{where} is not a JWK: one JSON object in UTF-8 without duplicate members (RFC 7517).");
            }
        }

        return Check(read, algorithms, report) && isSound ? VerificationKeySet.Of(read.Select(key => key.Jwk)) : null;
    }

    /// <summary>Reads a JWK set.</summary>
    /// <param name="where">Where it stands.</param>
    /// <param name="json">The set.</param>
    /// <param name="algorithms">What the provider may sign with.</param>
    /// <param name="report">Takes a sentence for each key that cannot be used.</param>
    /// <returns>The set; null when something was reported.</returns>
    public static VerificationKeySet? ReadSet(string where, ReadOnlySpan<byte> json, IReadOnlyCollection<string> algorithms, Action<string> report)
    {
        if (!StrictJson.TryParseObject(json, out var set) || set.Member("keys") is not { ValueKind: JsonValueKind.Array } keys)
        {
            report($"{where} is not a JWK set: one JSON object in UTF-8, without duplicate members, whose member `keys` is an array (RFC 7517 §5).");
            return null;
        }

        if (keys.GetArrayLength() == 0)
        {
            report($"{where} holds no key, so that no token of the provider could be verified.");
            return null;
        }

        return Check([.. keys.EnumerateArray().Select((jwk, index) => ($"{where}, key {index},", jwk))], algorithms, report)
            ? VerificationKeySet.Of(keys.EnumerateArray())
            : null;
    }

    private static bool Check(List<(string Where, JsonElement Jwk)> keys, IReadOnlyCollection<string> algorithms, Action<string> report)
    {
        var names = new HashSet<(string KeyId, string Algorithm)>();
        var isSound = true;
        foreach (var (where, jwk) in keys)
        {
            if (WhyUnusable(jwk, algorithms, names) is { } why)
            {
                isSound = false;
                report($"{where} {why}");
            }
        }

        return isSound;
    }

    private static string? WhyUnusable(JsonElement jwk, IReadOnlyCollection<string> algorithms, HashSet<(string KeyId, string Algorithm)> names)
    {
        if (jwk.ValueKind is not JsonValueKind.Object)
        {
            return "is not a JWK: it must be a JSON object (RFC 7517 §4).";
        }

        if (VerificationKey.PrivateMembers.FirstOrDefault(member => jwk.Has(member)) is { } secret)
        {
            return $"is private or symmetric: it has `{secret}`. Pin the public key alone, and let the provider replace this one, which now lies here too.";
        }

        if (!KeyName.IsUsable(jwk.TextOf("kid")))
        {
            return "has no `kid` that a token could name: 1 to 256 characters of those that names of keys are made of.";
        }

        if (VerificationKey.Read(jwk) is not { } key)
        {
            return "cannot be used: it must be an EC key on P-256 or P-384, or an RSA key of 2048 to 8192 bits, for signatures, with all members agreeing.";
        }

        if (!algorithms.Any(key.CanVerify))
        {
            return $"is for none of the provider's algorithms: {string.Join(", ", algorithms)}.";
        }

        // Keys of two kinds may have one name: a token says by its `alg` which of them it means.
        return key.Algorithms.All(algorithm => names.Add((key.KeyId, algorithm)))
            ? null
            : "has the `kid` of a key before it that is for the same `alg`, so that it is open which of them is meant. Keep one.";
    }
}
