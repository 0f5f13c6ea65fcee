using System.Text.Json;

namespace AgentAuth.Assertions;

internal static class JsonElementExtensions
{
    extension(JsonElement element)
    {
        /// <summary>True for a JSON string with exactly that text; false for anything else, never an exception.</summary>
        /// <param name="text">The text.</param>
        public bool ValueEqualsText(string text) => element.ValueKind is JsonValueKind.String && element.ValueEquals(text);
    }
}
