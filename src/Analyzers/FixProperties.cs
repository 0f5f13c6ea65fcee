namespace AgentAuth.Analyzers;

/// <summary>What an analyzer found out and a code fix needs, as properties of the diagnostic.</summary>
internal static class FixProperties
{
    /// <summary>Of AUTHMD2001: the scope that is not declared.</summary>
    public const string Scope = "AgentAuth.Scope";

    /// <summary>Of AUTHMD2001: the member of <c>AgentScopes</c> for the declared scope that was probably meant; of AUTHMD2005: for the one that is written out.</summary>
    public const string Member = "AgentAuth.Member";

    /// <summary>Of AUTHMD2005: the scope that is written out, which the constant must have as its value.</summary>
    public const string Value = "AgentAuth.Value";

    /// <summary>Of AUTHMD2002: the members of <c>AgentScopes</c>, likeliest first, joined by spaces. Without them nothing is offered.</summary>
    public const string Candidates = "AgentAuth.Candidates";
}
