using System.Text.Json;
using AgentAuth.Streams;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Access;

/// <summary>What an MCP message asks for: a tool, a prompt or a resource.</summary>
/// <param name="Kind"><c>tool</c>, <c>prompt</c> or <c>resource</c>.</param>
/// <param name="Name">Its name, or its URI.</param>
internal sealed record McpMessage(string Kind, string Name)
{
    /// <summary>The most bytes of a message that are looked at. What is longer is left to the SDK's filters, which look at every message.</summary>
    public const int Limit = 64 * 1024;

    /// <summary>Reads what a request asks for, and leaves its body as it was; null when it asks for none of the three, or cannot be read here.</summary>
    public static async ValueTask<McpMessage?> ReadAsync(HttpRequest request)
    {
        // MCP 2026-07-28 has both in headers, and the SDK compares them with the body.
        if (request.Headers["Mcp-Method"] is [{ } method] && request.Headers["Mcp-Name"] is [{ } name])
        {
            return Of(method, name);
        }

        if (request.ContentLength > Limit || !request.HasJsonContentType())
        {
            return null;
        }

        request.EnableBuffering(Limit);
        try
        {
            var body = await BoundedRead.ToEndAsync(request.Body, Limit, request.HttpContext.RequestAborted);
            return body is null ? null : Read(body);
        }
        finally
        {
            request.Body.Position = 0;
        }
    }

    private static McpMessage? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } message
                && message.TryGetProperty("method", out var method) && method.ValueKind == JsonValueKind.String
                && message.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object
                && (parameters.TryGetProperty("name", out var name) || parameters.TryGetProperty("uri", out name)) && name.ValueKind == JsonValueKind.String
                    ? Of(method.GetString()!, name.GetString()!)
                    : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The SDK says what is wrong with it.
            return null;
        }
    }

    private static McpMessage? Of(string method, string name) => method switch
    {
        "tools/call" => new McpMessage("tool", name),
        "prompts/get" => new McpMessage("prompt", name),
        "resources/read" or "resources/subscribe" => new McpMessage("resource", name),
        _ => null,
    };
}
