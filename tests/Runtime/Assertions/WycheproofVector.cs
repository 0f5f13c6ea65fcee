using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace AgentAuth.Assertions;

/// <summary>One vector.</summary>
internal sealed class WycheproofVector(JsonNode json)
{
    /// <summary>What Wycheproof says of it: valid, invalid or acceptable.</summary>
    public string Verdict => Text("result");

    public byte[] Message => Base64Url.DecodeFromChars(Text("msg"));

    public byte[] Signature => Base64Url.DecodeFromChars(Text("sig"));

    public string Jws => Text("jws");

    public override string ToString() => $"{json["tcId"]} ({Text("comment")}) is {Verdict}";

    private string Text(string member) => json[member]!.GetValue<string>();
}
