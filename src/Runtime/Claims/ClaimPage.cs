using System.Globalization;
using System.Text;
using AgentAuth.Configuration;
using AgentAuth.Discovery;
using AgentAuth.Pages;
using AgentAuth.Protocol;
using AgentAuth.Protocol.V01;
using AgentAuth.Refusals;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Claims;

/// <summary>
/// The page on which a person decides. It works without JavaScript. Whatever came from outside is encoded where it is written.
/// </summary>
internal sealed class ClaimPage(AgentAuthSettings settings, PageShell shell, ServiceUrls urls, ClaimNames names, TimeProvider time)
{
    private const string Warning =
        "Never give it to anybody who asks you for it unexpectedly, whoever they say they are: they may have sent this request themselves, and would have the access that is named here.";

    private const string Decline = "This wasn’t me";

    public Task WriteQuestionAsync(HttpResponse response, ClaimView claim, string token)
    {
        var page = new StringBuilder();
        WriteRequest(page, claim, "This page is good until", claim.Attempt!.ExpiresAt);
        page.Append("<p class=\"warning\">Only if <em>you</em> asked an agent to do this: show the code and tell it to that agent. ").Append(Warning).Append("</p>")
            .Append("<div class=\"actions\">");
        WriteForm(page, V01Paths.Challenge, token, "Show the code", "primary");
        WriteForm(page, V01Paths.Decline, token, Decline, "secondary");
        page.Append("</div>");
        return shell.WriteAsync(response, StatusCodes.Status200OK, "Let an agent act for you?", page);
    }

    /// <summary>
    /// The code, and all that was on the page before: whoever is being talked into reading the code out may have been led past that one.
    /// </summary>
    public Task WriteCodeAsync(HttpResponse response, ShownCode shown, string token)
    {
        var code = shown.Code;
        var page = new StringBuilder();
        page.Append("<p class=\"lead\">Tell this code to the agent that you asked:</p><p class=\"code\" role=\"status\" aria-label=\"Code: ")
            .AppendJoin(' ', code.ToCharArray()).Append("\"><span aria-hidden=\"true\">")
            .Append(OneTimeCodes.Spaced(code)).Append("</span></p>")
            .Append("<p class=\"warning\">Only if <em>you</em> asked an agent to do this. ").Append(Warning).Append("</p>");
        WriteRequest(page, shown.Claim, "The code is good until", shown.ExpiresAt);
        page.Append("<p>Once your agent has given the code back, it has this access. You can close this page.</p>")
            .Append("<div class=\"actions\">");
        WriteForm(page, V01Paths.Challenge, token, "Show a fresh code", "secondary");
        WriteForm(page, V01Paths.Decline, token, Decline, "secondary");
        page.Append("</div>");
        return shell.WriteAsync(response, StatusCodes.Status200OK, "Your code", page);
    }

    public Task WriteDeclinedAsync(HttpResponse response, ClaimView claim)
    {
        var page = new StringBuilder("<p class=\"lead\" role=\"status\">Thank you. The request was refused, and whatever access the agent had from it has ended.</p><dl>");
        WriteTerm(page, "Who asked", Agent(claim));
        WriteTerm(page, "For access to", $"{PageShell.Foreign(Service)}, for {PageShell.Foreign(claim.Attempt!.Email)}");
        WriteAsked(page, claim.Attempt);
        page.Append("</dl><p>You need not do anything else.</p>");
        return shell.WriteAsync(response, StatusCodes.Status200OK, "Refused", page);
    }

    /// <summary>For an address that only a button leads to, in a browser that does not remember whose page it was on.</summary>
    public Task WriteForgottenAsync(HttpResponse response) =>
        shell.WriteAsync(response, StatusCodes.Status200OK, "Open the link again", new StringBuilder(
            "<p class=\"lead\" role=\"status\">What was on this page is not shown again by itself, and nothing has been done. Go back in your browser, or open the link in your mail once more.</p>"));

    public Task WriteRefusalAsync(HttpResponse response, Refusal refusal)
    {
        var (status, title) = refusal.Reason switch
        {
            RefusalReason.ClaimCompleted => (StatusCodes.Status409Conflict, "Already confirmed"),
            RefusalReason.ClaimExpired => (StatusCodes.Status410Gone, "This link has expired"),
            RefusalReason.ClaimEnded => (StatusCodes.Status410Gone, "This request has ended"),
            RefusalReason.RateLimited => (StatusCodes.Status429TooManyRequests, "Please wait"),
            RefusalReason.ClaimSuperseded => (StatusCodes.Status410Gone, "This link has been replaced"),
            _ => (StatusCodes.Status410Gone, "This link is not valid"),
        };
        return shell.WriteAsync(response, status, title, new StringBuilder("<p class=\"lead\" role=\"status\">").Append(PageShell.Text(refusal.Message)).Append("</p>"));
    }

    private string Service => settings.Manifest.ServiceName;

    private string Agent(ClaimView claim) => names.ProviderOf(claim.Agent) is { } provider ? "An AI agent of " + PageShell.Foreign(provider) : "An AI agent";

    private static string Instant(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return $"<time datetime=\"{utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\">{utc.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture)}</time>";
    }

    /// <summary>What is asked for, by whom, and who had this mail sent: the person who reads it is to know both.</summary>
    private void WriteRequest(StringBuilder page, ClaimView claim, string goodUntil, DateTimeOffset expires)
    {
        page.Append("<p class=\"lead\">").Append(Agent(claim)).Append(" asks for access to ").Append(PageShell.Foreign(Service, "strong")).Append(" for ")
            .Append(PageShell.Foreign(claim.Attempt!.Email, "strong")).Append(".</p>");
        WriteScopes(page, claim);
        page.Append("<dl>");
        WriteAsked(page, claim.Attempt);
        WriteTerm(page, goodUntil, $"{Instant(expires)} ({TimeInWords.Left(expires - time.GetUtcNow())})");
        page.Append("</dl>");
    }

    // A clock of another country says little to most people.
    private void WriteAsked(StringBuilder page, AttemptView attempt) => WriteTerm(
        page,
        "Asked",
        $"{TimeInWords.Ago(time.GetUtcNow() - attempt.CreatedAt)}, {Instant(attempt.CreatedAt)}{(attempt.RemoteAddress is { } address ? " from " + PageShell.Text(address) : "")}");

    private static void WriteTerm(StringBuilder page, string name, string html) =>
        page.Append("<dt>").Append(name).Append("</dt><dd>").Append(html).Append("</dd>");

    private void WriteScopes(StringBuilder page, ClaimView claim)
    {
        page.Append("<h2>It would be allowed to</h2><ul class=\"scopes\">");
        foreach (var scope in settings.Manifest.Scopes.Where(s => claim.GrantedScopes.Contains(s.Name)))
        {
            page.Append("<li>");
            if (scope.Description.Length > 0)
            {
                page.Append(PageShell.Foreign(scope.Description)).Append(' ');
            }

            page.Append("<code>").Append(PageShell.Text(scope.Name)).Append("</code></li>");
        }

        page.Append("</ul>");
    }

    private void WriteForm(StringBuilder page, string step, string token, string label, string kind) =>
        page.Append("<form method=\"post\" action=\"").Append(PageShell.Text(urls.ClaimPath)).Append(step)
            .Append("\"><input type=\"hidden\" name=\"claim_attempt_token\" value=\"").Append(PageShell.Text(token))
            .Append("\"><button type=\"submit\" class=\"").Append(kind).Append("\">").Append(label).Append("</button></form>");
}
