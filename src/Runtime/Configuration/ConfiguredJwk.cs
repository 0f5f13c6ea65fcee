using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace AgentAuth.Configuration;

/// <summary>
/// A JWK in configuration. A JSON file flattens it to one key for each member, which are put together again here; an environment variable may hold
/// it whole, as JSON.
/// </summary>
internal static class ConfiguredJwk
{
    private const string Operations = "key_ops";

    // The members that a public key needs, and those of a private one, which is to be told that it is one.
    private static readonly string[] s_members = ["kty", "crv", "x", "y", "n", "e", "kid", "alg", "use", Operations];
    private static readonly string[] s_privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>Reads a JWK.</summary>
    /// <param name="section">Where it is.</param>
    /// <param name="problems">Takes a sentence for each member that is none.</param>
    /// <returns>The JWK as JSON, to be checked by whoever uses it. No member of a private key is copied, only that it was there.</returns>
    public static string Read(IConfigurationSection section, List<string> problems)
    {
        var members = section.GetChildren().ToArray();
        if (members.Length == 0)
        {
            return section.Value ?? "";
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in members)
            {
                Write(json, member, problems);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, IConfigurationSection member, List<string> problems)
    {
        if (Find(s_members, member.Key) is { } name)
        {
            if (name != Operations)
            {
                json.WriteString(name, member.Value);
                return;
            }

            json.WriteStartArray(name);
            foreach (var operation in member.GetChildren())
            {
                json.WriteStringValue(operation.Value);
            }

            json.WriteEndArray();
        }
        else if (Find(s_privateMembers, member.Key) is { } secret)
        {
            json.WriteNull(secret);
        }
        else
        {
            problems.Add($"{member.Path} is not a setting. A key has {string.Join(", ", s_members)}.");
        }
    }

    private static string? Find(string[] names, string key) => names.FirstOrDefault(name => name.Equals(key, StringComparison.OrdinalIgnoreCase));
}
