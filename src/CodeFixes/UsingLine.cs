using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentAuth.CodeFixes;

/// <summary>A using where the author has the others, in their order. Roslyn's own import adder was tried, and adds none for an attribute.</summary>
internal static class UsingLine
{
    /// <summary>The file with the using.</summary>
    public static CompilationUnitSyntax Add(CompilationUnitSyntax file, string name, string lineBreak)
    {
        var line = SyntaxFactory.ParseCompilationUnit($"using {name};{lineBreak}").Usings[0];
        if (file.Usings.Count > 0)
        {
            return file.WithUsings(Insert(file.Usings, line));
        }

        return file.Members.FirstOrDefault() is BaseNamespaceDeclarationSyntax { Usings.Count: > 0 } space
            ? file.ReplaceNode(space, space.WithUsings(Insert(space.Usings, line)))
            : AddFirst(file, line, lineBreak);
    }

    private static SyntaxList<UsingDirectiveSyntax> Insert(SyntaxList<UsingDirectiveSyntax> usings, UsingDirectiveSyntax line)
    {
        var index = 0;
        while (index < usings.Count && StandsBefore(usings[index], line))
        {
            index++;
        }

        var neighbour = usings[Math.Max(index - 1, 0)];
        var indentation = neighbour.GetLeadingTrivia() is var trivia && trivia.Count > 0 && trivia.Last().IsKind(SyntaxKind.WhitespaceTrivia) ? SyntaxFactory.TriviaList(trivia.Last()) : default;
        return index > 0
            ? usings.Insert(index, line.WithLeadingTrivia(indentation))
            : usings.Replace(neighbour, neighbour.WithLeadingTrivia(indentation)).Insert(0, line.WithLeadingTrivia(neighbour.GetLeadingTrivia()));
    }

    private static bool StandsBefore(UsingDirectiveSyntax other, UsingDirectiveSyntax line)
    {
        var name = other.Name?.ToString() ?? "";
        return !other.GlobalKeyword.IsKind(SyntaxKind.None)
            || (other.Alias is null && other.StaticKeyword.IsKind(SyntaxKind.None)
                && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal) || string.CompareOrdinal(name, line.Name!.ToString()) < 0));
    }

    // Below the header of the file: what a blank line parts from the code.
    private static CompilationUnitSyntax AddFirst(CompilationUnitSyntax file, UsingDirectiveSyntax line, string lineBreak)
    {
        var trivia = file.GetLeadingTrivia();
        var header = 0;
        for (var i = 1; i < trivia.Count; i++)
        {
            if (trivia[i].IsKind(SyntaxKind.EndOfLineTrivia) && (trivia[i - 1].IsKind(SyntaxKind.EndOfLineTrivia) || trivia[i - 1].IsDirective))
            {
                header = i + 1;
            }
        }

        var code = file.WithLeadingTrivia(trivia.Skip(header));
        return code
            .WithLeadingTrivia(new[] { SyntaxFactory.EndOfLine(lineBreak) }.Concat(code.GetLeadingTrivia()))
            .WithUsings(SyntaxFactory.SingletonList(line.WithLeadingTrivia(trivia.Take(header))));
    }
}
