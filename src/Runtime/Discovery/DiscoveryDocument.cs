using System.Security.Cryptography;
using AgentAuth.Manifest;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AgentAuth.Discovery;

/// <summary>A document that is the same for everybody: rendered once, served with a strong ETag (RFC 9110 §8.8.3).</summary>
internal sealed class DiscoveryDocument
{
    private readonly byte[] _content;
    private readonly string _contentType;
    private readonly EntityTagHeaderValue _etag;

    private DiscoveryDocument(byte[] content, string contentType)
    {
        _content = content;
        _contentType = contentType;
        _etag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"");
    }

    public static DiscoveryDocument Json(DocumentTemplate template, ServiceUrls urls) =>
        new(Render(template, urls, json: true), "application/json");

    public static DiscoveryDocument Markdown(DocumentTemplate template, ServiceUrls urls) =>
        new(Render(template, urls, json: false), "text/markdown; charset=utf-8");

    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.ETag = _etag.ToString();
        response.Headers.CacheControl = "public, max-age=300";
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.XContentTypeOptions = "nosniff";
        if (IsKnownTo(context.Request))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = _contentType;
        response.ContentLength = _content.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(_content, context.RequestAborted).AsTask();
    }

    // RFC 9110 §13.1.2: If-None-Match compares weakly, and * matches anything.
    private bool IsKnownTo(HttpRequest request) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(tag => tag.Tag == "*" || tag.Compare(_etag, useStrongComparison: false));

    private static byte[] Render(DocumentTemplate template, ServiceUrls urls, bool json)
    {
        var writer = new DocumentWriter(urls.ValueOf, json);
        template(writer);
        return writer.ToArray();
    }
}
