using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Where in the flow of control something happens: what is certain to happen to a builder, and what only may.</summary>
/// <param name="Body">The function.</param>
/// <param name="Branches">The branches and loops inside it, which may be run or not.</param>
/// <param name="Span">The expression.</param>
/// <param name="Exits">The return statements of the function, looked up only when they can matter.</param>
internal sealed record Where(SyntaxNode Body, ImmutableArray<SyntaxNode> Branches, TextSpan Span, Lazy<ImmutableArray<TextSpan>> Exits)
{
    public static Where Of(IOperation operation, Func<IOperation, Lazy<ImmutableArray<TextSpan>>> exitsOf)
    {
        var branches = ImmutableArray.CreateBuilder<SyntaxNode>();
        var child = operation;
        for (var parent = operation.Parent; parent is not null; child = parent, parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return new(parent.Syntax, branches.ToImmutable(), operation.Syntax.Span, exitsOf(parent));
            }

            if (parent is ISwitchCaseOperation)
            {
                branches.Add(parent.Syntax);
            }
            else if (parent is IConditionalOperation or ILoopOperation or ICatchClauseOperation or ISwitchExpressionArmOperation
                or IConditionalAccessOperation or ICoalesceOperation)
            {
                branches.Add(child.Syntax);
            }
        }

        return new(child.Syntax, branches.ToImmutable(), operation.Syntax.Span, exitsOf(child));
    }

    /// <summary>Whether this is certain to happen once the other has happened.</summary>
    public bool FollowsFrom(Where other) => BranchesSince(other) is { IsEmpty: true };

    /// <summary>The branches, from the outermost, that lead here once the other has happened; null when something else may be in the way.</summary>
    public ImmutableArray<SyntaxNode>? BranchesSince(Where other) =>
        Body == other.Body && (Span.Start <= other.Span.End || !Exits.Value.Any(exit => exit.Start >= other.Span.End && exit.End <= Span.Start))
            ? [.. Branches.Where(branch => !other.Branches.Contains(branch)).Reverse()]
            : null;

    /// <summary>Whether this is certain to happen once the function is called.</summary>
    public bool FollowsFromCall => Branches.IsEmpty && !Exits.Value.Any(exit => exit.End <= Span.Start);
}
