using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Adds branches up: what happens in each of them happens.</summary>
internal static class Branches
{
    /// <summary>Whether one of the ways is taken for certain.</summary>
    /// <param name="ways">Each way as the branches that lead to it, the outermost first.</param>
    public static bool AddUp(IReadOnlyCollection<ImmutableArray<SyntaxNode>> ways) =>
        ways.Any(way => way.IsEmpty)
        || ways.GroupBy(way => ForkOf(way[0])).Any(fork => fork.Key is not null && AllOf(fork.Key) is { Count: > 1 } branches
            && branches.All(branch => AddUp([.. fork.Where(way => way[0] == branch).Select(way => way.RemoveAt(0))])));

    private static SyntaxNode? ForkOf(SyntaxNode branch) => branch.Parent switch
    {
        IfStatementSyntax fork => fork,
        ElseClauseSyntax { Parent: IfStatementSyntax fork } => fork,
        ConditionalExpressionSyntax fork => fork,
        SwitchStatementSyntax fork => fork,
        _ => null,
    };

    // One of them is taken, whatever the condition is; empty when none may be.
    private static List<SyntaxNode> AllOf(SyntaxNode fork) => fork switch
    {
        IfStatementSyntax { Else: { } otherwise } choice => [choice.Statement, otherwise.Statement],
        ConditionalExpressionSyntax choice => [choice.WhenTrue, choice.WhenFalse],
        SwitchStatementSyntax choice when choice.Sections.Any(section => section.Labels.Any(label => label.IsKind(SyntaxKind.DefaultSwitchLabel))) => [.. choice.Sections],
        _ => [],
    };
}
