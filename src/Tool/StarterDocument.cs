using System.Text;
using AgentAuth.AuthMd;

namespace AgentAuth.Tool;

/// <summary>A document to start from. It is parsed before it is handed out, so that what is written passes the check.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Resource">The API's identifier.</param>
/// <param name="Text">The whole document.</param>
internal sealed record StarterDocument(string Name, string Resource, string Text)
{
    private const string NamelessService = "My service";
    private const int LongestLabel = 63;

    /// <summary>A document for a service that the user named.</summary>
    /// <param name="name">The name.</param>
    /// <param name="resource">The API's identifier; null for one that is made from the name.</param>
    /// <exception cref="RefusalException">A document could not say that name.</exception>
    public static StarterDocument ForName(string name, string? resource)
    {
        if (TryCreate(name, resource) is { } document)
        {
            return document;
        }

        var (read, problems) = AuthMdParser.Parse(Render(name, resource ?? ResourceOf(name)));
        var reason = read.Name?.Value == name
            ? problems.First(problem => problem.Severity > ProblemSeverity.Info).Message
            : $"The first heading would be read as \"{read.Name?.Value}\".";
        throw new RefusalException($"--name \"{name}\" cannot be used. {reason} Give a plainer name, such as TicketDesk.");
    }

    /// <summary>A document for a service whose name nobody gave: the folder's, when that is one.</summary>
    /// <param name="folder">The folder's name; null or empty for the root.</param>
    /// <param name="resource">The API's identifier; null for one that is made from the name.</param>
    public static StarterDocument ForFolder(string? folder, string? resource) =>
        TryCreate(folder ?? "", resource) ?? ForName(NamelessService, resource);

    private static StarterDocument? TryCreate(string name, string? resource)
    {
        resource ??= ResourceOf(name);
        return new[] { name, Escape(name) }
            .Select(heading => new StarterDocument(name, resource, Render(heading, resource)))
            .FirstOrDefault(document => document.Holds());
    }

    private bool Holds()
    {
        var (document, problems) = AuthMdParser.Parse(Text);
        return document.Name?.Value == Name && document.Resource?.Value == Resource && problems.All(problem => problem.Severity == ProblemSeverity.Info);
    }

    // Backslashes keep "*" and "<" from being Markdown.
    private static string Escape(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is ' ' || c > '~' ? $"{c}" : $@"\{c}"));

    // Under .example, which nobody can own (RFC 2606).
    private static string ResourceOf(string name)
    {
        var label = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                label.Append(char.ToLowerInvariant(c));
            }
            else if (label.Length > 0 && label[^1] != '-')
            {
                label.Append('-');
            }
        }

        var host = label.ToString(0, Math.Min(label.Length, LongestLabel)).TrimEnd('-');
        return $"https://api.{(host.Length > 0 ? host : "service")}.example";
    }

    private static string Render(string heading, string resource) =>
        $"""
        # {heading} auth.md

        What agents may do here, and how they sign up.

        - **Resource:** {resource}

        ## Scopes

        | Scope         | Description                   | Granted    |
        | ------------- | ----------------------------- | ---------- |
        | `items.read`  | Read items.                   | pre-claim  |
        | `items.write` | Create, change, delete items. | post-claim |

        ## Methods

        ### anonymous
        - **Credentials:** `api_key`

        ### verified_email
        - **Credentials:** `access_token`, `api_key`

        ## Lifetimes
        - **Access token:** 1 hour
        - **Unclaimed registration:** 24 hours

        """.ReplaceLineEndings("\n");
}
