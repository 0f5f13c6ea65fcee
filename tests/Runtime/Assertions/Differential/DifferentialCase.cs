using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AgentAuth.Protocol.V01;

namespace AgentAuth.Assertions.Differential;

/// <summary>A good token and the JWK set of its issuer, to be changed. All JSON is text, so that it can be wrong.</summary>
internal sealed class DifferentialCase
{
    public DifferentialCase(string type, string issuer, DifferentialKey key)
    {
        Type = type;
        Issuer = issuer;
        Key = key;
        Header = [new("\"alg\"", $"\"{key.Algorithm}\""), new("\"typ\"", $"\"{type}\""), new("\"kid\"", "\"key-1\"")];
        Claims =
        [
            new("\"iss\"", $"\"{issuer}\""), new("\"sub\"", "\"user-1\""), new("\"aud\"", $"\"{VerifierBench.Service}\""), new("\"jti\"", "\"jti-1\""),
            new("\"iat\"", Seconds(0)),
        ];
        Claims.AddRange(type == StrictJwt.LogoutType
            ? [new("\"events\"", $"{{\"{V01Names.RevokedEvent}\":{{}}}}")]
            : [
                new("\"exp\"", Seconds(300)), new("\"client_id\"", $"\"{issuer}\""), new("\"email\"", "\"alice@example.com\""), new("\"email_verified\"", "true"),
            ]);
        PublishKey(key);
    }

    public string Type { get; }

    public bool IsLogout => Type == StrictJwt.LogoutType;

    public string Issuer { get; }

    public DifferentialKey Key { get; private set; }

    public List<JsonMember> Header { get; }

    public List<JsonMember> Claims { get; }

    /// <summary>The members of the JWK that the token is signed with.</summary>
    public List<JsonMember> Jwk { get; private set; } = [];

    /// <summary>What stands before and after it in <c>keys</c>.</summary>
    public List<string> KeysBefore { get; } = [];

    public List<string> KeysAfter { get; } = [];

    /// <summary>Other members of the set.</summary>
    public List<JsonMember> SetMembers { get; } = [];

    /// <summary>What becomes of the texts at last.</summary>
    public Func<byte[], byte[]> HeaderBytes { get; set; } = bytes => bytes;

    public Func<byte[], byte[]> ClaimBytes { get; set; } = bytes => bytes;

    public Func<byte[], byte[]> SetBytes { get; set; } = bytes => bytes;

    public Func<string, string> HeaderSegment { get; set; } = segment => segment;

    public Func<byte[], byte[]> Signature { get; set; } = signature => signature;

    public Func<string, string> TokenText { get; set; } = token => token;

    /// <summary>The time of the comparison and some seconds, as JSON.</summary>
    public static string Seconds(long more) => (VerifierBench.Start.ToUnixTimeSeconds() + more).ToString(CultureInfo.InvariantCulture);

    /// <summary>Signs with another key, and publishes that.</summary>
    public void PublishKey(DifferentialKey key)
    {
        Key = key;
        Jwk = [.. key.Jwk.Select(member => new JsonMember($"\"{member.Key}\"", member.Value!.ToJsonString()))];
        Set(Header, "alg", $"\"{key.Algorithm}\"");
    }

    /// <summary>Sets a member, or takes it away.</summary>
    /// <param name="members">Whose.</param>
    /// <param name="name">The member.</param>
    /// <param name="value">Its JSON; null takes it away.</param>
    public static void Set(List<JsonMember> members, string name, string? value)
    {
        var at = members.FindIndex(member => member.Name == $"\"{name}\"");
        if (at >= 0)
        {
            members.RemoveAt(at);
        }

        if (value is not null)
        {
            members.Insert(at < 0 ? members.Count : at, new($"\"{name}\"", value));
        }
    }

    /// <summary>A copy of a key under the name that the token's has.</summary>
    public static JsonObject Copy(DifferentialKey key, string kid = "key-1")
    {
        var copy = key.Jwk.DeepClone().AsObject();
        copy["kid"] = kid;
        return copy;
    }

    public string Token()
    {
        var header = Base64Url.EncodeToString(HeaderBytes(Encoding.UTF8.GetBytes(SeedToken.Json(Header))));
        var claims = Base64Url.EncodeToString(ClaimBytes(Encoding.UTF8.GetBytes(SeedToken.Json(Claims))));
        var input = $"{HeaderSegment(header)}.{claims}";
        return TokenText($"{input}.{Base64Url.EncodeToString(Signature(Key.Sign(input)))}");
    }

    public byte[] KeySet()
    {
        var keys = string.Join(',', KeysBefore.Append(SeedToken.Json(Jwk)).Concat(KeysAfter));
        return SetBytes(Encoding.UTF8.GetBytes(SeedToken.Json([.. SetMembers, new JsonMember("\"keys\"", $"[{keys}]")])));
    }
}
