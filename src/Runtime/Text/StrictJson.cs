using System.Text.Json;
using System.Text.Unicode;

namespace AgentAuth.Text;

/// <summary>
/// JSON that two parsers cannot read differently: strict UTF-8, one object and nothing after it, no member twice at any level, no
/// half of a surrogate pair, bounded depth (RFC 8725 §3.7, RFC 7493).
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Reads an object from a document. A byte order mark before it is ignored, as RFC 8259 §8.1 allows: editors put one into files. In a token there
    /// is none to be ignored: those who verify tokens do not agree on it.
    /// </summary>
    /// <param name="utf8">The document.</param>
    /// <param name="value">The object.</param>
    public static bool TryParseDocument(ReadOnlySpan<byte> utf8, out JsonElement value) =>
        TryParseObject(utf8.StartsWith(ByteOrderMark) ? utf8[ByteOrderMark.Length..] : utf8, out value);

    /// <summary>Reads an object. What it holds can be read without exceptions afterwards.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="value">The object.</param>
    public static bool TryParseObject(ReadOnlySpan<byte> utf8, out JsonElement value)
    {
        value = default;
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }

        try
        {
            var parsed = JsonElement.Parse(utf8, s_options);
            if (utf8.IndexOf("\\u"u8) >= 0)
            {
                ReadAllText(parsed);
            }

            if (parsed.ValueKind is not JsonValueKind.Object)
            {
                return false;
            }

            value = parsed;
            return true;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is how the reader says that an escaped surrogate has no other half.
            return false;
        }
    }

    // Names have been read: the parser looks for two that are the same.
    private static void ReadAllText(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    ReadAllText(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    ReadAllText(member.Value);
                }

                break;
        }
    }
}
