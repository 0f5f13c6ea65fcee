using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AgentAuth.Refusals;
using AgentAuth.Streams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AgentAuth.Wire.Http;

/// <summary>
/// Reads request bodies so that there is one way to understand them: one content type, a size limit, UTF-8 without exception, no member twice,
/// nothing behind the end. What two parsers could read differently is refused.
/// </summary>
internal static class RequestBody
{
    public const int Limit = 64 * 1024;
    public const string Json = "application/json";
    public const string Form = "application/x-www-form-urlencoded";
    public const string LogoutToken = "application/logout+jwt";

    private const int MaxDepth = 16;

    /// <summary>The media type without parameters, lower-case; null when there is none, or when it is not UTF-8.</summary>
    public static string? MediaTypeOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
            ? type.MediaType.Value?.ToLowerInvariant()
            : null;

    /// <summary>Reads a JSON object.</summary>
    public static async ValueTask<Outcome<JsonMembers>> ReadJsonAsync(HttpRequest request)
    {
        if (MediaTypeOf(request) != Json)
        {
            return RequestRefusals.UnsupportedMediaType(Json);
        }

        var body = await ReadAsync(request);
        return body.Value is { } bytes ? ParseJson(bytes) : body.Refusal!;
    }

    /// <summary>Reads a form and gives its single value of a name; null inside when the name is missing.</summary>
    public static async ValueTask<Outcome<string>> ReadFormValueAsync(HttpRequest request, string name)
    {
        var form = await ReadFormFieldsAsync(request);
        return form.Value is not { } fields ? form.Refusal!
            : fields.TryGetValue(name, out var values) && values.Count == 1 && values[0] is { Length: > 0 } value ? value
            : RequestRefusals.InvalidRequest($"The form must hold '{name}' once.");
    }

    /// <summary>Reads a form: each name with its values.</summary>
    public static async ValueTask<Outcome<Dictionary<string, StringValues>>> ReadFormFieldsAsync(HttpRequest request)
    {
        var body = await ReadTextAsync(request);
        if (body.Value is not { } text)
        {
            return body.Refusal!;
        }

        try
        {
            using var reader = new FormReader(text);
            return reader.ReadForm();
        }
        catch (InvalidDataException)
        {
            return RequestRefusals.InvalidRequest("The form has too many or too long fields.");
        }
    }

    /// <summary>Reads the body as text.</summary>
    public static async ValueTask<Outcome<string>> ReadTextAsync(HttpRequest request)
    {
        var body = await ReadAsync(request);
        return body.Value is not { } bytes ? body.Refusal!
            : Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes)
            : RequestRefusals.InvalidRequest("The body is not UTF-8.");
    }

    private static Outcome<JsonMembers> ParseJson(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return RequestRefusals.InvalidRequest("The body is not UTF-8.");
        }

        try
        {
            var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonMembers(document.RootElement)
                : RequestRefusals.InvalidRequest("The body must be one JSON object.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is how the reader says that a name has half a surrogate pair, written as an escape.
            return RequestRefusals.InvalidRequest("The body must be one JSON object, without duplicate members and with nothing behind it.");
        }
    }

    private static async ValueTask<Outcome<byte[]>> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > Limit)
        {
            return RequestRefusals.BodyTooLarge(Limit);
        }

        return await BoundedRead.ToEndAsync(request.Body, Limit, request.HttpContext.RequestAborted) is { } bytes ? bytes : RequestRefusals.BodyTooLarge(Limit);
    }
}

/// <summary>The members of a JSON object, read by name and kind.</summary>
internal sealed class JsonMembers(JsonElement root)
{
    /// <summary>The names of all members.</summary>
    public IReadOnlyList<string> Names() => [.. root.EnumerateObject().Select(member => member.Name)];

    /// <summary>Whether a member is there, and true.</summary>
    public bool IsTrue(string name) => root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.True;

    /// <summary>A member that must be an object when it is there, as its JSON; neither value nor error when it is not.</summary>
    public Outcome<string> OptionalObject(string name) =>
        !root.TryGetProperty(name, out var member) ? default(Outcome<string>)
        : member.ValueKind == JsonValueKind.Object ? member.GetRawText()
        : RequestRefusals.InvalidRequest($"The member '{name}' must be an object.");

    /// <summary>A member that must be a string.</summary>
    public Outcome<string> RequiredString(string name) =>
        OptionalString(name) is var result && (result.Value ?? (object?)result.Refusal) is null
            ? RequestRefusals.InvalidRequest($"The member '{name}' is missing.")
            : result;

    /// <summary>A member that must be a string when it is there; neither value nor error when it is not.</summary>
    public Outcome<string> OptionalString(string name)
    {
        if (!root.TryGetProperty(name, out var member))
        {
            return default;
        }

        if (member.ValueKind == JsonValueKind.String)
        {
            try
            {
                return member.GetString()!;
            }
            catch (InvalidOperationException)
            {
                // A lone surrogate, written as an escape: not a string that UTF-8 could carry.
            }
        }

        return RequestRefusals.InvalidRequest($"The member '{name}' must be a string.");
    }
}
