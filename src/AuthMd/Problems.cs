using System.Collections.Immutable;

namespace AgentAuth.AuthMd;

/// <summary>Collects what is wrong while a document is read.</summary>
internal sealed class Problems
{
    private const int LongestQuote = 80;

    private readonly List<AuthMdProblem> _problems = [];

    public void Report(string rule, SourceSpan span, string message) =>
        _problems.Add(new AuthMdProblem(rule, AuthMdRules.Find(rule)!.Severity, span, message));

    /// <summary>The problems in the order of the text.</summary>
    public ImmutableArray<AuthMdProblem> InOrder() => [.. _problems.OrderBy(problem => problem.Span.Start)];

    /// <summary>What was read, short enough for a sentence.</summary>
    public static string Shorten(string text) => text.Length <= LongestQuote ? text : text.Substring(0, LongestQuote) + "…";

    /// <summary>The end of a message: what was probably meant.</summary>
    public static string DidYouMean(string? name) => name is null ? "" : $" Did you mean \"{name}\"?";
}
