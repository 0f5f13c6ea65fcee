using AgentAuth.AuthMd;

namespace AgentAuth.Tool.Reports;

/// <summary>How many there are of something, in words.</summary>
internal static class Counts
{
    /// <summary>"1 scope", "3 scopes".</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">Of what.</param>
    public static string Of(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>"2 errors, 1 warning"; severities that do not occur are not mentioned.</summary>
    /// <param name="problems">At least one.</param>
    public static string Of(IReadOnlyCollection<AuthMdProblem> problems) =>
        string.Join(", ", problems.GroupBy(problem => problem.Severity).OrderByDescending(group => group.Key).Select(group => Of(group.Count(), Word(group.Key))));

    /// <summary>The word for a severity.</summary>
    /// <param name="severity">The severity.</param>
    public static string Word(ProblemSeverity severity) => severity switch
    {
        ProblemSeverity.Error => "error",
        ProblemSeverity.Warning => "warning",
        _ => "info",
    };
}
