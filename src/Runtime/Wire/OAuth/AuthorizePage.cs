using System.Text;
using AgentAuth.Configuration;
using AgentAuth.Discovery;
using AgentAuth.Pages;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.OAuth;

/// <summary>
/// <c>GET /oauth2/authorize</c> where no sign-in with consent is open: a page that says so, and which ways in there are. Some clients refuse metadata that
/// names no such address. It never redirects, for nothing here knows whose address that would be (RFC 9700 §4.11).
/// </summary>
internal sealed class AuthorizePage(AgentAuthSettings settings, ServiceUrls urls, PageShell shell)
{
    public Task HandleAsync(HttpContext context)
    {
        var page = new StringBuilder("<p class=\"lead\" role=\"status\">A program on your computer or a service has sent you here to sign in for it. ")
            .Append(PageShell.Foreign(settings.Manifest.ServiceName)).Append(" does not let programs in that way, and nothing has been given to it.</p><p>Agents get access as ")
            .Append("<a href=\"").Append(PageShell.Text(urls.AuthMd)).Append("\">auth.md</a> says:</p><ul>");
        if (settings.Manifest.Anonymous is not null)
        {
            page.Append("<li>they start with limited access, and you confirm more by mail;</li>");
        }

        if (settings.Manifest.VerifiedEmail is not null)
        {
            page.Append("<li>they name your mail address, and you confirm by mail;</li>");
        }

        if (settings.Manifest.IdentityAssertion is not null)
        {
            page.Append("<li>a provider that is trusted here vouches for you.</li>");
        }

        page.Append("</ul><p>You can close this page.</p>");
        return shell.WriteAsync(context.Response, StatusCodes.Status400BadRequest, "This sign-in is not open", page);
    }
}
