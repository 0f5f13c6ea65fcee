using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AgentAuth.Assertions;

/// <summary>
/// Makes bad tokens, and some good ones, out of good ones: as text, as JSON members, as bytes, by their signature. A changed token mostly
/// keeps the signature it had; now and then it is signed again, so that it comes past the signature.
/// </summary>
internal sealed class TokenMutator(Random random, IReadOnlyList<SeedToken> seeds)
{
    private static readonly string[] s_algorithms =
    [
        "ES256", "ES384", "RS256", "PS256", "none", "None", "NONE", "HS256", "HS384", "RS384", "RS512", "PS512", "ES512", "ES256K", "EdDSA", "es256", "ES256 ", "A128KW", "dir",
    ];

    private static readonly string[] s_names =
    [
        "alg", "typ", "kid", "crit", "b64", "zip", "enc", "jwk", "jku", "x5u", "x5c", "x5t", "cty", "iss", "sub", "aud", "client_id", "jti", "iat", "exp", "nbf", "email",
        "email_verified", "phone_number", "phone_number_verified", "events", "nonce", "cnf", "tenant", "scope", "resource", "act", "amr", "authorization_details",
        "azp", "sid", "acr", "auth_time", "actort", "x5t#S256", "typ\\u0000", "nbf ", "agent_platform", "agent_context_id",
        "", "\\u0061lg", "i\\u0073s", "aud\\u0000", "ISS", "Exp", "\\ud800", "é",
    ];

    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1e300", "-1e300", "1e400", "1e-300", "1e10", "1779364800.0", "1.7793648e9", "17793648e2", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "253402300799", "253402300800", "99999999999999999999999999999", "NaN", "Infinity", "01", "+1", ".5", "1.", "0x10",
        "'x'", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud83d\\ude00\"", "\"\\u202e\"", "\"é票🎫\"", "\"a\nb\"", "\"\\q\"", "[]", "{}", "[null]", "[[]]",
        "[1,]", "{\"a\":1,\"a\":2}", "\"ES256\"", "\"none\"", "\"true\"", "\"1779364800\"", "[\"exp\"]", "[\"b64\"]", "\"DEF\"", "\"../../etc/passwd\"",
        "\"https://agents.example\"", "\"https://agents.example/\"", "\"https://AGENTS.example\"", "\"https:\\/\\/agents.example\"", "\"https://agents.other.example\"",
        "\"https://auth.service.example\"", "\"https://api.service.example/\"", "[\"https://auth.service.example\"]", "[\"https://auth.service.example\",\"https://b.example\"]",
        "[[\"https://auth.service.example\"]]", "{\"https://auth.service.example\":1}", "\"oauth-id-jag+jwt\"", "\"application/oauth-id-jag+jwt\"", "\"OAuth-ID-JAG+JWT\"",
        "\"logout+jwt\"", "\"JWT\"", "\"oauth-id-jag+jwt; a=b\"", "\"oauth\\u002did-jag+jwt\"", "\"es256\"", "\"rs256\"", "/*x*/1", "1//x",
        new string('[', 15) + new string(']', 15), new string('[', 64) + new string(']', 64), new string('[', 1500) + new string(']', 1500),
        string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40), $"\"{new string('A', 300)}\"", $"\"{new string('A', 5000)}\"", $"\"{new string('A', 20_000)}\"",
    ];

    private static readonly string[] s_pieces =
    [
        ".", "..", "=", "==", " ", "\n", "\t", "\r\n", "+", "/", "-", "_", "A", "\0", "é", "\uFF21", "票", "\uD800", "%3D", "\\", "\"", "eyJ9", "e30", "bnVsbA", "W10", "\u200B", "\uFEFF", ",",
    ];

    private static readonly byte[][] s_bytes =
    [
        [0], [0x20], [0x0A], [0x22], [0x7B], [0x7D], [0x5C], [0x2C], [0xFF], [0x80], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xF4, 0x90, 0x80, 0x80],
        [0xE7, 0xA5, 0xA8], [0x7B, 0x7D], [0x2F, 0x2A, 0x2A, 0x2F], [0x2C, 0x22, 0x61, 0x22, 0x3A, 0x31],
    ];

    // n of P-256 (FIPS 186-4 D.1.2.3).
    private static readonly System.Numerics.BigInteger s_order =
        new(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    /// <summary>One more mutant.</summary>
    /// <param name="seed">The good token.</param>
    public string Next(SeedToken seed)
    {
        var token = random.Next(10) switch
        {
            < 2 => ChangeText(seed.Text),
            < 3 => $"{seed.SigningInput}.{Base64Url.EncodeToString(ChangeSignature(seed))}",
            < 8 => ChangeMembers(seed),
            _ => ChangeBytes(seed),
        };
        return random.Next(20) == 0 ? ChangeText(token) : token;
    }

    private string ChangeText(string token)
    {
        var segments = token.Split('.');
        var one = random.Next(segments.Length);
        var place = random.Next(token.Length + 1);
        switch (random.Next(14))
        {
            case 0:
                return token.Insert(place, Any(s_pieces));
            case 1 when token.Length > 0:
                return token.Remove(Math.Min(place, token.Length - 1), 1);
            case 2:
                return token[..place];
            case 3:
                return token + Any(s_pieces);
            case 4:
                return Any(s_pieces) + token;
            case 5:
                segments[one] = "";
                break;
            case 6:
                segments[one] = Any(Any(seeds).Text.Split('.'));
                break;
            case 7:
                random.Shuffle(segments);
                break;
            case 8:
                segments = [.. segments, .. segments.AsSpan(0, random.Next(segments.Length) + 1)];
                break;
            case 9:
                segments[one] = segments[one].Replace('-', '+').Replace('_', '/');
                break;
            case 10:
                segments[one] += new string('=', random.Next(1, 4));
                break;
            case 11:
                segments[one] = OtherSpelling(segments[one]);
                break;
            case 12:
                segments[one] = string.Concat(Enumerable.Repeat(segments[one], random.Next(2, 60)));
                break;
            default:
                segments[one] = FlipCase(segments[one]);
                break;
        }

        return string.Join('.', segments);
    }

    /// <summary>Sets bits of the last character that no byte takes.</summary>
    private static string OtherSpelling(string segment)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return segment.Length == 0 || Alphabet.IndexOf(segment[^1]) is not (>= 0 and var last) ? segment : segment[..^1] + Alphabet[last ^ 1];
    }

    private string FlipCase(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        var place = random.Next(text.Length);
        var letter = char.IsUpper(text[place]) ? char.ToLowerInvariant(text[place]) : char.ToUpperInvariant(text[place]);
        return $"{text[..place]}{letter}{text[(place + 1)..]}";
    }

    private byte[] ChangeSignature(SeedToken seed)
    {
        var signature = (byte[])seed.Signature.Clone();
        var half = signature.Length / 2;
        switch (random.Next(10))
        {
            case 0:
                return [];
            case 1:
                return signature[..random.Next(signature.Length)];
            case 2:
                return [.. signature, (byte)random.Next(256)];
            case 3:
                return [0, .. signature];
            case 4:
                return [.. signature[half..], .. signature[..half]];
            case 5:
                return [0x30, (byte)(signature.Length + 4), 0x02, (byte)half, .. signature[..half], 0x02, (byte)half, .. signature[half..]];
            case 6:
                Array.Fill(signature, (byte)random.Next(-1, 2));
                return signature;
            case 7:
                return Any(seeds).Signature;
            case 8 when seed.Key.Algorithm == "ES256":
                // The other signature that ECDSA has for the same text: good, as anybody can see who knows the first one.
                var s = s_order - new System.Numerics.BigInteger(signature.AsSpan(half), isUnsigned: true, isBigEndian: true);
                var bytes = s.ToByteArray(isUnsigned: true, isBigEndian: true);
                return [.. signature[..half], .. new byte[half - bytes.Length], .. bytes];
            default:
                signature[random.Next(signature.Length)] ^= (byte)(1 << random.Next(8));
                return signature;
        }
    }

    private string ChangeMembers(SeedToken seed)
    {
        var (header, payload) = (seed.Header.ToList(), seed.Payload.ToList());
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            ChangeMember(random.Next(2) == 0 ? header : payload);
        }

        return Finish(seed, Encoding.UTF8.GetBytes(SeedToken.Json(header)), Encoding.UTF8.GetBytes(SeedToken.Json(payload)));
    }

    private void ChangeMember(List<JsonMember> members)
    {
        var one = random.Next(members.Count);
        switch (random.Next(9))
        {
            case 0 when members.Count > 1:
                members.RemoveAt(one);
                break;
            case 1:
                members.Insert(one, new JsonMember($"\"{Any(s_names)}\"", Any(s_values)));
                break;
            case 2:
                // The same member twice, and only one of the two is good.
                members.Insert(random.Next(members.Count + 1), members[one] with { Value = Any(s_values) });
                break;
            case 3:
                members[one] = members[one] with { Name = $"\"{Any(s_names)}\"" };
                break;
            case 4:
                members[one] = members[one] with { Value = Any(Any(seeds).Payload).Value };
                break;
            case 5:
                members[one] = members[one] with { Value = Any(Any(seeds).Header).Value };
                break;
            case 6 when members[0].Name == "\"alg\"":
                members[0] = members[0] with { Value = $"\"{Any(s_algorithms)}\"" };
                break;
            case 7 when long.TryParse(members[one].Value, out var seconds):
                members[one] = members[one] with { Value = (seconds + random.Next(-1000, 1000)).ToString(System.Globalization.CultureInfo.InvariantCulture) };
                break;
            default:
                members[one] = members[one] with { Value = Any(s_values) };
                break;
        }
    }

    private string ChangeBytes(SeedToken seed)
    {
        var header = Encoding.UTF8.GetBytes(SeedToken.Json(seed.Header));
        var payload = Encoding.UTF8.GetBytes(SeedToken.Json(seed.Payload));
        return random.Next(2) == 0 ? Finish(seed, ChangeBytes(header), payload) : Finish(seed, header, ChangeBytes(payload));
    }

    private byte[] ChangeBytes(byte[] json)
    {
        var place = random.Next(json.Length);
        switch (random.Next(6))
        {
            case 0:
                return json[..place];
            case 1:
                return [.. json[..place], .. json[(place + 1)..]];
            case 2:
                return [.. json, .. Any(s_bytes)];
            case 3:
                return [.. Any(s_bytes), .. json];
            case 4:
                json[place] ^= (byte)(1 << random.Next(8));
                return json;
            default:
                return [.. json[..place], .. Any(s_bytes), .. json[place..]];
        }
    }

    private string Finish(SeedToken seed, byte[] header, byte[] payload)
    {
        var input = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        var signer = random.Next(12) == 0 ? Any(seeds).Key : seed.Key;
        byte[] signature = random.Next(100) switch
        {
            < 4 => HMACSHA256.HashData(PublicBytes(seed.Key), Encoding.ASCII.GetBytes(input)),
            var dice when dice < 4 + Share(signer) => signer.Sign(input),
            _ => seed.Signature,
        };
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>How many of a hundred changed tokens are signed again: RSA takes too long for more.</summary>
    private static int Share(TestKey key) => key.Algorithm switch { "ES256" => 50, "ES384" => 15, _ => 3 };

    /// <summary>What a confused verifier might take for the secret of an HMAC.</summary>
    private static byte[] PublicBytes(TestKey key) => Encoding.UTF8.GetBytes(key.Jwk.ToJsonString());

    private T Any<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
}
