using AgentAuth.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.CodeFixes;

/// <summary>All fixes of one rule at once that give nobody access. Roslyn's own batch fixer knows C# documents only.</summary>
internal sealed class DocumentFixAll : FixAllProvider
{
    public static DocumentFixAll Instance { get; } = new();

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext) => Task.FromResult<CodeAction?>(CodeAction.Create(
        "Mend auth.md",
        cancellationToken => ChangeAsync(fixAllContext, cancellationToken),
        equivalenceKey: fixAllContext.CodeActionEquivalenceKey));

    private static async Task<Solution> ChangeAsync(FixAllContext context, CancellationToken cancellationToken)
    {
        var solution = context.Solution;
        foreach (var project in context.Scope == FixAllScope.Solution ? solution.Projects : [context.Project])
        {
            var diagnostics = await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
            foreach (var document in project.AdditionalDocuments)
            {
                var changes = Changes(diagnostics.Where(diagnostic => diagnostic.Location.GetLineSpan().Path == document.FilePath));
                if (changes.Count > 0 && solution.GetAdditionalDocument(document.Id) is { } current)
                {
                    solution = await DocumentCodeFix.ChangeAsync(current, changes, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        return solution;
    }

    // In order, and no two at one place: the first wins, the rest is found again by the next run.
    private static List<TextChange> Changes(IEnumerable<Diagnostic> diagnostics)
    {
        var changes = new List<TextChange>();
        foreach (var change in diagnostics.Where(diagnostic => DocumentFixProperties.GivesNothing(diagnostic.Properties)).Select(diagnostic => DocumentFixProperties.Read(diagnostic.Properties)).Where(fix => fix is not null).Select(fix => fix!.Value.Change).OrderBy(change => change.Span.Start))
        {
            if (changes.Count == 0 || changes[changes.Count - 1].Span.End <= change.Span.Start)
            {
                changes.Add(change);
            }
        }

        return changes;
    }
}
