namespace AgentAuth.AuthMd;

/// <summary>
/// Every rule's identifier, in one place. An identifier is never renumbered and never used again: <c>AUTHMD0xxx</c> document form,
/// <c>AUTHMD1xxx</c> document meaning, <c>AUTHMD2xxx</c> code against document, <c>AUTHMD3xxx</c> use of the runtime.
/// </summary>
public static class AuthMdRules
{
    /// <summary>A scope that code names and auth.md does not declare.</summary>
    public const string UndeclaredScope = "AUTHMD2001";
}
