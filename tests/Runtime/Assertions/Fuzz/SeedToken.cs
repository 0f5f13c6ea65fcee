using System.Text;
using System.Text.Json.Nodes;
using AgentAuth.Protocol.V01;
using AgentAuth.Text;

namespace AgentAuth.Assertions;

/// <summary>A good token, taken apart for mutation.</summary>
internal sealed class SeedToken
{
    public SeedToken(string type, string issuer, TestKey key, DateTimeOffset now)
    {
        Type = type;
        Key = key;
        Header = Members(new JsonObject { ["alg"] = key.Algorithm, ["typ"] = type, ["kid"] = key.KeyId });
        Payload = Members(type == StrictJwt.IdJagType ? IdJag(issuer, now) : Logout(issuer, now));
        Text = key.Sign(Json(Header), Json(Payload));
        SigningInput = Text[..Text.LastIndexOf('.')];
        Base64UrlText.TryDecode(Text.AsSpan(SigningInput.Length + 1), out var signature);
        Signature = signature;
    }

    public string Type { get; }

    public TestKey Key { get; }

    public IReadOnlyList<JsonMember> Header { get; }

    public IReadOnlyList<JsonMember> Payload { get; }

    public string Text { get; }

    public string SigningInput { get; }

    public byte[] Signature { get; }

    public static string Json(IEnumerable<JsonMember> members)
    {
        var json = new StringBuilder("{");
        foreach (var (name, value) in members)
        {
            json.Append(json.Length > 1 ? "," : "").Append(name).Append(':').Append(value);
        }

        return json.Append('}').ToString();
    }

    private static JsonObject IdJag(string issuer, DateTimeOffset now) => new()
    {
        ["iss"] = issuer,
        ["sub"] = "user-1",
        ["aud"] = VerifierBench.Service,
        ["client_id"] = issuer,
        ["jti"] = "jti-1",
        ["iat"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        ["email"] = "alice@example.com",
        ["email_verified"] = true,
    };

    private static JsonObject Logout(string issuer, DateTimeOffset now) => new()
    {
        ["iss"] = issuer,
        ["sub"] = "user-1",
        ["aud"] = VerifierBench.Service,
        ["jti"] = "jti-1",
        ["iat"] = now.ToUnixTimeSeconds(),
        ["events"] = new JsonObject { [V01Names.RevokedEvent] = new JsonObject() },
    };

    private static JsonMember[] Members(JsonObject json) =>
        [.. json.Select(member => new JsonMember($"\"{member.Key}\"", member.Value!.ToJsonString()))];
}
