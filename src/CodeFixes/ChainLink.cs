using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentAuth.CodeFixes;

/// <summary>One more call at the end of a fluent chain, on a line of its own where the last one is.</summary>
/// <param name="Indentation">What stands before the dot on its line; null when the chain goes on in the same line.</param>
/// <param name="LineBreak">How the author ends lines.</param>
internal sealed record ChainLink(string? Indentation, string LineBreak)
{
    /// <summary>How the call before it is written.</summary>
    public static ChainLink After(InvocationExpressionSyntax call)
    {
        if (call.Expression is not MemberAccessExpressionSyntax { OperatorToken: var dot })
        {
            return new ChainLink(null, "");
        }

        var text = dot.SyntaxTree!.GetText();
        var line = text.Lines.GetLineFromPosition(dot.SpanStart);
        var before = line.ToString().Substring(0, dot.SpanStart - line.Start);
        return before.Length > 0 && string.IsNullOrWhiteSpace(before) && line.LineNumber > 0
            ? new ChainLink(before, LineBreaks.Of(text, line.LineNumber - 1))
            : new ChainLink(null, "");
    }

    /// <summary>The chain with the call.</summary>
    public InvocationExpressionSyntax Append(InvocationExpressionSyntax call, string method, ExpressionSyntax? argument)
    {
        var (dot, before, after) = (SyntaxFactory.Token(SyntaxKind.DotToken), SyntaxTriviaList.Empty, call.GetTrailingTrivia());
        if (Indentation is not null)
        {
            dot = dot.WithLeadingTrivia(SyntaxFactory.Whitespace(Indentation));
            before = SyntaxFactory.TriviaList(SyntaxFactory.EndOfLine(LineBreak));

            // A comment at the end of the line stays with the call that it is about.
            if (after.Any(SyntaxKind.EndOfLineTrivia))
            {
                (before, after) = (after, before);
            }
        }

        var arguments = SyntaxFactory.ArgumentList(argument is null ? default : SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(argument)));
        return Elastic.Fixed(SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, call.WithTrailingTrivia(before), dot, SyntaxFactory.IdentifierName(method)),
            arguments)).WithTrailingTrivia(after);
    }
}
