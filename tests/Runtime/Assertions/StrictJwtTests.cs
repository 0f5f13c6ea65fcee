using System.Buffers.Text;
using System.Text;
using AgentAuth.Protocol;
using AgentAuth.Refusals;

namespace AgentAuth.Assertions;

public class StrictJwtTests
{
    private const string Header = """{"alg":"ES256","typ":"oauth-id-jag+jwt","kid":"k"}""";

    [Theory]
    [InlineData("oauth-id-jag+jwt")]
    [InlineData("OAuth-ID-JAG+JWT")]
    [InlineData("application/oauth-id-jag+jwt")]
    [InlineData("Application/OAUTH-ID-JAG+jwt")]
    public void Type_is_compared_without_case_and_prefix(string typ) =>
        Assert.NotNull(Read($$"""{"alg":"ES256","typ":"{{typ}}"}""", "{}").Value);

    [Fact]
    public void Parts_are_handed_on_as_they_are()
    {
        var jwt = Read(Header, """{"sub":"ü"}""").Value!;

        Assert.Equal("ES256", jwt.Algorithm);
        Assert.Equal("k", jwt.KeyId);
        Assert.Equal("ü", jwt.Claims.GetProperty("sub").GetString());
        Assert.Equal(Segment(Header) + "." + Segment("""{"sub":"ü"}"""), Encoding.ASCII.GetString(jwt.SigningInput));
        Assert.Equal([1, 2, 3], jwt.Signature);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":1}//")]
    [InlineData("/**/{\"a\":1}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":01}")]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"a\":[{\"b\":\"\\udc00\\ud800\"}]}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"a\":[1,{\"b\":{\"c\":1,\"\\udc00\":2}}]}")]
    [InlineData("{\"a\":\"\t\"}")]
    public void Payload_that_is_no_strict_JSON_object_is_malformed(string payload) =>
        Assert.Equal(RefusalReason.MalformedAssertion, Read(Header, payload).Refusal?.Reason);

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xc0, 0x80 })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    [InlineData(new byte[] { 0xe2, 0x82 })]
    public void Payload_with_invalid_UTF_8_is_malformed(byte[] bad)
    {
        byte[] payload = [.. "{\"a\":\""u8, .. bad, .. "\"}"u8];

        Assert.Equal(RefusalReason.MalformedAssertion, StrictJwt.Read($"{Segment(Header)}.{Base64Url.EncodeToString(payload)}.AQID", StrictJwt.IdJagType).Refusal?.Reason);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Depth_is_bounded(int depth, bool isRead)
    {
        var payload = string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);

        Assert.Equal(isRead, Read(Header, payload).Value is not null);
    }

    [Theory]
    [InlineData("""{"typ":"oauth-id-jag+jwt"}""")]
    [InlineData("""{"alg":null,"typ":"oauth-id-jag+jwt"}""")]
    [InlineData("""{"alg":["ES256"],"typ":"oauth-id-jag+jwt"}""")]
    [InlineData("""{"alg":"ES256","typ":["oauth-id-jag+jwt"]}""")]
    [InlineData("""{"alg":"ES256","typ":"oauth-id-jag+jwt","kid":{}}""")]
    [InlineData("""{"alg":"ES256","typ":"oauth-id-jag+jwt","cty":0}""")]
    [InlineData("""{"alg":"ES256","typ":"oauth-id-jag+jwt","jku":["https://agents.example/keys"]}""")]
    [InlineData("""{"alg":"ES256","typ":"oauth-id-jag+jwt","x5u":null}""")]
    [InlineData("""{"alg":"ES256","typ":"oauth-id-jag+jwt","x5t":{}}""")]
    [InlineData("""{"alg":"ES256","typ":"oauth-id-jag+jwt","x5t#S256":true}""")]
    public void Header_of_the_wrong_kind_is_malformed(string header) =>
        Assert.Equal(RefusalReason.MalformedAssertion, Read(header, "{}").Refusal?.Reason);

    [Theory]
    [InlineData(16384, true)]
    [InlineData(16385, false)]
    public void Token_has_16_kB_at_the_most(int length, bool isRead)
    {
        // Three bytes are four characters, so the signature takes what is over.
        var signature = new string('A', length % 4 == 1 ? 3 : 4);
        var padding = ((length - Segment(Header).Length - 2 - signature.Length) / 4 * 3) - 8;
        var token = $"{Segment(Header)}.{Segment($$"""{"x":"{{new string('a', padding)}}"}""")}.{signature}";
        while (token.Length < length)
        {
            token += "A";
        }

        Assert.Equal(length, token.Length);
        Assert.Equal(isRead, StrictJwt.Read(token, StrictJwt.IdJagType).Value is not null);
    }

    [Fact]
    public void No_text_makes_the_gate_throw()
    {
        var random = new Random(20260521);
        var good = $"{Segment(Header)}.{Segment("""{"iss":"a","n":[1,{"b":"\u00e9"}]}""")}.AQID";
        for (var round = 0; round < 20_000; round++)
        {
            var text = good.ToCharArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                text[random.Next(text.Length)] = (char)random.Next(0, round % 2 == 0 ? 128 : 0x3000);
            }

            var result = StrictJwt.Read(new string(text), StrictJwt.IdJagType);
            Assert.True(result.Value is null != result.Refusal is null);
        }
    }

    [Fact]
    public void No_payload_makes_the_gate_throw()
    {
        var random = new Random(20260522);
        var good = Encoding.UTF8.GetBytes("""{"iss":"a","act":{"sub":"\ud83d\ude00"},"n":[1e5,-0,true,null,"é"]}""");
        for (var round = 0; round < 20_000; round++)
        {
            var payload = (byte[])good.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                payload[random.Next(payload.Length)] = (byte)random.Next(256);
            }

            var result = StrictJwt.Read($"{Segment(Header)}.{Base64Url.EncodeToString(payload)}.AQID", StrictJwt.IdJagType);
            Assert.True(result.Value is null != result.Refusal is null);
        }
    }

    private static Outcome<StrictJwt> Read(string header, string payload) =>
        StrictJwt.Read($"{Segment(header)}.{Segment(payload)}.AQID", StrictJwt.IdJagType);

    private static string Segment(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
