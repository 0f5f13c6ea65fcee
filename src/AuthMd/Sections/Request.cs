using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>A request that a document shows in a code block, or names in a sentence.</summary>
/// <param name="Section">Where it stands.</param>
/// <param name="Method">POST, GET …; empty where only the address is named.</param>
/// <param name="Target">A path, or a URL, as written.</param>
/// <param name="IsShown">True in a code block, false in a sentence.</param>
internal sealed record Request(Section Section, string Method, Fragment Target, bool IsShown)
{
    // What a registration says of itself, in every generation, and the method that it is.
    private static readonly Dictionary<string, MethodName> Types = new(StringComparer.Ordinal)
    {
        ["anonymous"] = MethodName.Anonymous,
        ["service_auth"] = MethodName.VerifiedEmail,
        ["verified_email"] = MethodName.VerifiedEmail,
        ["email"] = MethodName.VerifiedEmail,
        ["identity_assertion"] = MethodName.IdentityAssertion,
    };

    /// <summary>The code that belongs to it: its head and body, and a body that stands in a block of its own right below.</summary>
    public string Body { get; set; } = "";

    /// <summary>True in a fence that says it holds a request.</summary>
    public bool IsHttp { get; init; }

    /// <summary>The words of the sentence that names it, in lower case with a space on each side; empty where it is shown.</summary>
    public string Sentence { get; init; } = "";

    /// <summary>The door that its path names; null when it names none.</summary>
    public Door? PathDoor { get; init; }

    /// <summary>The method of registration that its body asks for; null when it asks for none.</summary>
    public MethodName? Registers => Member("type") is { } type && Types.TryGetValue(type, out var method) && !Has("claim_token")
        ? method == MethodName.IdentityAssertion && Member("assertion_type") is "verified_email" ? MethodName.VerifiedEmail : method
        : null;

    /// <summary>True for the registration of an OAuth client (RFC 7591).</summary>
    public bool IsClientRegistration => Has("redirect_uris") || Has("client_name") || Has("grant_types");

    /// <summary>True when a member or parameter of this name is in its body.</summary>
    public bool Has(string name) => Body.IndexOf("\"" + name + "\"", StringComparison.Ordinal) >= 0 || Body.IndexOf(name + "=", StringComparison.Ordinal) >= 0;

    /// <summary>The text of a JSON member; null when it is not there or no text. The body need be no valid JSON: agents copy it all the same.</summary>
    public string? Member(string name)
    {
        var at = Body.IndexOf("\"" + name + "\"", StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        at = Skip(at + name.Length + 2);
        if (at >= Body.Length || Body[at] != ':')
        {
            return null;
        }

        at = Skip(at + 1);
        var end = at < Body.Length && Body[at] == '"' ? Body.IndexOf('"', at + 1) : -1;
        return end < 0 ? null : Body.Substring(at + 1, end - at - 1);
    }

    private int Skip(int at)
    {
        while (at < Body.Length && char.IsWhiteSpace(Body[at]))
        {
            at++;
        }

        return at;
    }
}
