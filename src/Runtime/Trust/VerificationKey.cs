using System.Buffers.Text;
using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using AgentAuth.Text;
using Microsoft.IdentityModel.Tokens;

namespace AgentAuth.Trust;

/// <summary>
/// A public key of a provider, bound to the algorithms it may be used with and to the length its signatures have. It is read from a JWK
/// (RFC 7517) only when all that the JWK says about itself agrees.
/// </summary>
internal sealed class VerificationKey
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    /// <summary>Our own, so that nothing the host does to the library's default factory reaches our signatures.</summary>
    private static readonly CryptoProviderFactory s_verifiers = new();

    private readonly ImmutableArray<(string Algorithm, SignatureProvider Provider)> _verifiers;
    private readonly int _signatureLength;

    private VerificationKey(string keyId, int signatureLength, ImmutableArray<(string Algorithm, SignatureProvider Provider)> verifiers)
    {
        KeyId = keyId;
        _signatureLength = signatureLength;
        _verifiers = verifiers;
    }

    /// <summary>Members that only a private or a symmetric key has (RFC 7518 §6).</summary>
    public static ImmutableArray<string> PrivateMembers { get; } = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary><c>kid</c>, compared byte for byte.</summary>
    public string KeyId { get; }

    /// <summary>What it can be used with.</summary>
    public IEnumerable<string> Algorithms => _verifiers.Select(verifier => verifier.Algorithm);

    /// <summary>Reads a JWK; null when it has no <c>kid</c>, is not for signatures, is weak, private or broken, or contradicts itself.</summary>
    /// <param name="jwk">One element of <c>keys</c>.</param>
    public static VerificationKey? Read(JsonElement jwk)
    {
        // A private key that was published is no longer anybody's, and half of its secrets give the others away.
        if (jwk.ValueKind is not JsonValueKind.Object
            || jwk.TextOf("kid") is not { Length: > 0 } keyId
            || PrivateMembers.Any(member => jwk.Has(member))
            || !IsForVerification(jwk))
        {
            return null;
        }

        return jwk.TextOf("kty") switch
        {
            "EC" => ReadEllipticCurve(jwk, keyId),
            "RSA" => ReadRsa(jwk, keyId),
            _ => null,
        };
    }

    /// <summary>True when the key can be used with an algorithm.</summary>
    /// <param name="algorithm">A token's <c>alg</c>.</param>
    public bool CanVerify(string algorithm) => _verifiers.Any(verifier => verifier.Algorithm == algorithm);

    /// <summary>Checks a signature.</summary>
    /// <param name="algorithm">The token's <c>alg</c>.</param>
    /// <param name="input">What was signed.</param>
    /// <param name="signature">The signature: for ECDSA the two numbers side by side (RFC 7518 §3.4), never DER.</param>
    /// <returns>False also when the key is not for that algorithm.</returns>
    public bool Verify(string algorithm, byte[] input, byte[] signature)
    {
        if (signature.Length != _signatureLength)
        {
            return false;
        }

        foreach (var verifier in _verifiers)
        {
            if (verifier.Algorithm == algorithm)
            {
                return verifier.Provider.Verify(input, signature);
            }
        }

        return false;
    }

    private static bool IsForVerification(JsonElement jwk)
    {
        if (jwk.TryGetProperty("use", out var use) && !use.ValueEqualsText("sig"))
        {
            return false;
        }

        return !jwk.TryGetProperty("key_ops", out var operations)
            || (operations.ValueKind is JsonValueKind.Array && AreForVerification([.. operations.EnumerateArray()]));
    }

    /// <summary>Strings, each once (RFC 7517 §4.3), and <c>verify</c> among them.</summary>
    private static bool AreForVerification(JsonElement[] operations) =>
        operations.All(operation => operation.ValueKind is JsonValueKind.String)
        && operations.Select(operation => operation.GetString()).Distinct(StringComparer.Ordinal).Count() == operations.Length
        && operations.Any(operation => operation.ValueEquals("verify"));

    private static VerificationKey? ReadEllipticCurve(JsonElement jwk, string keyId)
    {
        // One curve, one algorithm, one length of a coordinate (RFC 7518 §3.4, §6.2.1).
        var (algorithm, length, curve) = jwk.TextOf("crv") switch
        {
            "P-256" => (SignatureAlgorithm.Es256, 32, ECCurve.NamedCurves.nistP256),
            "P-384" => (SignatureAlgorithm.Es384, 48, ECCurve.NamedCurves.nistP384),
            _ => (null, 0, default),
        };
        if (algorithm is null || AlgorithmsOf(jwk, [algorithm]) is not { } algorithms
            || !Base64UrlText.TryDecode(jwk.TextOf("x"), out var x) || x.Length != length
            || !Base64UrlText.TryDecode(jwk.TextOf("y"), out var y) || y.Length != length
            || !IsOnCurve(curve, new ECPoint { X = x, Y = y }))
        {
            return null;
        }

        var key = new JsonWebKey { Kty = "EC", Crv = jwk.TextOf("crv"), X = jwk.TextOf("x"), Y = jwk.TextOf("y"), KeyId = keyId };
        return Create(key, signatureLength: 2 * length, algorithms);
    }

    private static VerificationKey? ReadRsa(JsonElement jwk, string keyId)
    {
        if (AlgorithmsOf(jwk, [SignatureAlgorithm.Rs256, SignatureAlgorithm.Ps256]) is not { } algorithms
            || !Base64UrlText.TryDecode(jwk.TextOf("n"), out var n)
            || !Base64UrlText.TryDecode(jwk.TextOf("e"), out var e))
        {
            return null;
        }

        var modulus = new BigInteger(n, isUnsigned: true, isBigEndian: true);
        var bits = modulus.GetBitLength();
        var exponent = new BigInteger(e, isUnsigned: true, isBigEndian: true);
        if (bits is < MinRsaBits or > MaxRsaBits || modulus.IsEven || exponent.IsEven || exponent.IsOne || exponent > uint.MaxValue
            || RocaFingerprint.Has(modulus))
        {
            return null;
        }

        // Some libraries write a zero before the modulus (RFC 7518 §6.3.1.1): it is the same number without.
        var key = new JsonWebKey { Kty = "RSA", N = Text(modulus), E = Text(exponent), KeyId = keyId };
        return Create(key, signatureLength: modulus.GetByteCount(isUnsigned: true), algorithms);

        static string Text(BigInteger number) => Base64Url.EncodeToString(number.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    /// <summary>What the key can do, narrowed by the JWK's <c>alg</c>; null when that names something the key cannot do.</summary>
    private static ImmutableArray<string>? AlgorithmsOf(JsonElement jwk, ImmutableArray<string> able)
    {
        if (!jwk.Has("alg"))
        {
            return able;
        }

        return jwk.TextOf("alg") is { } algorithm && able.Contains(algorithm) ? [algorithm] : null;
    }

    /// <summary>The platform checks a point when it is imported (RFC 8725 §3.4); the library would find out at the first signature.</summary>
    private static bool IsOnCurve(ECCurve curve, ECPoint point)
    {
        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = curve, Q = point });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Makes the verifiers once for the key's life. Each keeps a pool of handles and is thread-safe.</summary>
    private static VerificationKey Create(JsonWebKey key, int signatureLength, ImmutableArray<string> algorithms) => new(
        key.KeyId,
        signatureLength,
        [.. algorithms.Select(algorithm => (algorithm, s_verifiers.CreateForVerifying(key, algorithm, cacheProvider: false)))]);
}
