using AgentAuth.AuthMd;

namespace AgentAuth.Tool.Reports;

/// <summary>What a document declares, in the words of the protocol.</summary>
/// <param name="Document">The document.</param>
/// <param name="Methods">Its methods, in alphabetical order.</param>
/// <param name="Endpoints">Its endpoints: the four that every reader asks for, null where it names none, and the others that it names.</param>
internal sealed record ReadFacts(AuthDocument Document, IReadOnlyList<string> Methods, IReadOnlyList<(string Name, string? Url)> Endpoints)
{
    /// <summary>The facts of a document.</summary>
    /// <param name="document">The document.</param>
    public static ReadFacts Of(AuthDocument document)
    {
        var methods = document.Methods.Select(method => NameOf(method.Kind)).Concat(document.AuthorizationCode is null ? [] : ["authorization_code"]);
        var endpoints = document.Endpoints;
        List<(string, string?)> named = [("register", endpoints.Register?.Value), ("claim", endpoints.Claim?.Value), ("revoke", endpoints.Revoke?.Value), ("token", endpoints.Token?.Value)];
        named.AddRange(new (string Name, string? Url)[] { ("authorize", endpoints.Authorize?.Value), ("events", endpoints.Events?.Value) }.Where(endpoint => endpoint.Url is not null));
        return new ReadFacts(document, [.. methods.Distinct().Order(StringComparer.Ordinal)], named);
    }

    /// <summary>When a scope is held.</summary>
    /// <param name="scope">The scope.</param>
    public static string Granted(ScopeDeclaration scope) => scope.IsPreClaim ? "pre-claim" : "post-claim";

    private static string NameOf(MethodKind kind) => kind switch
    {
        MethodKind.Anonymous => "anonymous",
        MethodKind.VerifiedEmail => "verified_email",
        _ => "identity_assertion",
    };
}
