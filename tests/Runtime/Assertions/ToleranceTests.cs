using System.Net;
using System.Text.Json.Nodes;
using AgentAuth.Protocol;

namespace AgentAuth.Assertions;

/// <summary>What the RFCs allow and was refused once, through the whole service.</summary>
public sealed class ToleranceTests
{
    [Finding("W9", "An ID-JAG whose `iat`, `nbf` and `exp` have fractions or exponents", "It is taken, expires at that very instant, and is good once")]
    [Fact]
    public async Task W9_instants_with_a_fraction_are_compared_as_instants()
    {
        await using var bench = await VerifierBench.StartAsync();
        var seconds = VerifierBench.Start.ToUnixTimeSeconds();
        string Token() => bench.Token(claims =>
        {
            claims["iat"] = JsonNode.Parse($"{seconds}.25");
            claims["nbf"] = JsonNode.Parse("1.7e9");
            claims["exp"] = JsonNode.Parse($"{seconds + 10}.5");
        });
        var (early, late) = (Token(), Token());
        var verified = await bench.AcceptAsync(early);

        Assert.Equal((VerifierBench.Start.AddSeconds(0.25), VerifierBench.Start.AddSeconds(70.5)), (verified.IssuedAt, verified.RememberUntil));
        bench.Clock.Advance(TimeSpan.FromSeconds(70.499));
        (await bench.App.RegisterByAssertionAsync(early)).Is(HttpStatusCode.BadRequest, "replay_detected");
        await bench.AcceptAsync(late);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await bench.RefuseAsync(late, RefusalReason.AssertionExpired);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1.5")]
    public async Task W9_nbf_of_long_ago_says_nothing(string value)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.AcceptAsync(bench.Token(claims => claims["nbf"] = JsonNode.Parse(value)));
        await bench.AcceptLogoutAsync(bench.LogoutToken(claims => claims["nbf"] = JsonNode.Parse(value)));
    }

    [Finding("W9", "A JWK set with keys of two kinds and one `kid` (RFC 7517 §4.5)", "A token's `alg` says which of them it means; two that it could mean are not used")]
    [Fact]
    public async Task W9_keys_of_two_kinds_may_have_one_name()
    {
        await using var bench = await VerifierBench.StartAsync();
        var rsa = TestKey.Create("RS256");
        bench.Published.Add(rsa.Jwk);
        string Token(string algorithm, TestKey key) => bench.Token(header: header => header["alg"] = algorithm, key: key);

        await bench.AcceptAsync(Token("ES256", bench.Key));
        await bench.AcceptAsync(Token("RS256", rsa));
        await bench.RefuseAsync(Token("RS256", bench.Key), RefusalReason.InvalidSignature);
        await bench.RefuseAsync(Token("ES256", rsa), RefusalReason.InvalidSignature);

        bench.Published.Add(TestKey.Create("RS256").Jwk);
        bench.Clock.Advance(ProviderKeys.Ceiling);
        await bench.RefuseAsync(Token("RS256", rsa), RefusalReason.InvalidSignature);
        await bench.AcceptAsync(Token("ES256", bench.Key));
    }

    [Finding("W9", "A JWK set or a client document behind a byte order mark, as editors write them", "The mark is ignored there; in a token it is refused")]
    [Fact]
    public async Task W9_byte_order_mark_before_a_document_is_ignored()
    {
        await using var bench = await VerifierBench.StartAsync();
        bench.Server.Answer = context => LoopbackServer.Json(
            () => "\uFEFF" + (context.Request.Path == "/client.json" ? bench.ClientDocument.ToJsonString() : VerifierBench.KeySet(bench.Key.Jwk)))(context);

        await bench.AcceptAsync(bench.Token(claims => claims["client_id"] = bench.ClientId));
        await bench.RefuseAsync(bench.Key.Sign("\uFEFF" + bench.Header().ToJsonString(), bench.Claims().ToJsonString()), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Key.Sign(bench.Header().ToJsonString(), "\uFEFF" + bench.Claims().ToJsonString()), RefusalReason.MalformedAssertion);
    }
}
