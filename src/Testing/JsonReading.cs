using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentAuth.Testing;

/// <summary>Reads members that may be absent.</summary>
internal static class JsonReading
{
    extension(JsonObject json)
    {
        public string? Text(string name) => json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

        public Uri? Url(string name) => Uri.TryCreate(json.Text(name), UriKind.Absolute, out var uri) ? uri : null;

        public IReadOnlyList<string> Texts(string name) =>
            json[name] is JsonArray array ? [.. array.OfType<JsonValue>().Select(value => value.GetValue<string>())] : [];

        public DateTimeOffset? Instant(string name) =>
            json.Text(name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;
    }
}
