using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentAuth.Trust;

namespace AgentAuth.Assertions;

/// <summary>One of the files in the folder Wycheproof: groups of vectors, each with its key or keys.</summary>
internal sealed class WycheproofFile
{
    private WycheproofFile(JsonArray groups) => Groups = groups;

    public JsonArray Groups { get; }

    public static WycheproofFile Open(string name)
    {
        using var file = typeof(WycheproofFile).Assembly.GetManifestResourceStream($"Wycheproof.{name}.json.gz")!;
        using var text = new GZipStream(file, CompressionMode.Decompress);
        return new WycheproofFile(JsonNode.Parse(text)!["groups"]!.AsArray());
    }

    /// <summary>A group's vectors.</summary>
    public static IEnumerable<WycheproofVector> Vectors(JsonNode group) => group["tests"]!.AsArray().Select(test => new WycheproofVector(test!));

    /// <summary>A group's keys as the JWK set that a provider would publish. A key without a name gets one.</summary>
    public static VerificationKeySet KeySet(JsonNode group, string? keyId = null)
    {
        var keys = group["keys"]?.AsArray() ?? [group["key"]!.DeepClone()];
        if (keyId is not null)
        {
            keys[0]!["kid"] = keyId;
        }

        return VerificationKeySet.Read(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["keys"] = keys.DeepClone() }))!;
    }
}
