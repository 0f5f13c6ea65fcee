using System.Collections.Immutable;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Collects problems.</summary>
internal sealed class Problems
{
    private readonly List<AuthMdProblem> _problems = [];

    public void Error(string id, SourceSpan span, string message) => _problems.Add(new AuthMdProblem(id, ProblemSeverity.Error, span, message));

    public ImmutableArray<AuthMdProblem> InOrder() => [.. _problems.OrderBy(problem => problem.Span.Start)];
}
