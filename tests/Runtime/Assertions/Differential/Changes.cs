using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using AgentAuth.Protocol.V01;

namespace AgentAuth.Assertions.Differential;

/// <summary>Everything that is done to good tokens and JWK sets: what the RFCs allow, and what they do not.</summary>
internal sealed class Changes
{
    /// <summary>A value of each kind that JSON has, and odd ones.</summary>
    private static readonly string[] s_values =
    [
        "1", "-0.0", "1.5e3", "1e400", "12345678901234567890123", "true", "false", "null", "\"\"", "\"s\"", "\"\\u00fc\\n\\\"\\\\\\/\\u0000\"", "\"üñ😀\"",
        "\"\\ud83d\\ude00\"", "[]", "[1,[2,[null]]]", "{}", "{\"a\":{\"b\":[{}]}}", "\"\u202e\"",
    ];

    private readonly List<Change> _all = [];
    private readonly Random _random;
    private readonly DifferentialKey _stranger = DifferentialKey.Create("ES256");
    private readonly DifferentialKey _rsa = DifferentialKey.Create("RS256");

    public Changes(Random random)
    {
        _random = random;
        HeaderMembers();
        Forms();
        Instants();
        ClaimMembers();
        Signatures();
        Keys();
        KeySets();
    }

    public IReadOnlyList<Change> All => _all;

    private void HeaderMembers()
    {
        Header("typ", null, "\"application/TYPE\"", "\"Application/TYPE\"", "\"UPPER\"", "\"\\u0061pplication\\/TYPE\"");
        Header("typ", null, "\"JWT\"", "\"TYPE \"", "\"text/TYPE\"", "\"application/application/TYPE\"", "\"TYPE;charset=utf-8\"", "null", "1", "[\"TYPE\"]", "");
        Header("x", null, s_values);
        Header("__proto__", null, "{}");
        Header("iss", null, "\"https://other.example\"", "1");
        Header("cty", null, "\"JWT\"", "\"text/plain\"", "\"\"");
        Header("jku", null, "\"https://other.example/keys\"");
        Header("x5u", null, "\"https://other.example/cert\"");
        Header("x5c", null, "[\"MIIB\"]", "[]", "1");
        Header("x5t", null, "\"AAAA\"");
        Header("jwk", null, _stranger.Jwk.ToJsonString(), "null");
        Header("epk", null, "{}");
        foreach (var name in (string[])["cty", "jku", "x5u", "x5t", "x5t#S256"])
        {
            Header(name, Decisions.HeaderKind, "1", "null", "[]", "{}", "true");
        }

        Header("b64", Decisions.Header, "true", "false", "1");
        Header("zip", Decisions.Header, "\"DEF\"");
        Header("enc", Decisions.Header, "\"A256GCM\"", "null");
        Header("crit", Decisions.Header, "[\"exp\"]", "[]", "[\"b64\"]", "null");
        Add("header crit and b64", Decisions.Header, one =>
        {
            one.Header.Add(new("\"b64\"", "true"));
            one.Header.Add(new("\"crit\"", "[\"b64\"]"));
        });
        Header("alg", null, "\"none\"", "\"HS256\"", "\"EdDSA\"", "\"es256\"", "\"\"", "null", "1", "[\"ES256\"]", "");
        foreach (var algorithm in (string[])["ES512", "RS384", "RS512", "PS384", "PS512"])
        {
            var key = DifferentialKey.Create(algorithm);
            Add($"signed with {algorithm}", Decisions.Algorithm, one => one.PublishKey(key));
        }

        Header("kid", Decisions.NoKeyId, "");
        Header("kid", null, "\"\"", "\"KEY-1\"", "\"other\"", "1", "null", "[\"key-1\"]", "\"key\\u002d1\"");
        foreach (var name in (string[])[
            "key 1", "{5f2a-11}", "a..b", "a/b", "urn:x:y?z#1", "https://h.example/k/1", "a+b/c==", "(1)", "[k]", "a,b", "*!$&|^%~@", "1", new('k', 256), " "])
        {
            KeyName(name, null);
        }

        foreach (var name in (string[])["ключ", "😀", "a'b", "a\"b", "a\\b", "a;b", "<a>", "a`b", "../a", "a/../b", "a\nb", "a\u007fb", new('k', 257)])
        {
            KeyName(name, Decisions.KeyId);
        }

        void KeyName(string name, Decision? decision) => Add($"both named {name}", decision, one =>
        {
            var json = JsonValue.Create(name).ToJsonString();
            DifferentialCase.Set(one.Header, "kid", json);
            DifferentialCase.Set(one.Jwk, "kid", json);
        });
    }

    private void Forms()
    {
        foreach (var (part, isHeader) in new[] { ("header", true), ("claims", false) })
        {
            void Text(string name, Decision? decision, Func<string, string> change) => Bytes(name, decision, bytes => Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes))));
            void Bytes(string name, Decision? decision, Func<byte[], byte[]> change) => Add($"{part} {name}", decision, one =>
            {
                if (isHeader)
                {
                    one.HeaderBytes = change;
                }
                else
                {
                    one.ClaimBytes = change;
                }
            });
            void Member(string name, Decision? decision, params string[] members) => Text(name, decision, text => $"{text[..^1]},{string.Join(',', members)}}}");

            Text("with white space", null, text => $" \t\r\n{text.Replace(",\"", " ,\r\n\t\"", StringComparison.Ordinal).Replace("\":", "\" : ", StringComparison.Ordinal)}\n");
            Text("backwards", null, text => SeedToken.Json(JsonNode.Parse(text)!.AsObject().Reverse().Select(member => new JsonMember($"\"{member.Key}\"", member.Value!.ToJsonString()))));
            Text("with an escaped name", null, text => text.Replace("\"alg\"", "\"\\u0061l\\u0067\"", StringComparison.Ordinal).Replace("\"sub\"", "\"s\\u0075b\"", StringComparison.Ordinal));
            Text("with a byte order mark", Decisions.Mark, text => "\uFEFF" + text);
            Text("with a no-break space", null, text => "\u00a0" + text);
            Text("with a form feed", null, text => text + "\f");
            Text("with a comment", null, text => text + "/**/");
            Text("with a comma too many", null, text => text[..^1] + ",}");
            Text("with something behind", null, text => text + "{}");
            Text("that is an array", null, text => $"[{text}]");
            Text("that is null", null, _ => "null");
            Text("that is empty", null, _ => "");
            Text("in single quotation marks", null, text => text.Replace('"', '\''));
            Text("with bytes of zero behind", null, text => text + "\0");
            Member("with 01", null, "\"x\":01");
            Member("with NaN", null, "\"x\":NaN");
            Member("with an unescaped tab", null, "\"x\":\"\t\"");
            Member("with an unknown escape", null, "\"x\":\"\\q\"");
            Member("with a member twice", Decisions.Duplicate, "\"x\":1", "\"x\":2");
            Member("with a member twice alike", Decisions.Duplicate, "\"x\":1", "\"x\":1");
            Member("with a member twice, once escaped", Decisions.Duplicate, "\"x\":1", "\"\\u0078\":2");
            Member("with an inner member twice", Decisions.Duplicate, "\"x\":[{\"a\":1,\"a\":1}]");
            Member("with half a pair", Decisions.Surrogate, "\"x\":\"\\ud800\"");
            Member("with half a pair inside", Decisions.Surrogate, "\"x\":[{\"y\":\"a\\udc00\"}]");
            Member("with half a pair in a name", Decisions.Surrogate, "\"\\ud800\":1");
            Member("15 deep", null, $"\"x\":{new string('[', 15)}{new string(']', 15)}");
            Member("17 deep", Decisions.Depth, $"\"x\":{new string('[', 16)}{new string(']', 16)}");
            Member("with a name of nothing", null, "\"\":1");
            Member("of 3 KB", null, $"\"x\":\"{new string('x', 3000)}\"");
            Member("of 17 KB", Decisions.Size, $"\"x\":\"{new string('x', 17000)}\"");
            Bytes("with a byte that is no UTF-8", null, bytes => [.. bytes[..^1], .. ",\"x\":\""u8, 0xff, .. "\"}"u8]);
            Bytes("with an overlong byte", null, bytes => [.. bytes[..^1], .. ",\"x\":\""u8, 0xc0, 0x80, .. "\"}"u8]);
            Bytes("in UTF-16", null, bytes => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes)));
        }

        Token("padding behind the token", Decisions.Base64, token => token + "=");
        Token("right padding behind the token", Decisions.Base64, token => Padded(token, token.Length - token.LastIndexOf('.') - 1));
        Token("a line break behind the token", Decisions.Base64, token => token + "\n");
        Token("a space before the token", Decisions.Base64, token => " " + token);
        Token("a space in the signature", Decisions.Base64, token => token[..^4] + " " + token[^4..]);
        Token("a tab in the signature", Decisions.Base64, token => token[..^4] + "\t" + token[^4..]);
        Token("a no-break space in the signature", null, token => token[..^4] + "\u00a0" + token[^4..]);
        Token("stray bits in the signature", Decisions.Base64, WithStrayBits);
        Token("a segment too many", null, token => token + ".");
        Token("five segments", null, token => token + ".AAAA.AAAA");
        Token("two segments", null, token => token[..token.LastIndexOf('.')]);
        Token("standard base64", null, token => token.Replace('-', '+').Replace('_', '/') + "+");
        Add("header in padded base64", Decisions.Base64, one => one.HeaderSegment = segment => Padded(segment, segment.Length));
        Add("header in base64 with a line break", Decisions.Base64, one => one.HeaderSegment = segment => $"{segment[..8]}\n{segment[8..]}");

        void Token(string name, Decision? decision, Func<string, string> change) => Add(name, decision, one => one.TokenText = change);
    }

    private void Instants()
    {
        foreach (var name in (string[])["iat", "exp", "nbf"])
        {
            var more = name == "exp" ? 300 : 0;
            var seconds = VerifierBench.Start.ToUnixTimeSeconds() + more;
            var digits = seconds.ToString(CultureInfo.InvariantCulture);
            Claim(
                name,
                null,
                digits + ".0",
                digits + ".5",
                digits + ".000000000000000000000000000001",
                (seconds - 1).ToString(CultureInfo.InvariantCulture) + ".999",
                $"{digits[0]}.{digits[1..]}e9",
                $"{digits[0]}.{digits[1..]}25E+9",
                $"{digits}000e-3",
                $"{digits}e0",
                $"\"{digits}\"",
                $"[{digits}]",
                "{}",
                "null",
                "true",
                "\"\"",
                "\"2026-05-21T12:00:00Z\"");
        }

        Claim("nbf", null, "0", "-0", "-1", "-1.5", "1", "1e9", DifferentialCase.Seconds(60), DifferentialCase.Seconds(61), DifferentialCase.Seconds(60) + ".5", "1e300");
        Claim("nbf", Decisions.Instant, "-1e300", "-1e20", "-99999999999");
        Claim("exp", null, DifferentialCase.Seconds(-60), DifferentialCase.Seconds(-61) + ".5", "0", "-1", "1e-400");
        Claim("exp", Decisions.Lifetime, DifferentialCase.Seconds(0), DifferentialCase.Seconds(-59), DifferentialCase.Seconds(901), DifferentialCase.Seconds(900) + ".5", DifferentialCase.Seconds(86400), "9e9");
        Claim("exp", Decisions.Instant, "1e300", "253402300799", "99999999999999999999");
        Claim("exp", null, "", DifferentialCase.Seconds(900), DifferentialCase.Seconds(899) + ".75");
        Claim("iat", Decisions.IssuedAt, DifferentialCase.Seconds(61), DifferentialCase.Seconds(60) + ".5", DifferentialCase.Seconds(-360), DifferentialCase.Seconds(-361));
        Claim("iat", Decisions.Lifetime, DifferentialCase.Seconds(300), DifferentialCase.Seconds(-601), "0", "-1");
        Claim("iat", Decisions.Instant, "1e300", "-1e300");
        Claim("iat", null, "", DifferentialCase.Seconds(60), DifferentialCase.Seconds(-300));
        Add("a life between two fractions", null, one =>
        {
            DifferentialCase.Set(one.Claims, "iat", DifferentialCase.Seconds(0) + ".25");
            DifferentialCase.Set(one.Claims, "exp", DifferentialCase.Seconds(0) + ".75");
        });
        Add("not expired by half a second of the skew", null, one =>
        {
            DifferentialCase.Set(one.Claims, "iat", DifferentialCase.Seconds(-120));
            DifferentialCase.Set(one.Claims, "exp", DifferentialCase.Seconds(-60) + ".5");
        });
    }

    private void ClaimMembers()
    {
        Claim("x", null, s_values);
        Claim("__proto__", null, "{\"admin\":true}");
        Claim("constructor", null, "1");
        Claim("groups", null, "[\"a\",\"b\"]");
        Claim("\u00fcn\u00ef", null, "\"ü\"");
        Claim("iss", null, "\"https://other.example\"", "null", "1", "");
        Claim("aud", null, $"\"{VerifierBench.Service}\"", $"\"{VerifierBench.Resource}\"", $"[\"{VerifierBench.Service}\"]", $"[\"{VerifierBench.Resource}\"]", $"\"{VerifierBench.Service.Replace("/", "\\/", StringComparison.Ordinal)}\"");
        Claim("aud", null, "", "\"\"", "[]", "null", "1", "{}", "[[]]", "[1]", "\"https://other.example\"", "[\"https://other.example\"]", "\"HTTPS://auth.service.example\"", "\"https://auth.service.example:443\"", "\"https://auth.service.example//\"", $"[[\"{VerifierBench.Service}\"]]");
        Claim("aud", Decisions.Audience, $"[\"{VerifierBench.Service}\",\"{VerifierBench.Service}\"]", $"[\"{VerifierBench.Service}\",\"https://other.example\"]", $"[1,\"{VerifierBench.Resource}\"]");
        Claim("aud", Decisions.RootSlash, "\"https://auth.service.example/\"", "[\"https://api.service.example\"]");
        foreach (var name in (string[])["sub", "jti"])
        {
            Claim(name, null, "\"ü😀\"", "\"\\u00fc\\ud83d\\ude00\"", "\"a b\"", "\"auth0|1\"", $"\"{new string('x', 255)}\"", "");
            Claim(name, Decisions.Text, "\"\"", "\"a\\u0000b\"", "\"a\\nb\"", "\"a\u202eb\"", "\"\\u2028\"", "5", "null", "[\"a\"]", $"\"{new string('x', 256)}\"");
        }

        IdJag("client_id", Decisions.Client, "\"https://127.0.0.1:1/client.json\"", "\"somebody\"");
        IdJag("client_id", Decisions.Text, "\"\"", "1", "null", $"\"{new string('x', 1025)}\"");
        IdJag("client_id", null, "");
        IdJag("scope", null, "\"tickets.read\"", "\"a b c:d/e\"");
        IdJag("scope", Decisions.Scope, "\"\"", "\" a\"", "\"a \"", "\"a  b\"", "[\"a\"]", "null", "1", "\"ä\"", "\"a\\tb\"");
        foreach (var name in (string[])["cnf", "authorization_details", "tenant", "aud_tenant"])
        {
            IdJag(name, Decisions.Unsupported, "{\"jkt\":\"x\"}", "null", "\"t\"");
        }

        Claim("tenant", Decisions.Unsupported, "\"t\"");
        Claim("azp", null, "\"https://client.example\"", "\"\"");
        Claim("azp", Decisions.ClaimKind, "1", "null", "[\"a\"]");
        IdJag("amr", null, "[]", "[\"pwd\",\"mfa\"]", "[\"a b\"]", "[\"\"]");
        IdJag("amr", Decisions.ClaimKind, "\"mfa\"", "[1]", "null");
        IdJag("acr", null, "\"urn:x\"", "\"\"", "\"0\"");
        IdJag("acr", Decisions.ClaimKind, "1", "null");
        IdJag("auth_time", null, DifferentialCase.Seconds(-9), DifferentialCase.Seconds(-9) + ".5", "0", "-1", "1.7e9", "1e300");
        IdJag("auth_time", Decisions.ClaimKind, "\"1\"", "null");
        IdJag("act", null, "{\"sub\":\"agent\"}", "{\"sub\":\"a\",\"act\":{\"sub\":\"b\"}}", "{}");
        IdJag("act", Decisions.ClaimKind, "\"agent\"", "null", "[]", $"{{\"sub\":\"{new string('x', 2048)}\"}}", "{\"a\":[[[[[[[[1]]]]]]]]}");
        IdJag("agent_platform", null, "\"Example Agents\"");
        IdJag("agent_platform", Decisions.ClaimKind, "\"\"", "1", "null");
        IdJag("agent_context_id", null, "\"ctx\"");
        IdJag("agent_context_id", Decisions.ClaimKind, "\"\"", "{}");
        IdJag("email", null, "\"Alice@B\\u00dcCHER.example\"", "\"a+b@example.co.uk\"");
        IdJag("email", Decisions.Verified, "\"alice\"", "\"Alice <alice@example.com>\"", "null", "", "\"älice@example.com\"");
        IdJag("email_verified", Decisions.Verified, "false", "\"true\"", "1", "null", "");
        IdJag("phone_number_verified", null, "true", "\"x\"");
        IdJag("resource", null, $"\"{VerifierBench.Resource}\"", $"[\"https://other.example\",\"{VerifierBench.Resource}\"]", "\"https://api.service.example\"");
        IdJag("resource", Decisions.Resource, "\"https://other.example\"", "[]", "null", "1");
        Logout("events", Decisions.Event, "{}", "[]", "null", "", "{\"https://other.example/event\":{}}", $"{{\"{V01Names.RevokedEvent}\":true}}");
        Logout("events", null, $"{{\"{V01Names.RevokedEvent}\":{{\"x\":1}},\"https://other.example/event\":1}}");
        Logout("nonce", Decisions.Event, "\"n\"", "null");
        Logout("sid", null, "\"s\"", "1");

        void IdJag(string name, Decision? decision, params string[] values) => Where(false, name, decision, values);
        void Logout(string name, Decision? decision, params string[] values) => Where(true, name, decision, values);
        void Where(bool isLogout, string name, Decision? decision, string[] values)
        {
            foreach (var value in values)
            {
                Add($"claim {name} {Short(value)}", decision, one =>
                {
                    if (one.IsLogout == isLogout)
                    {
                        DifferentialCase.Set(one.Claims, name, value.Length == 0 ? null : value);
                    }
                });
            }
        }
    }

    private void Signatures()
    {
        Signature("empty", _ => []);
        Signature("of zeros", bytes => new byte[bytes.Length]);
        Signature("with a bit flipped", bytes => [(byte)(bytes[0] ^ 1), .. bytes[1..]]);
        Signature("a byte short", bytes => bytes[..^1]);
        Signature("a byte long", bytes => [.. bytes, 0]);
        Signature("with a zero before", bytes => [0, .. bytes]);
        Add("signature of a stranger", null, one => one.Signature = _ => _stranger.Sign("x"));
        Add("signature in DER", null, one => one.Signature = signature => one.Key.Algorithm == "ES256" ? Der(signature) : signature[..^1]);
        Add("signature malleated to n-s", null, one => one.Signature = signature => one.Key.Algorithm == "ES256" ? Malleated(signature) : signature);

        void Signature(string name, Func<byte[], byte[]> change) => Add($"signature {name}", null, one => one.Signature = change);
    }

    private void Keys()
    {
        Jwk("x", null, s_values);
        Jwk("use", null, "\"sig\"", "\"enc\"", "\"\"", "1", "null");
        Jwk("key_ops", null, "[\"verify\"]", "[\"sign\"]", "[]", "\"verify\"", "[\"verify\",\"verify\"]", "[\"verify\",1]", "null", "[\"encrypt\"]");
        Jwk("key_ops", Decisions.Signing, "[\"verify\",\"sign\"]", "[\"sign\",\"verify\"]");
        Jwk("alg", null, "\"ALG\"", "\"RS512\"", "\"ES512\"", "\"none\"", "null", "1", "\"\"");
        Jwk("ext", null, "true", "false");
        Jwk("ext", Decisions.Ext, "1", "null", "\"true\"");
        Jwk("x5c", null, "[\"MIIB\",\"MIIC\"]", "\"MIIB\"", "[]");
        Jwk("x5t", null, "\"AAAA\"", "1");
        Jwk("x5u", null, "\"https://other.example/cert\"");
        Jwk("kid", null, "", "1", "null", "\"KEY-1\"");
        Jwk("kty", null, "\"oct\"", "\"OKP\"", "\"XYZ\"", "\"ec\"", "null", "1", "");
        Jwk("d", null, "\"AAAA\"");
        Jwk("d", Decisions.PrivateKey, "\"\"", "null");
        Jwk("k", Decisions.PrivateKey, "\"AAAA\"");
        Jwk("p", Decisions.PrivateKey, "\"AAAA\"");
        Jwk("qi", Decisions.PrivateKey, "\"AAAA\"");
        Jwk("oth", Decisions.PrivateKey, "[]");
        foreach (var member in (string[])["x", "y", "n", "e", "crv"])
        {
            Material($"without {member}", null, member, null);
            Material($"with an empty {member}", null, member, _ => "");
            Material($"with a {member} of another", null, member, _ => "AAAA");
        }

        foreach (var member in (string[])["x", "y", "n", "e"])
        {
            Material($"{member} padded", Decisions.KeyBase64, member, value => Padded(value, value.Length));
            Material($"{member} with padding too much", Decisions.KeyBase64, member, value => value + "====");
            Material($"{member} with a space", Decisions.KeyBase64, member, value => value[..2] + " " + value[2..]);
            Material($"{member} with a line break", Decisions.KeyBase64, member, value => value + "\n");
            Material($"{member} in standard base64", Decisions.KeyBase64, member, value => value.Replace('-', '+').Replace('_', '/'));
            Material($"{member} with stray bits", Decisions.KeyBase64, member, WithStrayBits);
        }

        Material("n with a zero before", null, "n", WithZero);
        Material("e with a zero before", null, "e", WithZero);
        Material("x with a zero before", Decisions.Coordinate, "x", WithZero);
        Material("y with a zero before", Decisions.Coordinate, "y", WithZero);
        var zero = DifferentialKey.WithZero();
        Add("a coordinate that begins with zero", null, one => one.PublishKey(zero));
        Add("a coordinate without its zero", Decisions.Coordinate, one =>
        {
            one.PublishKey(zero);
            DifferentialCase.Set(one.Jwk, "x", $"\"{Base64Url.EncodeToString(Base64Url.DecodeFromChars(zero.Jwk["x"]!.GetValue<string>()).AsSpan(1))}\"");
        });

        Rsa("RSA of 1024 bits", null, DifferentialKey.Create("RS256", 1024));
        Rsa("RSA of 4096 bits", null, DifferentialKey.OddRsa(4096, 65537, isRoca: false, _random));
        Rsa("RSA with the exponent 3", null, DifferentialKey.OddRsa(2048, 3, isRoca: false, _random));
        Rsa("RSA with an exponent of 32 bits", null, DifferentialKey.OddRsa(2048, (BigInteger.One << 31) + 11, isRoca: false, _random));
        Rsa("RSA with an exponent of 40 bits", Decisions.RsaSize, DifferentialKey.OddRsa(2048, (BigInteger.One << 39) + 7, isRoca: false, _random));
        Rsa("RSA of over 8192 bits", Decisions.RsaSize, DifferentialKey.OddRsa(8200, 65537, isRoca: false, _random));
        Rsa("RSA with ROCA", Decisions.Roca, DifferentialKey.OddRsa(2048, 65537, isRoca: true, _random));

        void Rsa(string name, Decision? decision, DifferentialKey key) => Add(name, decision, one => one.PublishKey(key));
    }

    private void KeySets()
    {
        var rsa1024 = DifferentialKey.Create("RS256", 1024);
        string[] others =
        [
            "{}", "{\"kid\":\"o\"}", "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"o\",\"alg\":\"HS256\"}",
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"kid\":\"o\"}",
            "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"kid\":\"o\"}",
            "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AAAA\",\"kid\":\"o\"}", "{\"kty\":\"XYZ\",\"kid\":\"o\"}", "{\"kty\":5,\"kid\":7}",
            "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\",\"kid\":\"o\"}", "{\"kty\":\"RSA\",\"n\":\"!\",\"e\":\"AQAB\",\"kid\":\"o\"}",
            DifferentialCase.Copy(rsa1024, "o").ToJsonString(), DifferentialCase.Copy(_stranger, "o").ToJsonString(),
            DifferentialCase.Copy(_stranger, "o").ToJsonString()[..^1] + ",\"d\":\"AAAA\"}", DifferentialCase.Copy(_stranger, "KEY-1").ToJsonString(),
            _stranger.Jwk.ToJsonString().Replace(",\"kid\":\"key-1\"", "", StringComparison.Ordinal),
        ];
        foreach (var other in others)
        {
            Add($"beside {Short(other)}", null, one => one.KeysBefore.Add(other));
            Add($"before {Short(other)}", null, one => one.KeysAfter.Add(other));
        }

        foreach (var other in (string[])["null", "1", "\"x\"", "[]", "true"])
        {
            Add($"beside {other}", Decisions.NotKeys, one => one.KeysBefore.Add(other));
        }

        Add("beside a key of the name and another kind", null, one => one.KeysAfter.Add(
            DifferentialCase.Copy(one.Key.Algorithm[0] == 'E' ? _rsa : _stranger).ToJsonString()));
        Add("beside a key of the name and the kind", null, one => one.KeysAfter.Add(
            DifferentialCase.Copy(one.Key.Algorithm switch { "ES256" => _stranger, "ES384" => DifferentialKey.Create("ES384"), _ => _rsa }).ToJsonString()));
        Add("beside itself", null, one => one.KeysAfter.Add(SeedToken.Json(one.Jwk)));
        Add("beside a key of the name for another algorithm", null, one =>
        {
            DifferentialCase.Set(one.Jwk, "alg", $"\"{one.Key.Algorithm}\"");
            var other = DifferentialCase.Copy(_rsa);
            other["alg"] = one.Key.Algorithm == "RS256" ? "PS256" : "RS256";
            one.KeysBefore.Add(other.ToJsonString());
        });
        Add("beside a key of the name for encryption", null, one => one.KeysBefore.Add(SeedToken.Json(one.Jwk.Append(new("\"use\"", "\"enc\"")))));
        Add("beside a private key of the name and the kind", Decisions.Usable, one => one.KeysBefore.Add(SeedToken.Json(one.Jwk.Append(new("\"d\"", "\"AAAA\"")))));
        Add("beside an unusable key of the name and the kind", Decisions.Usable, one => one.KeysBefore.Add(
            SeedToken.Json(one.Jwk.Where(member => member.Name is not ("\"x\"" or "\"n\"")))));
        Add("among 200 keys", null, one => one.KeysBefore.AddRange(Enumerable.Range(0, 200).Select(i => DifferentialCase.Copy(_stranger, $"o{i}").ToJsonString())));
        Add("among 100 RSA keys", null, one => one.KeysAfter.AddRange(Enumerable.Range(0, 100).Select(i => DifferentialCase.Copy(_rsa, $"o{i}").ToJsonString())));
        Add("in a set of 70 KB", Decisions.Size, one => one.SetMembers.Add(new("\"x\"", $"\"{new string('x', 70_000)}\"")));
        Add("in an empty set", null, one => one.SetBytes = _ => "{\"keys\":[]}"u8.ToArray());

        foreach (var value in s_values)
        {
            Add($"set with x {Short(value)}", null, one => one.SetMembers.Add(new("\"x\"", value)));
        }

        Set("with white space", null, text => $"\r\n\t {text.Replace(":", " : ", StringComparison.Ordinal)}\n");
        Set("with a byte order mark", null, text => "\uFEFF" + text);
        Set("with something behind", null, text => text + "x");
        Set("as an array", null, text => $"[{text}]");
        Set("without its name", null, text => text.Replace("\"keys\"", "\"Keys\"", StringComparison.Ordinal));
        Set("of no array", null, text => text.Replace("\"keys\":[", "\"keys\":{\"a\":[", StringComparison.Ordinal) + "}");
        Set("that is HTML", null, _ => "<html></html>");
        Set("that is empty", null, _ => "");
        Set("with a member twice", Decisions.Duplicate, text => "{\"x\":1,\"x\":2," + text[1..]);
        Set("with keys twice", Decisions.Duplicate, text => "{\"keys\":[]," + text[1..]);
        Set("with a key's member twice", Decisions.Duplicate, text => text.Replace("\"kty\"", "\"kty\":\"RSA\",\"kty\"", StringComparison.Ordinal));
        Set("with half a pair", Decisions.Surrogate, text => "{\"x\":\"\\ud800\"," + text[1..]);
        Set("17 deep", Decisions.Depth, text => $"{{\"x\":{new string('[', 16)}{new string(']', 16)},{text[1..]}");
        Add("set with a byte that is no UTF-8", Decisions.Utf8, one => one.SetBytes = bytes => [.. "{\"x\":\""u8, 0xff, .. "\","u8, .. bytes[1..]]);

        void Set(string name, Decision? decision, Func<string, string> change) =>
            Add($"set {name}", decision, one => one.SetBytes = bytes => Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes))));
    }

    private void Add(string name, Decision? decision, Action<DifferentialCase> apply) => _all.Add(new Change(name, apply, decision));

    /// <summary>Sets a member of the header to each value; the empty one takes it away.</summary>
    private void Header(string name, Decision? decision, params string[] values)
    {
        foreach (var value in values)
        {
            Add($"header {name} {Short(value)}", decision, one => DifferentialCase.Set(
                one.Header,
                name,
                value.Length == 0 ? null : value.Replace("TYPE", one.Type, StringComparison.Ordinal).Replace("UPPER", one.Type.ToUpperInvariant(), StringComparison.Ordinal)));
        }
    }

    private void Claim(string name, Decision? decision, params string[] values)
    {
        foreach (var value in values)
        {
            Add($"claim {name} {Short(value)}", decision, one => DifferentialCase.Set(one.Claims, name, value.Length == 0 ? null : value));
        }
    }

    private void Jwk(string name, Decision? decision, params string[] values)
    {
        foreach (var value in values)
        {
            // An EC key has an x that matters.
            Add($"key with {name} {Short(value)}", decision, one => DifferentialCase.Set(
                one.Jwk, name == "x" ? "x-other" : name, value.Length == 0 ? null : value.Replace("ALG", one.Key.Algorithm, StringComparison.Ordinal)));
        }
    }

    /// <summary>Changes a number of the key, where it has it.</summary>
    private void Material(string name, Decision? decision, string member, Func<string, string>? change) => Add($"key {name}", decision, one =>
    {
        if (one.Key.Jwk[member]?.GetValue<string>() is { } value)
        {
            DifferentialCase.Set(one.Jwk, member, change is null ? null : JsonValue.Create(change(value)).ToJsonString());
        }
    });

    private static string Padded(string text, int length) => text + new string('=', (4 - (length % 4)) % 4);

    /// <summary>Sets a bit that the last character has to spare; where it has none, as it is.</summary>
    private static string WithStrayBits(string text)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var length = text.Length - text.LastIndexOf('.') - 1;
        return length % 4 == 0 ? text : text[..^1] + alphabet[alphabet.IndexOf(text[^1], StringComparison.Ordinal) | 1];
    }

    private static string WithZero(string value) => Base64Url.EncodeToString([0, .. Base64Url.DecodeFromChars(value)]);

    private static byte[] Der(byte[] signature)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(signature.AsSpan(0, 32), isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true));
        }

        return writer.Encode();
    }

    private static byte[] Malleated(byte[] signature)
    {
        var order = new BigInteger(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);
        var s = (order - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. signature[..32], .. new byte[32 - s.Length], .. s];
    }

    private static string Short(string text) => text.Length == 0 ? "(gone)" : text.Length > 60 ? text[..57] + "…" : text;
}
