using System.Collections.Immutable;

namespace AgentAuth.AuthMd;

/// <summary>Collects what is wrong while a document is read.</summary>
/// <param name="text">The document.</param>
internal sealed class Problems(string text)
{
    private const int LongestQuote = 80;

    private readonly List<AuthMdProblem> _problems = [];

    public void Report(string rule, SourceSpan span, string message, AuthMdFix? fix = null) =>
        _problems.Add(new AuthMdProblem(rule, AuthMdRules.Find(rule)!.Severity, span, message) { Fix = fix });

    /// <summary>
    /// Reports something misspelt: the message ends with what was probably meant, and the fix writes that, unless the place holds more than the
    /// word, such as a number or an emoji before it.
    /// </summary>
    public void ReportMisspelt(string rule, SourceSpan span, string message, string? meant) =>
        Report(rule, span, meant is null ? message : $"{message} Did you mean \"{meant}\"?", meant is not null && IsWord(span) ? Change(span, meant) : null);

    /// <summary>Reports something misspelt where no fact is read from, such as an example: a machine may correct it.</summary>
    public void ReportMisspeltExample(string rule, SourceSpan span, string message, string? meant) =>
        Report(rule, span, meant is null ? message : $"{message} Did you mean \"{meant}\"?", meant is not null && IsWord(span) ? Change(span, meant) with { GivesNothing = true } : null);

    /// <summary>A fix that replaces something by a word.</summary>
    public static AuthMdFix Change(SourceSpan span, string word) => new($"Change to \"{Shorten(word)}\"", span, word);

    /// <summary>A fix that takes something away.</summary>
    public static AuthMdFix Remove(string what, SourceSpan span) => new("Remove " + what, span, "");

    /// <summary>The problems in the order of the text.</summary>
    public ImmutableArray<AuthMdProblem> InOrder() => [.. _problems.OrderBy(problem => problem.Span.Start)];

    /// <summary>What was read, short enough for a sentence.</summary>
    public static string Shorten(string text) => text.Length <= LongestQuote ? text : text.Substring(0, LongestQuote) + "…";

    private bool IsWord(SourceSpan span)
    {
        for (var i = span.Start; i < span.End; i++)
        {
            if (!(char.IsLetterOrDigit(text[i]) || text[i] is '_' or '-' or '.' or ':' or '+' or ' '))
            {
                return false;
            }
        }

        return span.Length > 0 && !char.IsDigit(text[span.Start]);
    }
}
