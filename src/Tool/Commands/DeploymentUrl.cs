using AgentAuth.AuthMd;

namespace AgentAuth.Tool.Commands;

/// <summary>A URL that the user gives a document on the command line.</summary>
internal static class DeploymentUrl
{
    /// <summary>Checks an issuer.</summary>
    /// <param name="option">Where it was given.</param>
    /// <param name="url">What was given; null is fine.</param>
    /// <exception cref="RefusalException">No document could name it.</exception>
    public static void CheckIssuer(string option, string? url)
    {
        Check(option, url, "Authorization server", document => document.AuthorizationServer);
        if (url is not null && url.Contains('?', StringComparison.Ordinal))
        {
            throw new RefusalException($"{option} \"{url}\" has a query, which an issuer must not have (RFC 8414 §2). Remove everything from the \"?\".");
        }
    }

    /// <summary>Checks a resource.</summary>
    /// <param name="option">Where it was given.</param>
    /// <param name="url">What was given; null is fine.</param>
    /// <exception cref="RefusalException">No document could name it.</exception>
    public static void CheckResource(string option, string? url) => Check(option, url, "Resource", document => document.Resource);

    // By the language's own rules: a document that names it is read, so that command line and document agree on what a good URL is.
    private static void Check(string option, string? url, string label, Func<AuthDocument, Located<string>?> fact)
    {
        if (url is null)
        {
            return;
        }

        var parsed = AuthMdParser.Parse($"# Service auth.md\n\n- **{label}:** {url}\n");
        if (fact(parsed.Document)?.Value != url)
        {
            var reason = parsed.Problems.FirstOrDefault(problem => problem.Id == AuthMdRules.UnusableUrl)?.Message ?? $"\"{url}\" is not a URL alone, such as https://api.example.com.";
            throw new RefusalException($"{option} cannot be used. {reason}");
        }
    }
}
