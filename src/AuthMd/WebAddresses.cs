using System.Net;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd;

/// <summary>Checks the URLs of a document.</summary>
internal static class WebAddresses
{
    private static readonly string[] Schemes = ["https://", "http://"];

    /// <summary>Why a URL cannot be used, as the end of a sentence; null when it can. Only https, or http on loopback, is good enough.</summary>
    public static string? Fault(string url)
    {
        if (url.Length == 0)
        {
            return "is empty";
        }

        if (url.IndexOf('`') >= 0)
        {
            return "contains a back-tick; close the code span or remove it";
        }

        if (url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '\\' or '<' or '>' or '"'))
        {
            return "contains a character that no URL contains; write the URL alone";
        }

        var scheme = Schemes.FirstOrDefault(s => url.StartsWith(s, StringComparison.OrdinalIgnoreCase));
        if (scheme is null)
        {
            return "is not an absolute https URL; start it with https://";
        }

        if (url.IndexOf('#') >= 0)
        {
            return "has a fragment; remove everything from the #";
        }

        var authority = url.Substring(scheme.Length).Split('/', '?')[0];
        if (authority.IndexOf('@') >= 0)
        {
            return "has user information; remove everything before the @";
        }

        if (authority.Length == 0 || !Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            return "is not a URL";
        }

        return scheme == Schemes[0] || IsLoopback(uri.Host)
            ? null
            : "is not https; http is accepted for localhost, 127.0.0.1 and [::1] only";
    }

    /// <summary>The URL that a value holds, when it is a good one; otherwise the problem is reported.</summary>
    public static Located<string>? Read(Fragment value, string what, Problems problems)
    {
        var url = Inlines.Unwrap(value);
        if (Fault(url.ToString()) is not { } fault)
        {
            return new Located<string>(url.ToString(), url.Span);
        }

        problems.Report(
            AuthMdRules.UnusableUrl, url.Span, $"{what} \"{Problems.Shorten(url.ToString())}\" {fault}. Expected a URL such as https://api.example.com.", FixOf(url));
        return null;
    }

    // What follows a good URL can be cut off: a fragment, a back-tick that nothing opened.
    private static AuthMdFix? FixOf(Fragment url)
    {
        var text = url.ToString();
        var end = text.IndexOfAny(['#', '`']);
        return end > 0 && Fault(text.Substring(0, end)) is null
            ? Problems.Remove($"\"{Problems.Shorten(text.Substring(end))}\"", new SourceSpan(url.Start + end, url.Length - end))
            : null;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
