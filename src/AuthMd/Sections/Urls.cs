using AgentAuth.AuthMd.Text;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Checks URLs: absolute https, or http on the loopback interface, without user name and fragment.</summary>
internal static class Urls
{
    public static void Check(Fragment value, string what, Problems problems)
    {
        var text = value.Value;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0)
        {
            problems.Error(AuthMdRules.UnusableUrl, value.Span, $"The {what} is '{text}'. Write an absolute URL such as https://api.example.com.");
        }
        else if (uri.Scheme == "http" && !uri.IsLoopback)
        {
            problems.Error(AuthMdRules.UnusableUrl, value.Span, $"The {what} is '{text}'. Use https; http is for the loopback interface only.");
        }
        else if (uri.UserInfo.Length > 0 || text.IndexOf('#') >= 0)
        {
            problems.Error(AuthMdRules.UnusableUrl, value.Span, $"The {what} is '{text}'. Leave out the {(uri.UserInfo.Length > 0 ? "user name" : "fragment")}.");
        }
        else if (text.Any(c => c is '`' or '<' or '>' or '"' || char.IsWhiteSpace(c)))
        {
            problems.Error(AuthMdRules.UnusableUrl, value.Span, $"The {what} is '{text}'. Leave only the URL there, without back-ticks, quotes or further words.");
        }
    }
}
