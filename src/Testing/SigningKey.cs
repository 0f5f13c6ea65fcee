using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AgentAuth.Testing;

/// <summary>A private key of the demo provider, made for one algorithm.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly ECDsa? _ecdsa;
    private readonly RSA? _rsa;
    private readonly HashAlgorithmName _hash;
    private readonly Lock _gate = new();

    /// <param name="algorithm">ES256, ES384, RS256 or PS256.</param>
    public SigningKey(string algorithm)
    {
        Algorithm = algorithm;
        _hash = algorithm == "ES384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        switch (algorithm)
        {
            case "ES256":
                _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                break;
            case "ES384":
                _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP384);
                break;
            case "RS256" or "PS256":
                _rsa = RSA.Create(2048);
                break;
            default:
                throw new ArgumentException($"The algorithm {algorithm} is none of ES256, ES384, RS256, PS256.", nameof(algorithm));
        }
    }

    public string Algorithm { get; }

    public string KeyId { get; } = "demo-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public byte[] Sign(byte[] input)
    {
        // The platform's key objects are not made for two threads at once.
        lock (_gate)
        {
            return _ecdsa is not null
                ? _ecdsa.SignData(input, _hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
                : _rsa!.SignData(input, _hash, Algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }
    }

    /// <summary>The public half as a JWK (RFC 7517).</summary>
    public JsonObject ToJwk()
    {
        var jwk = new JsonObject { ["kid"] = KeyId, ["alg"] = Algorithm, ["use"] = "sig" };
        if (_ecdsa is not null)
        {
            var point = _ecdsa.ExportParameters(includePrivateParameters: false).Q;
            jwk["kty"] = "EC";
            jwk["crv"] = Algorithm == "ES384" ? "P-384" : "P-256";
            jwk["x"] = Base64Url.EncodeToString(point.X);
            jwk["y"] = Base64Url.EncodeToString(point.Y);
        }
        else
        {
            var parameters = _rsa!.ExportParameters(includePrivateParameters: false);
            jwk["kty"] = "RSA";
            jwk["n"] = Base64Url.EncodeToString(parameters.Modulus);
            jwk["e"] = Base64Url.EncodeToString(parameters.Exponent);
        }

        return jwk;
    }

    public void Dispose()
    {
        _ecdsa?.Dispose();
        _rsa?.Dispose();
    }
}
