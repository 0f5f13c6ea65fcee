namespace AgentAuth.AuthMd;

/// <summary>How bad a problem in an auth.md is.</summary>
public enum ProblemSeverity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Probably not what the author wanted.</summary>
    Warning,

    /// <summary>The document cannot be compiled as it stands.</summary>
    Error,
}

/// <summary>Something wrong in an auth.md. The message says what was read, what was expected and what to do.</summary>
/// <param name="Id">The rule, such as <c>AUTHMD1001</c>; see <see cref="AuthMdRules"/>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Span">Where it is.</param>
/// <param name="Message">The sentence for the author.</param>
public sealed record AuthMdProblem(string Id, ProblemSeverity Severity, SourceSpan Span, string Message)
{
    /// <summary>How to mend it, where that is certain; null where only the author can know.</summary>
    public AuthMdFix? Fix { get; init; }
}

/// <summary>A change of the text that mends a problem.</summary>
/// <param name="Title">What it does, for a menu.</param>
/// <param name="Span">What is replaced; empty to insert.</param>
/// <param name="Text">By what.</param>
public sealed record AuthMdFix(string Title, SourceSpan Span, string Text)
{
    /// <summary>
    /// True when the change can give nobody access: what agents may do is afterwards what it was, or less. Only such a change may be made by a
    /// machine that nobody watches; the others, such as a scope that becomes pre-claim or a provider that is trusted, are for a person to choose.
    /// </summary>
    public bool GivesNothing { get; init; }
}
