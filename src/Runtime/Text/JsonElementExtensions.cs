using System.Text.Json;

namespace AgentAuth.Text;

internal static class JsonElementExtensions
{
    extension(JsonElement element)
    {
        /// <summary>A member of an object; of the kind <see cref="JsonValueKind.Undefined"/> when it has none of that name, so that one look tells both.</summary>
        /// <param name="name">The member.</param>
        public JsonElement Member(string name)
        {
            element.TryGetProperty(name, out var value);
            return value;
        }

        /// <summary>True when an object has a member of that name, as whatever.</summary>
        /// <param name="name">The member.</param>
        public bool Has(string name) => element.TryGetProperty(name, out _);

        /// <summary>The text of a member; null when it is no string, or not there.</summary>
        /// <param name="name">The member.</param>
        public string? TextOf(string name) => element.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

        /// <summary>True for a JSON string with exactly that text; false for anything else, never an exception.</summary>
        /// <param name="text">The text.</param>
        public bool ValueEqualsText(string text) => element.ValueKind is JsonValueKind.String && element.ValueEquals(text);
    }
}
