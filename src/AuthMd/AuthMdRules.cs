namespace AgentAuth.AuthMd;

/// <summary>
/// Every rule's identifier, in one place. An identifier is never renumbered and never used again: <c>AUTHMD0xxx</c> document form,
/// <c>AUTHMD1xxx</c> document meaning, <c>AUTHMD2xxx</c> code against document, <c>AUTHMD3xxx</c> use of the runtime.
/// </summary>
public static class AuthMdRules
{
    /// <summary>Markdown that is nested too deeply to be read.</summary>
    public const string Unreadable = "AUTHMD0001";

    /// <summary>A comment <c>&lt;!-- auth.md:… --&gt;</c> that is not known, given twice, or stands where it has no effect.</summary>
    public const string UnusableComment = "AUTHMD0002";

    /// <summary>A fact that is given twice, a label that is misspelt, or a word that is none of those its place allows.</summary>
    public const string UnusableFact = "AUTHMD0003";

    /// <summary>Something that every auth.md must have is missing: name, resource, scopes or a method.</summary>
    public const string MissingPart = "AUTHMD1002";

    /// <summary>A URL that cannot be used as one.</summary>
    public const string UnusableUrl = "AUTHMD1003";

    /// <summary>A registration method that the protocol does not have.</summary>
    public const string UnknownMethod = "AUTHMD1004";

    /// <summary>A credential type that the protocol does not have.</summary>
    public const string UnknownCredentialType = "AUTHMD1005";

    /// <summary>A method without credential types, or with one that it cannot issue.</summary>
    public const string MethodCredentials = "AUTHMD1006";

    /// <summary>A malformed scope, or one declared twice.</summary>
    public const string UnusableScope = "AUTHMD1007";

    /// <summary>A trusted provider that is listed twice.</summary>
    public const string DuplicateProvider = "AUTHMD1011";

    /// <summary>A step of account matching that is unknown or in the wrong place.</summary>
    public const string AccountMatching = "AUTHMD1012";

    /// <summary>A lifetime that does not parse or is out of range.</summary>
    public const string UnusableLifetime = "AUTHMD1013";

    /// <summary>A rate limit that does not parse.</summary>
    public const string UnusableLimit = "AUTHMD1014";

    /// <summary>An endpoint that is not a path of the authorization server.</summary>
    public const string UnusableEndpoint = "AUTHMD1015";

    /// <summary>A scope that code names and auth.md does not declare.</summary>
    public const string UndeclaredScope = "AUTHMD2001";
}
