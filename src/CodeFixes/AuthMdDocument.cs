using AgentAuth.Analyzers;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.CodeFixes;

/// <summary>The marked auth.md of a project, as a document that can be changed.</summary>
internal static class AuthMdDocument
{
    /// <summary>The document; null when the project compiles none.</summary>
    public static TextDocument? Of(Project project) =>
        AuthMdFile.Find(project.AnalyzerOptions) is { } file ? project.AdditionalDocuments.FirstOrDefault(document => document.FilePath == file.Path) : null;

    /// <summary>A text with changes made to it one after the other; a change that is not certain any more is left out.</summary>
    public static SourceText Edit(SourceText text, IEnumerable<string> scopes, Func<string, AuthMdParseResult, string, AuthMdFix?> edit)
    {
        foreach (var scope in scopes)
        {
            var read = text.ToString();
            if (edit(read, AuthMdParser.Parse(read), scope) is { } fix)
            {
                text = text.WithChanges(new TextChange(new TextSpan(fix.Span.Start, fix.Span.Length), fix.Text));
            }
        }

        return text;
    }

    /// <summary>The solution with a new text in a document, and in each that is the same file: a project for two frameworks has it twice.</summary>
    public static Solution WithText(Solution solution, TextDocument document, SourceText text) => solution.Projects
        .SelectMany(project => project.AdditionalDocuments)
        .Where(other => other.Id == document.Id || (other.FilePath is not null && other.FilePath == document.FilePath))
        .Aggregate(solution, (changed, other) => changed.WithAdditionalDocumentText(other.Id, text));
}
