using System.Text;
using System.Text.Json.Nodes;
using AgentAuth.Assertions;
using AgentAuth.Protocol;

namespace AgentAuth.Trust;

public class PinnedKeysTests
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task Tokens_of_a_pinned_key_are_accepted_without_any_request(string algorithm)
    {
        var key = TestKey.Create(algorithm);
        await using var bench = await StartAsync(key);

        await bench.AcceptAsync(bench.Token());
        await bench.AcceptLogoutAsync(bench.LogoutToken());

        AssertNothingFetched(bench);
    }

    [Fact]
    public async Task Unknown_kid_is_a_bad_signature_without_any_request()
    {
        await using var bench = await StartAsync(TestKey.Create());

        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = "key-2"), RefusalReason.InvalidSignature);
        await bench.RefuseLogoutAsync(bench.LogoutToken(header: header => header["kid"] = "key-2"), RefusalReason.InvalidSignature);
        bench.Clock.Advance(TimeSpan.FromDays(2));
        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = "key-2"), RefusalReason.InvalidSignature);
        await bench.AcceptAsync(bench.Token());

        AssertNothingFetched(bench);
    }

    [Fact]
    public async Task Key_that_the_provider_publishes_and_nobody_pinned_is_a_bad_signature()
    {
        await using var bench = await StartAsync(TestKey.Create());
        var published = TestKey.Create();
        bench.Published.Add(published.Jwk);

        await bench.RefuseAsync(bench.Token(key: published), RefusalReason.InvalidSignature);

        AssertNothingFetched(bench);
    }

    [Fact]
    public async Task Where_no_key_URL_is_known_no_document_vouches_for_a_client_and_none_is_fetched()
    {
        await using var bench = await StartAsync(TestKey.Create());

        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = bench.ClientId), RefusalReason.InvalidClient);

        AssertNothingFetched(bench);
    }

    [Fact]
    public async Task A_key_URL_beside_pinned_keys_is_what_a_clients_document_must_name_and_nothing_more()
    {
        var key = TestKey.Create();
        await using var bench = await StartAsync(key, provider => provider);

        await bench.AcceptAsync(bench.Token(claims => claims["client_id"] = bench.ClientId));
        Assert.Equal(1, bench.Server.Requests);
        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = "key-2"), RefusalReason.InvalidSignature);
        Assert.Equal(1, bench.Server.Requests);
        bench.ClientDocument["jwks_uri"] = "https://evil.example/keys.json";
        bench.Clock.Advance(ClientDocuments.Ceiling);
        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = bench.ClientId), RefusalReason.InvalidClient);
        Assert.Equal(2, bench.Server.Requests);
    }

    [Fact]
    public async Task Other_providers_keys_are_fetched_all_the_same()
    {
        await using var bench = await StartAsync(TestKey.Create());

        await bench.AcceptAsync(bench.Token(claims => (claims["iss"], claims["client_id"]) = (VerifierBench.OtherProvider, VerifierBench.OtherProvider), key: bench.OtherKey));

        Assert.Equal((0, 1), (bench.Server.Requests, bench.OtherServer.Requests));
    }

    [Theory]
    [InlineData("not JSON", "HERE is not a JWK: one JSON object in UTF-8 without duplicate members (RFC 7517).")]
    [InlineData("[]", "HERE is not a JWK: one JSON object in UTF-8 without duplicate members (RFC 7517).")]
    [InlineData("{\"kty\":\"EC\",\"kty\":\"EC\"}", "HERE is not a JWK: one JSON object in UTF-8 without duplicate members (RFC 7517).")]
    [InlineData("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\",\"kid\":\"key-1\"}", "HERE is private or symmetric: it has `k`. Pin the public key alone, and let the provider replace this one, which now lies here too.")]
    public void Text_that_is_no_public_JWK_is_told(string json, string sentence) => Assert.Equal([sentence], Told(Json(json)));

    [Theory]
    [InlineData("d", "\"c2VjcmV0\"", "is private or symmetric: it has `d`. Pin the public key alone, and let the provider replace this one, which now lies here too.")]
    [InlineData("kid", null, "has no `kid` that a token could name: 1 to 256 characters of those that names of keys are made of.")]
    [InlineData("kid", "\"\"", "has no `kid` that a token could name: 1 to 256 characters of those that names of keys are made of.")]
    [InlineData("kid", "\"../x\"", "has no `kid` that a token could name: 1 to 256 characters of those that names of keys are made of.")]
    [InlineData("kid", "7", "has no `kid` that a token could name: 1 to 256 characters of those that names of keys are made of.")]
    [InlineData("use", "\"enc\"", "cannot be used: it must be an EC key on P-256 or P-384, or an RSA key of 2048 to 8192 bits, for signatures, with all members agreeing.")]
    [InlineData("alg", "\"ES384\"", "cannot be used: it must be an EC key on P-256 or P-384, or an RSA key of 2048 to 8192 bits, for signatures, with all members agreeing.")]
    [InlineData("crv", "\"P-384\"", "cannot be used: it must be an EC key on P-256 or P-384, or an RSA key of 2048 to 8192 bits, for signatures, with all members agreeing.")]
    [InlineData("x", "\"AAAA\"", "cannot be used: it must be an EC key on P-256 or P-384, or an RSA key of 2048 to 8192 bits, for signatures, with all members agreeing.")]
    [InlineData("kty", "\"OKP\"", "cannot be used: it must be an EC key on P-256 or P-384, or an RSA key of 2048 to 8192 bits, for signatures, with all members agreeing.")]
    public void Key_that_could_never_verify_anything_is_told(string member, string? json, string why)
    {
        var jwk = TestKey.Create().Jwk;
        jwk.Remove(member);
        if (json is not null)
        {
            jwk[member] = JsonNode.Parse(json);
        }

        Assert.Equal(["HERE " + why], Told(Json(jwk.ToJsonString())));
    }

    [Theory]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    [InlineData("oth")]
    [InlineData("k")]
    public void Key_with_any_member_of_a_private_one_is_told(string member)
    {
        var jwk = TestKey.Create("RS256").Jwk;
        jwk[member] = "AQAB";

        Assert.StartsWith($"HERE is private or symmetric: it has `{member}`.", Assert.Single(Told(Json(jwk.ToJsonString()))), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_all_members_of_a_private_key_the_private_value_is_told()
    {
        var jwk = TestKey.Create("RS256").Jwk;
        foreach (var member in (string[])["qi", "p", "d", "q"])
        {
            jwk[member] = "AQAB";
        }

        Assert.StartsWith("HERE is private or symmetric: it has `d`.", Assert.Single(Told(Json(jwk.ToJsonString()))), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_whose_names_differ_in_case_are_two()
    {
        var set = PinnedKeys.Read(
            [("ONE", Json(TestKey.Create(kid: "key").Jwk.ToJsonString())), ("TWO", Json(TestKey.Create(kid: "KEY").Jwk.ToJsonString()))], SignatureAlgorithm.All, Assert.Fail);

        Assert.Equal(["KEY", "key"], set!.KeyIds);
    }

    [Fact]
    public void Two_keys_of_one_name_are_told()
    {
        var told = Told(Json(TestKey.Create().Jwk.ToJsonString()), Json(TestKey.Create().Jwk.ToJsonString()));

        Assert.Equal(["HERE has the `kid` of a key before it that is for the same `alg`, so that it is open which of them is meant. Keep one."], told);
    }

    [Fact]
    public void Keys_of_two_kinds_may_have_one_name()
    {
        var (one, two) = (TestKey.Create(), TestKey.Create("RS256"));

        var set = PinnedKeys.Read([("ONE", Json(one.Jwk.ToJsonString())), ("TWO", Json(two.Jwk.ToJsonString()))], SignatureAlgorithm.All, Assert.Fail);

        Assert.Equal(["key-1"], set!.KeyIds);
        Assert.Equal(2, set.Count);
    }

    [Fact]
    public void Key_for_an_algorithm_that_the_provider_may_not_use_is_told()
    {
        List<string> told = [];

        Assert.Null(PinnedKeys.Read([("HERE", Json(TestKey.Create("RS256").Jwk.ToJsonString()))], ["ES256"], told.Add));

        Assert.Equal(["HERE is for none of the provider's algorithms: ES256."], told);
    }

    [Theory]
    [InlineData("keys", "FILE is not a JWK set: one JSON object in UTF-8, without duplicate members, whose member `keys` is an array (RFC 7517 §5).")]
    [InlineData("{\"keys\":[],\"keys\":[]}", "FILE is not a JWK set: one JSON object in UTF-8, without duplicate members, whose member `keys` is an array (RFC 7517 §5).")]
    [InlineData("{}", "FILE is not a JWK set: one JSON object in UTF-8, without duplicate members, whose member `keys` is an array (RFC 7517 §5).")]
    [InlineData("{\"keys\":{}}", "FILE is not a JWK set: one JSON object in UTF-8, without duplicate members, whose member `keys` is an array (RFC 7517 §5).")]
    [InlineData("{\"keys\":[]}", "FILE holds no key, so that no token of the provider could be verified.")]
    [InlineData("{\"keys\":[7]}", "FILE, key 0, is not a JWK: it must be a JSON object (RFC 7517 §4).")]
    public void Set_that_is_none_is_told(string json, string sentence)
    {
        List<string> told = [];

        Assert.Null(PinnedKeys.ReadSet("FILE", Json(json), SignatureAlgorithm.All, told.Add));

        Assert.Equal([sentence], told);
    }

    [Fact]
    public void Set_is_read_whole_or_not_at_all()
    {
        var (good, bad) = (TestKey.Create(kid: "good").Jwk, TestKey.Create(kid: "bad").Jwk);
        bad["use"] = "enc";
        List<string> told = [];

        Assert.Null(PinnedKeys.ReadSet("FILE", Json(VerifierBench.KeySet(good, bad)), SignatureAlgorithm.All, told.Add));
        Assert.StartsWith("FILE, key 1, cannot be used", Assert.Single(told), StringComparison.Ordinal);

        var set = PinnedKeys.ReadSet("FILE", Json(VerifierBench.KeySet(good, TestKey.Create("PS256", "more").Jwk)), SignatureAlgorithm.All, Assert.Fail);
        Assert.Equal(["good", "more"], set!.KeyIds);
    }

    private static Task<VerifierBench> StartAsync(TestKey key, Func<TrustedProvider, TrustedProvider>? change = null) => StartAsync(
        key, PinnedKeys.Read([("HERE", Json(key.Jwk.ToJsonString()))], SignatureAlgorithm.All, Assert.Fail)!, change ?? (provider => provider with { KeysUri = null }));

    private static async Task<VerifierBench> StartAsync(TestKey key, VerificationKeySet keys, Func<TrustedProvider, TrustedProvider> change)
    {
        var bench = await VerifierBench.StartAsync(provider: provider => change(provider with { PinnedKeys = keys }));
        bench.Key = key;
        return bench;
    }

    private static void AssertNothingFetched(VerifierBench bench)
    {
        Assert.Equal(0, bench.RequestsSent);
        Assert.Equal(0, bench.Server.Requests);
    }

    private static List<string> Told(params byte[][] keys)
    {
        List<string> told = [];
        Assert.Null(PinnedKeys.Read(keys.Select(json => ("HERE", json)), SignatureAlgorithm.All, told.Add));
        return told;
    }

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);
}
