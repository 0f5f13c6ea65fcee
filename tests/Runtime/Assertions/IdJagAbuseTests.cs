using System.Buffers.Text;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentAuth.Protocol;

namespace AgentAuth.Assertions;

/// <summary>The numbered hostile ID-JAGs that are decided before the store is asked, over HTTP. Each starts from a token that is accepted.</summary>
public class IdJagAbuseTests
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task The_token_that_all_others_are_made_from_is_accepted(string algorithm)
    {
        await using var bench = await VerifierBench.StartAsync(algorithm);

        var assertion = await bench.AcceptAsync(bench.Token());

        Assert.Equal(new AgentDelegationKey(VerifierBench.Provider, "user-1"), assertion.Agent.Delegation);
        Assert.Equal("alice@example.com", assertion.Email);
        Assert.Equal("jti-1", assertion.Agent.JwtId);
        Assert.Equal(VerifierBench.Start.AddMinutes(6), assertion.RememberUntil);
        Assert.Null(assertion.Scopes);
    }

    [Abuse(1, "`alg: none` in any case, or an empty one, signed or not", "`400 invalid_signature`, no outbound request")]
    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("")]
    public async Task Abuse_01_alg_none_is_invalid_signature(string none)
    {
        await using var bench = await VerifierBench.StartAsync();
        var signed = bench.Token(header: header => header["alg"] = none);
        var unsigned = signed[..(signed.LastIndexOf('.') + 1)];

        await bench.RefuseAsync(signed, RefusalReason.InvalidSignature);
        await bench.RefuseAsync(unsigned, RefusalReason.InvalidSignature);
        Assert.Equal(0, bench.RequestsSent);
    }

    [Abuse(2, "HS256 with the RSA public key's PEM as the secret", "`400 invalid_signature`")]
    [Fact]
    public async Task Abuse_02_HMAC_keyed_with_the_public_key_is_invalid_signature()
    {
        await using var bench = await VerifierBench.StartAsync("RS256");
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(bench.Key.Jwk["n"]!.GetValue<string>()),
            Exponent = Base64Url.DecodeFromChars(bench.Key.Jwk["e"]!.GetValue<string>()),
        });
        var token = bench.Token(header: header => header["alg"] = "HS256");
        var input = token[..token.LastIndexOf('.')];
        foreach (var pem in (string[])[rsa.ExportSubjectPublicKeyInfoPem(), rsa.ExportRSAPublicKeyPem() + "\n"])
        {
            var mac = HMACSHA256.HashData(Encoding.ASCII.GetBytes(pem), Encoding.ASCII.GetBytes(input));

            await bench.RefuseAsync($"{input}.{Base64Url.EncodeToString(mac)}", RefusalReason.InvalidSignature);
        }

        await bench.AcceptAsync(bench.Token());
    }

    [Abuse(3, "an algorithm that the issuer's entry does not list", "`400 invalid_signature`, no outbound request")]
    [Fact]
    public async Task Abuse_03_algorithm_outside_the_issuers_list_is_invalid_signature()
    {
        await using var bench = await VerifierBench.StartAsync("ES384", provider: provider => provider with { Algorithms = ["ES256"] });

        await bench.RefuseAsync(bench.Token(), RefusalReason.InvalidSignature);
        Assert.Equal(0, bench.RequestsSent);
    }

    [Abuse(4, "an `alg` of another kind of key, curve or padding than the key's", "`400 invalid_signature`")]
    [Theory]
    [InlineData("ES256", "RS256")]
    [InlineData("ES256", "PS256")]
    [InlineData("ES256", "ES384")]
    [InlineData("ES384", "ES256")]
    [InlineData("RS256", "ES256")]
    [InlineData("RS256", "PS256")]
    [InlineData("PS256", "RS256")]
    public async Task Abuse_04_algorithm_that_disagrees_with_the_key_is_invalid_signature(string keyAlgorithm, string claimed)
    {
        await using var bench = await VerifierBench.StartAsync(keyAlgorithm);

        await bench.RefuseAsync(bench.Token(header: header => header["alg"] = claimed), RefusalReason.InvalidSignature);
        await bench.AcceptAsync(bench.Token());
    }

    [Abuse(4, "an `alg` other than the one the published key names", "`400 invalid_signature`")]
    [Fact]
    public async Task Abuse_04_algorithm_that_disagrees_with_the_keys_own_alg_is_invalid_signature()
    {
        await using var bench = await VerifierBench.StartAsync("PS256");
        bench.Published[0]["alg"] = "RS256";

        await bench.RefuseAsync(bench.Token(), RefusalReason.InvalidSignature);
    }

    [Abuse(5, "an ECDSA signature of zeros (CVE-2022-21449)", "`400 invalid_signature`")]
    [Theory]
    [InlineData("ES256", 64)]
    [InlineData("ES384", 96)]
    public async Task Abuse_05_all_zero_ecdsa_signature_is_invalid_signature(string algorithm, int length)
    {
        await using var bench = await VerifierBench.StartAsync(algorithm);

        await bench.RefuseAsync(WithSignature(bench.Token(), new byte[length]), RefusalReason.InvalidSignature);
    }

    [Theory]
    [InlineData("ES256", 64)]
    [InlineData("ES384", 96)]
    [InlineData("RS256", 256)]
    [InlineData("PS256", 256)]
    public async Task Signature_of_numbers_beyond_the_key_or_below_one_is_invalid_signature(string algorithm, int length)
    {
        await using var bench = await VerifierBench.StartAsync(algorithm);
        byte[] one = [.. new byte[length - 1], 1];

        await bench.RefuseAsync(WithSignature(bench.Token(), [.. Enumerable.Repeat((byte)0xff, length)]), RefusalReason.InvalidSignature);
        await bench.RefuseAsync(WithSignature(bench.Token(), new byte[length]), RefusalReason.InvalidSignature);
        await bench.RefuseAsync(WithSignature(bench.Token(), one), RefusalReason.InvalidSignature);
    }

    [Abuse(6, "an ECDSA signature in DER", "`400 invalid_signature`")]
    [Fact]
    public async Task Abuse_06_DER_encoded_ecdsa_signature_is_invalid_signature()
    {
        await using var bench = await VerifierBench.StartAsync();
        var token = bench.Token();
        var raw = Signature(token);
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(raw.AsSpan(0, 32).TrimStart((byte)0));
            writer.WriteIntegerUnsigned(raw.AsSpan(32).TrimStart((byte)0));
        }

        await bench.RefuseAsync(WithSignature(token, writer.Encode()), RefusalReason.InvalidSignature);
    }

    [Abuse(7, "a signature that is empty, a byte short or a byte long", "`400 invalid_signature`")]
    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task Abuse_07_empty_or_cut_signature_is_invalid_signature(string algorithm)
    {
        await using var bench = await VerifierBench.StartAsync(algorithm);
        var token = bench.Token();

        await bench.RefuseAsync(WithSignature(token, []), RefusalReason.InvalidSignature);
        await bench.RefuseAsync(WithSignature(token, Signature(token)[..^1]), RefusalReason.InvalidSignature);
        await bench.RefuseAsync(WithSignature(token, [.. Signature(token), 0]), RefusalReason.InvalidSignature);
    }

    [Abuse(8, "one bit of the payload flipped, so that it names another user", "`400 invalid_signature`")]
    [Fact]
    public async Task Abuse_08_flipped_bit_of_the_payload_is_invalid_signature()
    {
        await using var bench = await VerifierBench.StartAsync();
        var parts = bench.Token().Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        var flipped = payload.Replace("user-1", "user-0", StringComparison.Ordinal);
        Assert.NotEqual(payload, flipped);

        await bench.RefuseAsync($"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(flipped))}.{parts[2]}", RefusalReason.InvalidSignature);
    }

    [Abuse(9, "a published `kid`, signed with another key", "`400 invalid_signature`")]
    [Fact]
    public async Task Abuse_09_right_kid_and_another_key_is_invalid_signature()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(key: TestKey.Create()), RefusalReason.InvalidSignature);
    }

    [Abuse(10, "a `kid` that the provider does not publish", "`400 invalid_signature`, after one refetch of the keys")]
    [Fact]
    public async Task Abuse_10_unknown_kid_causes_exactly_one_refetch_and_is_invalid_signature()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());
        bench.Clock.Advance(ProviderKeys.Cooldown);
        var stranger = TestKey.Create(kid: "key-2");
        var token = bench.Token(header: header => header["kid"] = "key-2", key: stranger);

        await bench.RefuseAsync(token, RefusalReason.InvalidSignature);
        await bench.RefuseAsync(token, RefusalReason.InvalidSignature);

        Assert.Equal(2, bench.RequestsSent);
    }

    [Abuse(11, "no `kid`, or an empty one", "`400 invalid_signature`, no outbound request")]
    [Abuse(11, "a `kid` that is a number", "`400 invalid_request`, no outbound request")]
    [Fact]
    public async Task Abuse_11_missing_kid_is_invalid_signature()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(header: header => header.Remove("kid")), RefusalReason.InvalidSignature);
        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = ""), RefusalReason.InvalidSignature);
        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = 1), RefusalReason.MalformedAssertion);
        Assert.Equal(0, bench.RequestsSent);
    }

    [Abuse(12, "a `kid` that is a path, SQL, two lines or not ASCII", "`400 invalid_signature`, no outbound request, not logged")]
    [Theory]
    [InlineData("../../x")]
    [InlineData("'; DROP TABLE keys; --")]
    [InlineData("key\r\nInjected: line")]
    [InlineData("ключ")]
    public async Task Abuse_12_hostile_kid_is_refused_without_requests_and_not_logged(string kid)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = kid), RefusalReason.InvalidSignature);

        Assert.Equal(0, bench.RequestsSent);
        Assert.DoesNotContain(kid, bench.Log.Text, StringComparison.Ordinal);
    }

    [Abuse(12, "a `kid` of 64 KB", "`413 invalid_request`, no outbound request, not logged")]
    [Abuse(12, "a `kid` of 32 KB", "`400 invalid_request`, no outbound request, not logged")]
    [Abuse(12, "a `kid` of 257 characters, or of 8 KB", "`400 invalid_signature`, no outbound request, not logged")]
    [Fact]
    public async Task Abuse_12_huge_kid_is_refused_without_requests_and_not_logged()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = new string('k', 64 * 1024)), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = new string('k', 32 * 1024)), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = new string('k', 8 * 1024)), RefusalReason.InvalidSignature);
        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = new string('k', 257)), RefusalReason.InvalidSignature);

        Assert.Equal(0, bench.RequestsSent);
        Assert.DoesNotContain("kkkk", bench.Log.Text, StringComparison.Ordinal);
    }

    [Abuse(13, "`jku`, `x5u`, `x5c` or `jwk` with the attacker's key", "`400 invalid_signature`, the attacker's server is not asked")]
    [Abuse(13, "the same, signed with the published key", "`200`: it is not looked at")]
    [Theory]
    [InlineData("jku")]
    [InlineData("x5u")]
    [InlineData("jwk")]
    [InlineData("x5c")]
    public async Task Abuse_13_key_that_the_token_brings_is_never_fetched_and_never_used(string member)
    {
        await using var bench = await VerifierBench.StartAsync();
        var attacker = TestKey.Create();
        await using var attackersServer = await LoopbackServer.StartAsync(LoopbackServer.Json(() => VerifierBench.KeySet(attacker.Jwk)));
        void Bring(JsonObject header) => header[member] = member switch
        {
            "jwk" => attacker.Jwk.DeepClone(),
            "x5c" => new JsonArray("MIIB"),
            _ => attackersServer.Url("/keys.json").OriginalString,
        };

        await bench.RefuseAsync(bench.Token(header: Bring, key: attacker), RefusalReason.InvalidSignature);
        await bench.AcceptAsync(bench.Token(header: Bring));

        Assert.Equal(0, attackersServer.Requests);
    }

    [Abuse(14, "`crit`, whatever is in it", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_14_crit_is_malformed()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(header: header => header["crit"] = new JsonArray("urn:x")), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Token(header: header => header["crit"] = new JsonArray()), RefusalReason.MalformedAssertion);
    }

    [Abuse(15, "`b64`, true or false", "`400 invalid_request`")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Abuse_15_b64_is_malformed(bool value)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(header: header => header["b64"] = value), RefusalReason.MalformedAssertion);
    }

    [Abuse(16, "no `typ`", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_16_missing_typ_is_malformed()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(header: header => header.Remove("typ")), RefusalReason.MalformedAssertion);
    }

    [Abuse(17, "`typ` of another token: `JWT`, `at+jwt`, `logout+jwt` and look-alikes", "`400 invalid_request`")]
    [Theory]
    [InlineData("JWT")]
    [InlineData("at+jwt")]
    [InlineData("logout+jwt")]
    [InlineData("oauth-id-jag+jwt ")]
    [InlineData("oauth-id-jag")]
    [InlineData("text/oauth-id-jag+jwt")]
    [InlineData("application/application/oauth-id-jag+jwt")]
    public async Task Abuse_17_another_typ_is_malformed(string typ)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(header: header => header["typ"] = typ), RefusalReason.MalformedAssertion);
    }

    [Abuse(18, "an encrypted token of five segments; `enc` or `zip` in the header", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_18_encrypted_token_is_malformed()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token() + ".AAAA.AAAA", RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Token(header: header => header["enc"] = "A256GCM"), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Token(header: header => header["zip"] = "DEF"), RefusalReason.MalformedAssertion);
    }

    [Abuse(19, "over 16 KiB, or 5,000 levels deep", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_19_oversized_or_deeply_nested_token_is_malformed()
    {
        await using var bench = await VerifierBench.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("[", 5000)) + string.Concat(Enumerable.Repeat("]", 5000));

        await bench.RefuseAsync(bench.Token(claims => claims["x"] = new string('a', StrictJwt.MaxLength)), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Key.Sign(bench.Header().ToJsonString(), $$"""{"iss":"{{VerifierBench.Provider}}","x":{{deep}}}"""), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Key.Sign(bench.Header().ToJsonString(), deep), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Key.Sign(deep, bench.Claims().ToJsonString()), RefusalReason.MalformedAssertion);
    }

    [Abuse(20, "a member twice, in header or claims, escaped or nested", "`400 invalid_request`")]
    [Theory]
    [InlineData("\"sub\":\"user-2\"")]
    [InlineData("\"\\u0073ub\":\"user-2\"")]
    [InlineData("\"act\":{\"sub\":\"a\",\"sub\":\"b\"}")]
    [InlineData("\"act\":[{\"x\":{\"y\":1,\"y\":2}}]")]
    public async Task Abuse_20_duplicate_member_is_malformed(string extra)
    {
        await using var bench = await VerifierBench.StartAsync();
        var claims = bench.Claims().ToJsonString();
        var header = bench.Header().ToJsonString();

        await bench.RefuseAsync(bench.Key.Sign(header, claims[..^1] + "," + extra + "}"), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Key.Sign(header[..^1] + ",\"alg\":\"ES256\"}", claims), RefusalReason.MalformedAssertion);
    }

    [Abuse(21, "anything behind the JSON of payload or header", "`400 invalid_request`")]
    [Theory]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("\0")]
    [InlineData(",")]
    public async Task Abuse_21_bytes_after_the_payload_are_malformed(string tail)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Key.Sign(bench.Header().ToJsonString(), bench.Claims().ToJsonString() + tail), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Key.Sign(bench.Header().ToJsonString() + tail, bench.Claims().ToJsonString()), RefusalReason.MalformedAssertion);
    }

    [Abuse(22, "white space, padding, another spelling of the same base64url, missing segments", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_22_white_space_padding_or_another_spelling_of_base64url_is_malformed()
    {
        await using var bench = await VerifierBench.StartAsync();
        var token = bench.Token();
        var parts = token.Split('.');
        var last = parts[2][^1];

        // 64 bytes leave four bits of the last character unused: this one spells the same signature.
        var respelt = token[..^1] + (char)(last + 1);
        Assert.Equal(Signature(token), Base64Url.DecodeFromChars(parts[2]));
        foreach (var bad in (string[])[" " + token, token + " ", token + "\n", token + "==", $"{parts[0]}=.{parts[1]}.{parts[2]}", $"{parts[0]}. {parts[1]}.{parts[2]}", respelt, "", ".", "..", "...", "a.b"])
        {
            await bench.RefuseAsync(bad, RefusalReason.MalformedAssertion);
        }
    }

    [Abuse(23, "an issuer that is not trusted", "`400 invalid_issuer`, no outbound request")]
    [Fact]
    public async Task Abuse_23_untrusted_iss_is_refused_without_requests()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["iss"] = "https://evil.example"), RefusalReason.InvalidIssuer);
        Assert.Equal(0, bench.RequestsSent);
    }

    [Abuse(24, "a trusted issuer with a slash, in capitals, with its port, with a look-alike letter", "`400 invalid_issuer`, no outbound request")]
    [Theory]
    [InlineData("https://agents.example/")]
    [InlineData("https://AGENTS.example")]
    [InlineData("https://agents.example:443")]
    [InlineData("https://agents.exаmple")] // Cyrillic а
    [InlineData(" https://agents.example")]
    [InlineData("")]
    public async Task Abuse_24_look_alike_iss_is_refused_without_requests(string issuer)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["iss"] = issuer), RefusalReason.InvalidIssuer);
        Assert.Equal(0, bench.RequestsSent);
    }

    [Abuse(25, "this service as the issuer, even if its trust list had it", "`400 invalid_issuer`, no outbound request")]
    [Fact]
    public async Task Abuse_25_this_service_is_never_its_own_provider()
    {
        await using var bench = await VerifierBench.StartAsync(settings: settings => settings with
        {
            TrustedProviders = [.. settings.TrustedProviders, settings.TrustedProviders[0] with { Issuer = VerifierBench.Service }],
        });

        await bench.RefuseAsync(bench.Token(claims => claims["iss"] = VerifierBench.Service), RefusalReason.InvalidIssuer);
        Assert.Equal(0, bench.RequestsSent);
    }

    [Abuse(26, "one trusted issuer's token, signed with another's key of the same `kid`", "`400 invalid_signature`")]
    [Fact]
    public async Task Abuse_26_token_of_one_issuer_signed_by_another_is_invalid_signature()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(key: bench.OtherKey), RefusalReason.InvalidSignature);
        await bench.AcceptAsync(bench.Token(AsOtherProvider, key: bench.OtherKey));
        await bench.RefuseAsync(bench.Token(key: bench.OtherKey), RefusalReason.InvalidSignature);
    }

    [Abuse(27, "`aud` of another server", "`400 invalid_audience`")]
    [Theory]
    [InlineData("\"https://auth.other.example\"")]
    [InlineData("\"https://agents.example\"")]
    [InlineData("\"https://auth.service.example/agent/auth\"")]
    public async Task Abuse_27_audience_of_another_server_is_invalid_audience(string audience)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["aud"] = JsonNode.Parse(audience)), RefusalReason.InvalidAudience);
        await bench.AcceptAsync(bench.Token());
    }

    [Abuse(28, "`aud` that goes on behind our identifier", "`400 invalid_audience`")]
    [Theory]
    [InlineData("\"https://auth.service.example.evil\"")]
    [InlineData("\"https://auth.service.example@evil\"")]
    [InlineData("\"https://auth.service.example evil\"")]
    public async Task Abuse_28_audience_that_begins_like_this_service_is_invalid_audience(string audience)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["aud"] = JsonNode.Parse(audience)), RefusalReason.InvalidAudience);
        await bench.AcceptAsync(bench.Token());
    }

    [Abuse(29, "`aud` of two members, ours among them", "`400 invalid_audience`")]
    [Theory]
    [InlineData("[\"https://auth.service.example\",\"https://auth.other.example\"]")]
    [InlineData("[\"https://auth.service.example\",\"https://auth.service.example\"]")]
    [InlineData("[\"https://auth.service.example\",\"https://api.service.example/\"]")]
    public async Task Abuse_29_audience_with_a_second_member_is_invalid_audience(string audience)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["aud"] = JsonNode.Parse(audience)), RefusalReason.InvalidAudience);
        await bench.AcceptAsync(bench.Token());
    }

    [Abuse(30, "`aud` that is empty, a number, an object, nested", "`400 invalid_audience`")]
    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("[[\"https://auth.service.example\"]]")]
    public async Task Abuse_30_audience_that_is_no_string_and_no_array_of_one_is_invalid_audience(string audience)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["aud"] = JsonNode.Parse(audience)), RefusalReason.InvalidAudience);
        await bench.AcceptAsync(bench.Token());
    }

    [Abuse(31, "`aud` with two slashes, a dot segment, in capitals, with the port", "`400 invalid_audience`")]
    [Theory]
    [InlineData("\"https://auth.service.example//\"")]
    [InlineData("\"https://auth.service.example/.\"")]
    [InlineData("\"https://auth.service.example/./\"")]
    [InlineData("\"https://api.service.example//\"")]
    [InlineData("\"https://api.service.example?\"")]
    [InlineData("\"https://api.service.example/#\"")]
    [InlineData("\"HTTPS://auth.service.example\"")]
    [InlineData("\"https://AUTH.service.example/\"")]
    [InlineData("\"https://auth.service.example:443\"")]
    [InlineData("\"https://auth.service.example:443/\"")]
    [InlineData("\" https://auth.service.example/\"")]
    public async Task Abuse_31_audience_that_is_spelt_another_way_is_invalid_audience(string audience)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["aud"] = JsonNode.Parse(audience)), RefusalReason.InvalidAudience);
        await bench.AcceptAsync(bench.Token());
    }

    [Fact]
    public async Task Issuer_or_resource_as_a_string_or_the_only_element_are_the_audience()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.AcceptAsync(bench.Token(claims => claims["aud"] = VerifierBench.Resource));
        await bench.AcceptAsync(bench.Token(claims => claims["aud"] = new JsonArray(VerifierBench.Service)));
        await bench.RefuseAsync(bench.Token(claims => claims.Remove("aud")), RefusalReason.InvalidAudience);
    }

    [Abuse(32, "`exp` past by more than the clock skew", "`400 expired`")]
    [Fact]
    public async Task Abuse_32_exp_past_the_skew_is_expired()
    {
        await using var bench = await VerifierBench.StartAsync();
        var token = bench.Token();
        bench.Clock.Advance(TimeSpan.FromMinutes(6) - TimeSpan.FromMilliseconds(1));
        await bench.AcceptAsync(token);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));

        await bench.RefuseAsync(token, RefusalReason.AssertionExpired);
    }

    [Abuse(33, "`exp`, `iat` or `nbf` as text, 1e300, out of range", "`400 invalid_request`")]
    [Theory]
    [InlineData("exp", "\"1779364800\"")]
    [InlineData("exp", "1e300")]
    [InlineData("exp", "-1e300")]
    [InlineData("exp", "1779364799.9996")]
    [InlineData("exp", "1e400")]
    [InlineData("exp", "99999999999999999999999999")]
    [InlineData("exp", "9223372036854775807")]
    [InlineData("exp", "253402300799")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "null")]
    [InlineData("exp", "[]")]
    [InlineData("iat", "1e300")]
    [InlineData("iat", "\"1779364800\"")]
    [InlineData("iat", "9223372036854775807")]
    [InlineData("iat", "-9223372036854775808")]
    [InlineData("nbf", "1e300")]
    [InlineData("nbf", "null")]
    public async Task Abuse_33_instant_that_is_no_number_in_range_is_malformed(string claim, string value)
    {
        await using var bench = await VerifierBench.StartAsync();
        var claims = bench.Claims();
        claims.Remove(claim);
        var json = claims.ToJsonString();

        await bench.RefuseAsync(bench.Key.Sign(bench.Header().ToJsonString(), $"{json[..^1]},\"{claim}\":{value}}}"), RefusalReason.MalformedAssertion);
    }

    [Abuse(33, "no `exp`", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_33_missing_exp_is_malformed()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims.Remove("exp")), RefusalReason.MalformedAssertion);
    }

    [Abuse(34, "a lifetime over 15 minutes, of nothing, or below", "`400 invalid_request`")]
    [Theory]
    [InlineData(0, 901)]
    [InlineData(0, 0)]
    [InlineData(0, -10)]
    [InlineData(-1000, -10)]
    public async Task Abuse_34_lifetime_over_the_maximum_or_below_zero_is_malformed(int issued, int expires)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => SetTimes(claims, issued, expires)), RefusalReason.MalformedAssertion);
        await bench.AcceptAsync(bench.Token(claims => SetTimes(claims, 0, 900)));
    }

    [Abuse(35, "`iat` in the future by more than the clock skew", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_35_iat_beyond_the_skew_is_malformed()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => SetTimes(claims, 61, 300)), RefusalReason.MalformedAssertion);
        await bench.AcceptAsync(bench.Token(claims => SetTimes(claims, 60, 300)));
    }

    [Abuse(36, "`nbf` in the future by more than the clock skew", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_36_nbf_in_the_future_is_malformed()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["nbf"] = VerifierBench.Start.ToUnixTimeSeconds() + 61), RefusalReason.MalformedAssertion);
        await bench.AcceptAsync(bench.Token(claims => claims["nbf"] = VerifierBench.Start.ToUnixTimeSeconds() + 60));
    }

    [Abuse(37, "`iss`, `sub`, `jti`, `client_id` or `iat` missing or of the wrong kind", "`400 invalid_request`")]
    [Theory]
    [InlineData("sub")]
    [InlineData("jti")]
    [InlineData("client_id")]
    [InlineData("iat")]
    [InlineData("iss")]
    public async Task Abuse_37_required_claim_that_is_missing_or_of_the_wrong_kind_is_malformed(string claim)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims.Remove(claim)), RefusalReason.MalformedAssertion);
        foreach (var wrong in (string[])["null", "true", "[]", "{}", "[\"x\"]", claim == "iat" ? "\"x\"" : "5"])
        {
            await bench.RefuseAsync(bench.Token(claims => claims[claim] = JsonNode.Parse(wrong)), RefusalReason.MalformedAssertion);
        }
    }

    [Abuse(37, "text claims that are empty, too long or not printable", "`400 invalid_request`")]
    [Theory]
    [InlineData("sub")]
    [InlineData("jti")]
    [InlineData("client_id")]
    [InlineData("agent_platform")]
    [InlineData("agent_context_id")]
    public async Task Abuse_37_empty_overlong_or_unprintable_text_is_malformed(string claim)
    {
        await using var bench = await VerifierBench.StartAsync();

        foreach (var wrong in (string[])["", new('x', 1025), "a\0b", "a\r\nb", "\u007f"])
        {
            await bench.RefuseAsync(bench.Token(claims => claims[claim] = wrong), RefusalReason.MalformedAssertion);
        }
    }

    [Abuse(40, "a used token whose ECDSA signature was malleated to (r, n−s)", "`400 replay_detected`")]
    [Fact]
    public async Task Abuse_40_malleated_ecdsa_signature_is_a_replay()
    {
        await using var bench = await VerifierBench.StartAsync();
        var token = bench.Token();
        var order = new BigInteger(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);
        var signature = Signature(token);
        var s = order - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        var bytes = s.ToByteArray(isUnsigned: true, isBigEndian: true);
        var malleated = WithSignature(token, [.. signature[..32], .. new byte[32 - bytes.Length], .. bytes]);
        Assert.NotEqual(token, malleated);

        var first = await bench.AcceptAsync(token);
        (await bench.App.RegisterByAssertionAsync(malleated)).Is(HttpStatusCode.BadRequest, "replay_detected");

        // It was refused as a replay and nothing else: its signature is good.
        var second = await bench.Verifier.VerifyIdJagAsync(malleated, IdJagTerms.AgentDoor, TestContext.Current.CancellationToken);
        Assert.Equal(first.Agent, second.Value?.Agent);
    }

    [Abuse(41, "a used `jti`, from another issuer", "`200`")]
    [Abuse(93, "one `jti` in ID-JAGs of two issuers and in a logout token", "`200` each")]
    [Fact]
    public async Task Abuse_41_and_93_the_same_jti_of_another_issuer_or_kind_is_no_replay()
    {
        await using var bench = await VerifierBench.StartAsync();

        var one = await bench.AcceptAsync(bench.Token(claims => claims["jti"] = "same"));
        var other = await bench.AcceptAsync(bench.Token(
            claims =>
            {
                AsOtherProvider(claims);
                claims["jti"] = "same";
            },
            key: bench.OtherKey));
        var logout = await bench.AcceptLogoutAsync(bench.LogoutToken(claims => claims["jti"] = "same"));

        Assert.Equal(["same", "same", "same"], [one.Agent.JwtId, other.Agent.JwtId, logout.JwtId]);
    }

    [Abuse(43, "refused for its unverified email", "`400 missing_verified_email`")]
    [Abuse(43, "then corrected, with the same `jti`", "`200`")]
    [Fact]
    public async Task Abuse_43_jti_of_a_token_that_was_refused_is_not_burnt()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(
            bench.Token(claims =>
            {
                claims["jti"] = "one";
                claims["email_verified"] = false;
            }),
            RefusalReason.MissingVerifiedEmail);
        await bench.AcceptAsync(bench.Token(claims => claims["jti"] = "one"));
    }

    [Abuse(44, "`email_verified` as the text `\"true\"`, 1, false, null or absent", "`400 missing_verified_email`")]
    [Theory]
    [InlineData("\"true\"")]
    [InlineData("1")]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData("[true]")]
    public async Task Abuse_44_email_verified_that_is_not_true_is_missing_verified_email(string value)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["email_verified"] = JsonNode.Parse(value)), RefusalReason.MissingVerifiedEmail);
        await bench.RefuseAsync(bench.Token(claims => claims.Remove("email_verified")), RefusalReason.MissingVerifiedEmail);
    }

    [Abuse(47, "`client_id` that is unknown, without a document, or whose document names other keys", "`400 invalid_client_id`")]
    [Fact]
    public async Task Abuse_47_client_without_a_document_or_with_other_keys_is_invalid_client()
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = "some-client"), RefusalReason.InvalidClient);
        bench.ClientDocument["jwks_uri"] = "https://evil.example/keys.json";
        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = bench.ClientId), RefusalReason.InvalidClient);
        bench.Server.Answer = context => context.Request.Path == "/client.json"
            ? LoopbackServer.Status(404)(context)
            : LoopbackServer.Json(() => VerifierBench.KeySet(bench.Key.Jwk))(context);

        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = bench.ClientId), RefusalReason.InvalidClient);
    }

    [Abuse(48, "a client document that does not name itself, or at an http URL", "`400 invalid_client_id`")]
    [Fact]
    public async Task Abuse_48_document_that_does_not_name_itself_or_over_http_is_invalid_client()
    {
        await using var bench = await VerifierBench.StartAsync();
        bench.ClientDocument["client_id"] = bench.ClientId + "/";

        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = bench.ClientId), RefusalReason.InvalidClient);
        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = "http://agents.example/client.json"), RefusalReason.InvalidClient);
    }

    [Fact]
    public async Task Client_whose_document_names_itself_and_the_keys_is_accepted()
    {
        await using var bench = await VerifierBench.StartAsync();

        var assertion = await bench.AcceptAsync(bench.Token(claims => claims["client_id"] = bench.ClientId));

        Assert.Equal(bench.ClientId, assertion.Agent.ClientId);
    }

    [Fact]
    public async Task Scope_of_the_token_is_handed_on_as_a_bound()
    {
        await using var bench = await VerifierBench.StartAsync();

        var assertion = await bench.AcceptAsync(bench.Token(claims => claims["scope"] = "tickets.read admin"));

        Assert.Equal(["tickets.read", "admin"], assertion.Scopes!.Value);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\" a\"")]
    [InlineData("\"a  b\"")]
    [InlineData("\"a\\tb\"")]
    [InlineData("[\"a\"]")]
    [InlineData("null")]
    public async Task Scope_that_is_no_scope_list_is_malformed(string scope)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["scope"] = JsonNode.Parse(scope)), RefusalReason.MalformedAssertion);
    }

    [Abuse(50, "`cnf`, `tenant`, `aud_tenant` or `authorization_details`, which we cannot honour", "`400 invalid_request`")]
    [Theory]
    [InlineData("cnf", "{\"jkt\":\"x\"}")]
    [InlineData("cnf", "null")]
    [InlineData("tenant", "\"t1\"")]
    [InlineData("aud_tenant", "\"t1\"")]
    [InlineData("authorization_details", "[]")]
    public async Task Abuse_50_cnf_and_other_claims_that_would_narrow_the_assertion_are_malformed(string claim, string value)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims[claim] = JsonNode.Parse(value)), RefusalReason.MalformedAssertion);
    }

    [Abuse(51, "`amr` without a method that the provider's entry requires", "`400 insufficient_user_authentication`")]
    [Abuse(51, "`amr` that is text", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_51_amr_without_a_required_method_is_insufficient_user_authentication()
    {
        await using var bench = await VerifierBench.StartAsync(provider: provider => provider with { RequiredAuthenticationMethods = ["mfa", "hwk"] });

        await bench.RefuseAsync(bench.Token(), RefusalReason.InsufficientUserAuthentication);
        await bench.RefuseAsync(bench.Token(claims => claims["amr"] = new JsonArray("pwd", "mfa")), RefusalReason.InsufficientUserAuthentication);
        await bench.RefuseAsync(bench.Token(claims => claims["amr"] = new JsonArray("MFA", "hwk")), RefusalReason.InsufficientUserAuthentication);
        await bench.RefuseAsync(bench.Token(claims => claims["amr"] = "mfa hwk"), RefusalReason.MalformedAssertion);
        await bench.AcceptAsync(bench.Token(claims => claims["amr"] = new JsonArray("hwk", "pwd", "mfa")));
    }

    [Abuse(79, "a logout token posted to register, an ID-JAG posted to revoke", "`400 invalid_request`")]
    [Fact]
    public async Task Abuse_79_logout_token_is_no_ID_JAG_and_an_ID_JAG_is_no_logout_token()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.LogoutToken(), RefusalReason.MalformedAssertion);
        await bench.RefuseLogoutAsync(bench.Token(), RefusalReason.MalformedAssertion);
    }

    [Abuse(92, "an audience full of words such as `exp` and `expired`", "`400 invalid_audience`")]
    [Abuse(92, "the same in the issuer", "`400 invalid_issuer`")]
    [Abuse(92, "the same in the `kid`", "`400 invalid_signature`")]
    [Fact]
    public async Task Abuse_92_failure_follows_from_the_claim_and_not_from_words_in_it()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["aud"] = "https://exp.expired.example/unexpected"), RefusalReason.InvalidAudience);
        await bench.RefuseAsync(bench.Token(claims => claims["iss"] = "https://signature.audience.exp"), RefusalReason.InvalidIssuer);
        await bench.RefuseAsync(bench.Token(header: header => header["kid"] = "expired-audience"), RefusalReason.InvalidSignature);
    }

    [Abuse(96, "issuer and subject that join to the same text as another pair", "`200`, with an account of their own")]
    [Fact]
    public async Task Abuse_96_pairs_that_join_to_the_same_text_stay_apart()
    {
        await using var bench = await VerifierBench.StartAsync(settings: settings => settings with
        {
            TrustedProviders = [.. settings.TrustedProviders, settings.TrustedProviders[0] with { Issuer = VerifierBench.Provider + "|a" }],
        });

        var one = await AccountOfAsync(bench.Token(claims => claims["sub"] = "a|user"));
        var other = await AccountOfAsync(bench.Token(claims =>
        {
            claims["iss"] = VerifierBench.Provider + "|a";
            claims["client_id"] = VerifierBench.Provider + "|a";
            claims["sub"] = "user";
            claims["email"] = "bob@example.com";
        }));

        Assert.StartsWith("acc_", one, StringComparison.Ordinal);
        Assert.StartsWith("acc_", other, StringComparison.Ordinal);
        Assert.NotEqual(one, other);

        async Task<string> AccountOfAsync(string token)
        {
            var registered = await bench.App.RegisterByAssertionAsync(token);
            registered.Is(HttpStatusCode.OK);
            return (await bench.App.GetAsync("/api/tickets", registered.Text("credential"))).Body;
        }
    }

    [Abuse(97, "`email_verified: true` without an address, or with none that is one", "`400 missing_verified_email`")]
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("Alice <alice@example.com>")]
    [InlineData("alice@example.com\r\nBcc: eve@example.com")]
    public async Task Abuse_97_email_verified_without_an_address_is_missing_verified_email(string? email)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => claims["email"] = email), RefusalReason.MissingVerifiedEmail);
        await bench.RefuseAsync(bench.Token(claims => claims.Remove("email")), RefusalReason.MissingVerifiedEmail);
    }

    [Fact]
    public async Task Verified_phone_number_stands_in_for_an_email()
    {
        await using var bench = await VerifierBench.StartAsync();
        static void ByPhone(JsonObject claims)
        {
            claims.Remove("email");
            claims["phone_number"] = "+1 (425) 555-1212";
            claims["phone_number_verified"] = true;
        }

        Assert.Null((await bench.AcceptAsync(bench.Token(ByPhone))).Email);
        await bench.RefuseAsync(
            bench.Token(claims =>
            {
                ByPhone(claims);
                claims["phone_number"] = "none";
            }),
            RefusalReason.MissingVerifiedEmail);
    }

    [Fact]
    public async Task Act_is_kept_in_one_form_however_it_is_written()
    {
        await using var bench = await VerifierBench.StartAsync();
        var claims = bench.Claims().ToJsonString();
        var signed = bench.Key.Sign(bench.Header().ToJsonString(), claims[..^1] + """, "act": { "sub": "\u0061gent", "act": { "z": [ 1.50, true ], "sub": "b" } } }""");

        Assert.Equal("""{"act":{"sub":"b","z":[1.50,true]},"sub":"agent"}""", (await bench.AcceptAsync(signed)).Agent.Act);
    }

    [Fact]
    public async Task Act_that_is_too_long_or_too_deep_is_malformed()
    {
        await using var bench = await VerifierBench.StartAsync();
        var deepest = Nested(ActorClaim.MaxDepth);
        var longest = new string('a', ActorClaim.MaxLength - "{\"sub\":\"\"}".Length);

        Assert.Equal(deepest, (await bench.AcceptAsync(bench.Token(claims => claims["act"] = JsonNode.Parse(deepest)))).Agent.Act);
        await bench.RefuseAsync(bench.Token(claims => claims["act"] = JsonNode.Parse(Nested(ActorClaim.MaxDepth + 1))), RefusalReason.MalformedAssertion);
        await bench.RefuseAsync(bench.Token(claims => claims["act"] = JsonNode.Parse("{\"a\":" + new string('[', 8) + new string(']', 8) + "}")), RefusalReason.MalformedAssertion);
        await bench.AcceptAsync(bench.Token(claims => claims["act"] = new JsonObject { ["sub"] = longest }));
        await bench.RefuseAsync(bench.Token(claims => claims["act"] = new JsonObject { ["sub"] = longest + "a" }), RefusalReason.MalformedAssertion);

        static string Nested(int depth) => depth == 1 ? "{}" : $"{{\"act\":{Nested(depth - 1)}}}";
    }

    [Fact]
    public async Task Act_is_kept_as_JSON_and_must_be_an_object()
    {
        await using var bench = await VerifierBench.StartAsync();

        var assertion = await bench.AcceptAsync(bench.Token(claims => claims["act"] = new JsonObject { ["sub"] = "agent-7" }));

        Assert.Equal("{\"sub\":\"agent-7\"}", assertion.Agent.Act);
        await bench.RefuseAsync(bench.Token(claims => claims["act"] = "agent-7"), RefusalReason.MalformedAssertion);
    }

    // Each of some six hundred: by the verifier alone.
    [Fact]
    public async Task Token_with_any_single_character_changed_is_refused()
    {
        await using var bench = await VerifierBench.StartAsync();
        var token = bench.Token();
        await bench.AcceptAsync(token);
        for (var i = 0; i < token.Length; i++)
        {
            var changed = $"{token[..i]}{(token[i] == 'A' ? 'B' : 'A')}{token[(i + 1)..]}";

            var result = await bench.Verifier.VerifyIdJagAsync(changed, IdJagTerms.AgentDoor, TestContext.Current.CancellationToken);

            Assert.True(result.Refusal is not null, $"The change at {i} went through.");
        }
    }

    private static void AsOtherProvider(JsonObject claims)
    {
        claims["iss"] = VerifierBench.OtherProvider;
        claims["client_id"] = VerifierBench.OtherProvider;
        claims["email"] = "bob@example.com";
    }

    private static void SetTimes(JsonObject claims, int issued, int expires)
    {
        claims["iat"] = VerifierBench.Start.ToUnixTimeSeconds() + issued;
        claims["exp"] = VerifierBench.Start.ToUnixTimeSeconds() + expires;
    }

    private static byte[] Signature(string token) => Base64Url.DecodeFromChars(token.AsSpan(token.LastIndexOf('.') + 1));

    private static string WithSignature(string token, byte[] signature) =>
        $"{token[..token.LastIndexOf('.')]}.{Base64Url.EncodeToString(signature)}";
}
