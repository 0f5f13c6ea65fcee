using System.Globalization;
using System.Net;
using System.Text;
using AgentAuth.Discovery;
using AgentAuth.Hosting;
using AgentAuth.Registrations;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Claims;

/// <summary>
/// The page on which a person decides. It works without JavaScript, holds no inline script or style, and loads nothing but its own style
/// sheet, so that its policy can forbid everything else. Whatever came from outside is encoded where it is written.
/// </summary>
internal sealed class ClaimPage(AgentAuthSettings settings, ServiceUrls urls, ClaimNames names)
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly byte[] s_style = ReadStyle();

    public Task WriteQuestionAsync(HttpResponse response, ClaimView claim, string token)
    {
        var who = names.Of(claim.Agent);
        var page = new StringBuilder();
        page.Append("<p class=\"lead\">").Append(Text(who)).Append(" asks for access to <strong>").Append(Text(Service)).Append("</strong> for <strong>")
            .Append(Text(claim.Attempt!.Email)).Append("</strong>.</p>");
        WriteScopes(page, claim);
        page.Append("<dl><dt>Asked</dt><dd>").Append(Instant(claim.CreatedAt));
        if (claim.RemoteAddress is { } address)
        {
            page.Append(" from ").Append(Text(address));
        }

        page.Append("</dd><dt>This page is good until</dt><dd>").Append(Instant(claim.Attempt.ExpiresAt)).Append("</dd></dl>")
            .Append("<p>Only if <em>you</em> asked an agent to do this: show the code and tell it to that agent. Never give it to anybody who asks you for it unexpectedly.</p>")
            .Append("<div class=\"actions\">");
        WriteForm(page, "challenge", token, "Show the code", "primary");
        WriteForm(page, "decline", token, "This wasn’t me", "secondary");
        page.Append("</div>");
        return WriteAsync(response, StatusCodes.Status200OK, "Let an agent act for you?", page);
    }

    public Task WriteCodeAsync(HttpResponse response, ShownCode shown, string token)
    {
        var code = shown.Code;
        var page = new StringBuilder();
        page.Append("<p class=\"lead\">Tell this code to your agent:</p><p class=\"code\" role=\"status\" aria-label=\"Code: ")
            .AppendJoin(' ', code.ToCharArray()).Append("\"><span aria-hidden=\"true\">")
            .Append(OneTimeCodes.Spaced(code)).Append("</span></p>")
            .Append("<dl><dt>Good until</dt><dd>").Append(Instant(shown.ExpiresAt)).Append("</dd></dl>")
            .Append("<p>Once your agent has given it back, it has the access you were shown. You can close this page.</p>")
            .Append("<div class=\"actions\">");
        WriteForm(page, "challenge", token, "Show a fresh code", "secondary");
        WriteForm(page, "decline", token, "This wasn’t me", "secondary");
        page.Append("</div>");
        return WriteAsync(response, StatusCodes.Status200OK, "Your code", page);
    }

    public Task WriteDeclinedAsync(HttpResponse response) => WriteAsync(
        response,
        StatusCodes.Status200OK,
        "Refused",
        new StringBuilder("<p class=\"lead\" role=\"status\">Thank you. The request was refused, and whatever access the agent had from it has ended.</p><p>You need not do anything else.</p>"));

    public Task WriteRefusalAsync(HttpResponse response, Refusal refusal)
    {
        var (status, title) = refusal.Reason switch
        {
            RefusalReason.ClaimCompleted => (StatusCodes.Status409Conflict, "Already confirmed"),
            RefusalReason.ClaimExpired => (StatusCodes.Status410Gone, "This link has expired"),
            RefusalReason.RateLimited => (StatusCodes.Status429TooManyRequests, "Please wait"),
            _ => (StatusCodes.Status410Gone, "This link is not valid"),
        };
        return WriteAsync(response, status, title, new StringBuilder("<p class=\"lead\" role=\"status\">").Append(Text(refusal.Message)).Append("</p>"));
    }

    public static Task WriteStyleAsync(HttpContext context)
    {
        context.Response.ContentType = "text/css; charset=utf-8";
        context.Response.ContentLength = s_style.Length;
        context.Response.Headers.CacheControl = "public, max-age=3600";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.Body.WriteAsync(s_style, context.RequestAborted).AsTask();
    }

    private string Service => settings.Manifest.ServiceName;

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Instant(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return $"<time datetime=\"{utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\">{utc.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture)}</time>";
    }

    private static byte[] ReadStyle()
    {
        using var stream = typeof(ClaimPage).Assembly.GetManifestResourceStream("AgentAuth.Claims.Page.claim.css")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private void WriteScopes(StringBuilder page, ClaimView claim)
    {
        page.Append("<h2>It would be allowed to</h2><ul class=\"scopes\">");
        foreach (var scope in settings.Manifest.Scopes.Where(s => claim.GrantedScopes.Contains(s.Name)))
        {
            page.Append("<li>");
            if (scope.Description.Length > 0)
            {
                page.Append(Text(scope.Description)).Append(' ');
            }

            page.Append("<code>").Append(Text(scope.Name)).Append("</code></li>");
        }

        page.Append("</ul>");
    }

    private void WriteForm(StringBuilder page, string step, string token, string label, string kind) =>
        page.Append("<form method=\"post\" action=\"").Append(Text(urls.ClaimPath)).Append("/attempt/").Append(step)
            .Append("\"><input type=\"hidden\" name=\"claim_attempt_token\" value=\"").Append(Text(token))
            .Append("\"><button type=\"submit\" class=\"").Append(kind).Append("\">").Append(label).Append("</button></form>");

    private Task WriteAsync(HttpResponse response, int status, string title, StringBuilder content)
    {
        var html = $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{Text(title)} – {Text(Service)}</title>
            <link rel="stylesheet" href="{Text(urls.ClaimPath)}/view.css">
            </head>
            <body>
            <main>
            <p class="service">{Text(Service)}</p>
            <h1>{Text(title)}</h1>
            {content}
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
}
