using System.Net;
using System.Text;
using AgentAuth.Configuration;
using AgentAuth.Discovery;
using AgentAuth.Protocol.V01;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Pages;

/// <summary>
/// The frame of every HTML page: its head, its style, its language and its policy. A page holds no inline script or style, and loads nothing but
/// this style sheet, so that the policy can forbid everything else.
/// </summary>
internal sealed class PageShell(AgentAuthSettings settings, ServiceUrls urls)
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly byte[] s_style = ReadStyle();

    /// <summary>Encodes text of our own or of others.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Encodes text of others, which may run from right to left: it must not turn around what stands beside it.</summary>
    public static string Foreign(string text, string element = "span") => $"<{element} dir=\"auto\">{Text(text)}</{element}>";

    /// <summary>Answers with the style sheet of all pages.</summary>
    public static Task WriteStyleAsync(HttpContext context)
    {
        context.Response.ContentType = "text/css; charset=utf-8";
        context.Response.ContentLength = s_style.Length;
        context.Response.Headers.CacheControl = "public, max-age=3600";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.Body.WriteAsync(s_style, context.RequestAborted).AsTask();
    }

    /// <summary>Answers with a page.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="title">The heading, and the title before the service's name.</param>
    /// <param name="content">HTML; whatever came from outside is encoded.</param>
    public Task WriteAsync(HttpResponse response, int status, string title, StringBuilder content)
    {
        var service = Text(settings.Manifest.ServiceName);

        // On every page, so that none of them is a dead end.
        var contact = settings.Manifest.Contact is { } address ? $"<p class=\"contact\">Questions: {Foreign(address)}</p>" : "";
        var html = $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{Text(title)} – {service}</title>
            <link rel="stylesheet" href="{Text(urls.ClaimPath + V01Paths.ViewStyle)}">
            </head>
            <body>
            <main>
            <p class="service" dir="auto">{service}</p>
            <h1>{Text(title)}</h1>
            {content}{contact}
            </main>
            </body>
            </html>

            """;
        var bytes = Encoding.UTF8.GetBytes(html);
        var headers = response.Headers;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = bytes.Length;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return response.Body.WriteAsync(bytes, response.HttpContext.RequestAborted).AsTask();
    }

    private static byte[] ReadStyle()
    {
        using var stream = typeof(PageShell).Assembly.GetManifestResourceStream("AgentAuth.Pages.Style.page.css")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
