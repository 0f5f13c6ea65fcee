using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentAuth.Assertions;

/// <summary>A signing key of a provider under test, and the JWT maker: it signs what it is given, good or bad.</summary>
internal sealed class TestKey
{
    private readonly Func<byte[], byte[]> _sign;

    private TestKey(string algorithm, JsonObject jwk, Func<byte[], byte[]> sign)
    {
        Algorithm = algorithm;
        Jwk = jwk;
        _sign = sign;
    }

    public string Algorithm { get; }

    /// <summary>The public half; tests may change their copy.</summary>
    public JsonObject Jwk { get; }

    public string KeyId => Jwk["kid"]!.GetValue<string>();

    public static TestKey Create(string algorithm = "ES256", string kid = "key-1", int rsaBits = 2048) => algorithm switch
    {
        "ES256" => CreateEllipticCurve(algorithm, "P-256", ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256, kid),
        "ES384" => CreateEllipticCurve(algorithm, "P-384", ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384, kid),
        "RS256" => CreateRsa(algorithm, RSASignaturePadding.Pkcs1, kid, rsaBits),
        _ => CreateRsa("PS256", RSASignaturePadding.Pss, kid, rsaBits),
    };

    public byte[] Sign(string input) => _sign(Encoding.ASCII.GetBytes(input));

    public string Sign(JsonObject header, JsonObject claims) => Sign(header.ToJsonString(), claims.ToJsonString());

    public string Sign(string header, string claims) => Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(claims));

    public string Sign(byte[] header, byte[] claims)
    {
        var input = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        return $"{input}.{Base64Url.EncodeToString(Sign(input))}";
    }

    private static TestKey CreateEllipticCurve(string algorithm, string name, ECCurve curve, HashAlgorithmName hash, string kid)
    {
        var key = ECDsa.Create(curve);
        var point = key.ExportParameters(false).Q;
        var jwk = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = name,
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
            ["kid"] = kid,
        };
        return new TestKey(algorithm, jwk, input => key.SignData(input, hash));
    }

    private static TestKey CreateRsa(string algorithm, RSASignaturePadding padding, string kid, int bits)
    {
        var key = RSA.Create(bits);
        var parameters = key.ExportParameters(false);
        var jwk = new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = Base64Url.EncodeToString(parameters.Modulus),
            ["e"] = Base64Url.EncodeToString(parameters.Exponent),
            ["kid"] = kid,
        };
        return new TestKey(algorithm, jwk, input => key.SignData(input, HashAlgorithmName.SHA256, padding));
    }
}
