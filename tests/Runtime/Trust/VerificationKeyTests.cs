using System.Buffers.Text;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentAuth.Assertions;

namespace AgentAuth.Trust;

public class VerificationKeyTests
{
    public static TheoryData<string, string, string?> Contradictions => new()
    {
        { "ES256", "use", "\"enc\"" },
        { "ES256", "use", "1" },
        { "ES256", "key_ops", "[\"sign\"]" },
        { "ES256", "key_ops", "[]" },
        { "ES256", "key_ops", "\"verify\"" },
        { "ES256", "key_ops", "[\"verify\",\"verify\"]" },
        { "ES256", "key_ops", "[\"verify\",1]" },
        { "ES256", "k", "\"AAAA\"" },
        { "RS256", "p", "\"AAAA\"" },
        { "RS256", "q", "\"AAAA\"" },
        { "RS256", "dp", "\"AAAA\"" },
        { "RS256", "dq", "\"AAAA\"" },
        { "RS256", "qi", "\"AAAA\"" },
        { "RS256", "oth", "[]" },
        { "ES256", "alg", "\"ES384\"" },
        { "ES256", "alg", "\"HS256\"" },
        { "ES256", "alg", "\"none\"" },
        { "ES256", "alg", "null" },
        { "ES256", "alg", "7" },
        { "ES256", "crv", "\"P-384\"" },
        { "ES256", "crv", "\"P-521\"" },
        { "ES256", "crv", "\"secp256k1\"" },
        { "ES256", "kty", "\"RSA\"" },
        { "ES256", "kty", "\"oct\"" },
        { "ES256", "kty", "\"OKP\"" },
        { "ES256", "kty", "null" },
        { "ES256", "kid", null },
        { "ES256", "kid", "\"\"" },
        { "ES256", "kid", "7" },
        { "ES256", "x", null },
        { "ES256", "x", "\"AAAA\"" },
        { "ES256", "y", "\"!\"" },
        { "ES256", "d", "\"AAAA\"" },
        { "RS256", "kty", "\"EC\"" },
        { "RS256", "alg", "\"ES256\"" },
        { "RS256", "alg", "\"RS512\"" },
        { "RS256", "n", null },
        { "RS256", "n", "\"AQAB\"" },
        { "RS256", "e", null },
        { "RS256", "e", "\"AQ\"" },
        { "RS256", "e", "\"AQAC\"" },
        { "RS256", "e", "\"AQAAAAE\"" },
        { "RS256", "d", "\"AAAA\"" },
        { "RS256", "use", "\"enc\"" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Key_that_contradicts_itself_is_not_read(string algorithm, string member, string? value)
    {
        var key = TestKey.Create(algorithm);
        Assert.NotNull(VerificationKey.Read(Parse(key.Jwk)));
        if (value is null)
        {
            key.Jwk.Remove(member);
        }
        else
        {
            key.Jwk[member] = JsonNode.Parse(value);
        }

        Assert.Null(VerificationKey.Read(Parse(key.Jwk)));
    }

    [Fact]
    public void RSA_key_under_2048_bits_is_not_read() => Assert.Null(VerificationKey.Read(Parse(TestKey.Create("RS256", rsaBits: 1024).Jwk)));

    [Theory]
    [InlineData(2047, false)]
    [InlineData(2048, true)]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public void RSA_key_has_2048_to_8192_bits(int bits, bool isRead)
    {
        var key = TestKey.Create("RS256");
        key.Jwk["n"] = Base64Url.EncodeToString(((BigInteger.One << (bits - 1)) + 1).ToByteArray(isUnsigned: true, isBigEndian: true));

        Assert.Equal(isRead, VerificationKey.Read(Parse(key.Jwk)) is not null);
    }

    [Theory]
    [InlineData("AQ", false)] // 1
    [InlineData("Ag", false)] // 2
    [InlineData("Aw", true)] // 3
    [InlineData("BA", false)] // 4
    [InlineData("_____w", true)] // 2³² - 1
    [InlineData("AQAAAAE", false)] // 2³² + 1
    [InlineData("gAE", true)] // 2¹⁵ + 1, whose first bit is no sign
    [InlineData("gAAAAAE", false)] // 2³⁹ + 1
    public void Exponent_is_odd_and_3_to_32_bits(string exponent, bool isRead)
    {
        var key = TestKey.Create("RS256");
        key.Jwk["e"] = exponent;

        Assert.Equal(isRead, VerificationKey.Read(Parse(key.Jwk)) is not null);
    }

    [Fact]
    public void RSA_key_with_an_even_modulus_is_not_read()
    {
        var key = TestKey.Create("RS256");
        var n = Base64Url.DecodeFromChars(key.Jwk["n"]!.GetValue<string>());
        n[^1] ^= 1;
        key.Jwk["n"] = Base64Url.EncodeToString(n);

        Assert.Null(VerificationKey.Read(Parse(key.Jwk)));
    }

    [Fact]
    public void Point_beside_its_curve_is_not_read()
    {
        var key = TestKey.Create();
        var y = Base64Url.DecodeFromChars(key.Jwk["y"]!.GetValue<string>());
        y[31] ^= 1;
        key.Jwk["y"] = Base64Url.EncodeToString(y);

        Assert.Null(VerificationKey.Read(Parse(key.Jwk)));
    }

    [Fact]
    public void Point_with_zeros_before_its_coordinates_is_not_read()
    {
        var key = TestKey.Create();
        foreach (var coordinate in (string[])["x", "y"])
        {
            key.Jwk[coordinate] = Base64Url.EncodeToString([0, .. Base64Url.DecodeFromChars(key.Jwk[coordinate]!.GetValue<string>())]);
        }

        Assert.Null(VerificationKey.Read(Parse(key.Jwk)));
    }

    [Fact]
    public void Point_at_the_origin_is_not_read()
    {
        var key = TestKey.Create();
        key.Jwk["x"] = Base64Url.EncodeToString(new byte[32]);
        key.Jwk["y"] = Base64Url.EncodeToString(new byte[32]);

        Assert.Null(VerificationKey.Read(Parse(key.Jwk)));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public void Key_verifies_its_own_algorithm_only(string algorithm)
    {
        var signer = TestKey.Create(algorithm);
        signer.Jwk["use"] = "sig";
        signer.Jwk["key_ops"] = new JsonArray("sign", "verify");
        var key = VerificationKey.Read(Parse(signer.Jwk))!;
        var signature = signer.Sign("input");

        foreach (var claimed in (string[])["ES256", "ES384", "RS256", "PS256", "HS256", "none", ""])
        {
            Assert.Equal(claimed == algorithm, key.Verify(claimed, "input"u8.ToArray(), signature));
        }

        Assert.False(key.Verify(algorithm, "other"u8.ToArray(), signature));
    }

    [Fact]
    public void Key_can_be_used_by_many_threads_at_once()
    {
        var signer = TestKey.Create();
        var key = VerificationKey.Read(Parse(signer.Jwk))!;
        var good = signer.Sign("input");
        var bad = signer.Sign("other");

        Parallel.For(0, 2000, i => Assert.Equal(i % 2 == 0, key.Verify("ES256", "input"u8.ToArray(), i % 2 == 0 ? good : bad)));
    }

    [Fact]
    public void Two_keys_of_one_name_are_both_left_out()
    {
        var set = VerificationKeySet.Read(Utf8(VerifierBench.KeySet(TestKey.Create(kid: "a").Jwk, TestKey.Create(kid: "a").Jwk, TestKey.Create(kid: "b").Jwk)))!;

        Assert.Null(set.Find("a", "ES256"));
        Assert.NotNull(set.Find("b", "ES256"));
        Assert.Null(set.Find("B", "ES256"));
        Assert.Equal((1, 2), (set.Count, set.Unusable));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[],\"keys\":[]}")]
    [InlineData("{\"keys\":[]}x")]
    public void Document_that_is_no_key_set_is_not_read(string json) => Assert.Null(VerificationKeySet.Read(Utf8(json)));

    [Fact]
    public void Elements_that_are_no_keys_are_left_out() => Assert.Equal(0, VerificationKeySet.Read(Utf8("{\"keys\":[1,null,\"x\",[],{}]}"))!.Count);

    private static JsonElement Parse(JsonObject json) => JsonElement.Parse(json.ToJsonString());

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
