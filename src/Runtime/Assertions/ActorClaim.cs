using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using AgentAuth.Text;

namespace AgentAuth.Assertions;

/// <summary>
/// The <c>act</c> claim (RFC 8693 §4.1): who acts, and within it on whose behalf. It is kept in one form, compact and with its members in
/// order, so that the same actor is the same text however a provider writes it; and within limits, for it is kept with every registration
/// and audit row.
/// </summary>
internal static class ActorClaim
{
    /// <summary>The most bytes of the kept form.</summary>
    public const int MaxLength = 2048;

    /// <summary>How deep objects and arrays may be nested: a chain of so many actors.</summary>
    public const int MaxDepth = 8;

    /// <summary>Writes an actor in the form in which it is kept.</summary>
    /// <param name="actor">The claim's value. Its texts must be readable, as <see cref="StrictJson"/> makes sure.</param>
    /// <param name="canonical">The form.</param>
    /// <returns>False when it is no object, too long or nested too deeply.</returns>
    public static bool TryCanonicalize(JsonElement actor, [NotNullWhen(true)] out string? canonical)
    {
        canonical = null;
        if (actor.ValueKind is not JsonValueKind.Object)
        {
            return false;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            if (!TryWrite(json, actor, MaxDepth))
            {
                return false;
            }
        }

        if (buffer.WrittenCount > MaxLength)
        {
            return false;
        }

        canonical = Encoding.UTF8.GetString(buffer.WrittenSpan);
        return true;
    }

    private static bool TryWrite(Utf8JsonWriter json, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array when depth == 0:
                return false;
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(member.Name);
                    if (!TryWrite(json, member.Value, depth - 1))
                    {
                        return false;
                    }
                }

                json.WriteEndObject();
                return true;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    if (!TryWrite(json, item, depth - 1))
                    {
                        return false;
                    }
                }

                json.WriteEndArray();
                return true;
            default:
                // The same text may come with escapes or without: it is written with those that the writer makes.
                value.WriteTo(json);
                return true;
        }
    }
}
