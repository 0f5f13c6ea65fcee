using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentAuth.CodeFixes;

/// <summary>An attribute on a line of its own above a declaration, or before it where the declaration starts within a line.</summary>
/// <param name="Indentation">What stands before the declaration on its line; null when that is code.</param>
/// <param name="LineBreak">How the author ends lines.</param>
internal sealed record AttributeLine(string? Indentation, string LineBreak)
{
    /// <summary>How the declaration stands.</summary>
    public static AttributeLine Above(MemberDeclarationSyntax declaration)
    {
        var start = declaration.GetFirstToken().SpanStart;
        var text = declaration.SyntaxTree.GetText();
        var line = text.Lines.GetLineFromPosition(start);
        var before = line.ToString().Substring(0, start - line.Start);
        return new AttributeLine(string.IsNullOrWhiteSpace(before) ? before : null, LineBreaks.Of(text, line.LineNumber));
    }

    /// <summary>The declaration with the attribute. Comments and documentation stay above both.</summary>
    public MemberDeclarationSyntax Add(MemberDeclarationSyntax declaration, NameSyntax name, ExpressionSyntax? argument)
    {
        var arguments = argument is null ? null : SyntaxFactory.AttributeArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.AttributeArgument(argument)));
        var attribute = Elastic.Fixed(SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Attribute(name, arguments))))
            .WithLeadingTrivia(declaration.GetLeadingTrivia())
            .WithTrailingTrivia(Indentation is null ? SyntaxFactory.Whitespace(" ") : SyntaxFactory.EndOfLine(LineBreak));
        var rest = declaration.WithLeadingTrivia(Indentation is null or "" ? default : SyntaxFactory.TriviaList(SyntaxFactory.Whitespace(Indentation)));
        return rest.WithAttributeLists(rest.AttributeLists.Insert(0, attribute));
    }
}
