using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

/// <summary>All of AUTHMD2004 at once, one scope after the other: what may go depends on what is left.</summary>
internal sealed class UnusedScopeFixAll : FixAllProvider
{
    public static UnusedScopeFixAll Instance { get; } = new();

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext) => Task.FromResult<CodeAction?>(CodeAction.Create(
        "Remove all from auth.md", cancellationToken => RemoveAsync(fixAllContext.WithCancellationToken(cancellationToken)), equivalenceKey: fixAllContext.CodeActionEquivalenceKey));

    private static async Task<Solution> RemoveAsync(FixAllContext context)
    {
        var solution = context.Solution;
        var projects = context.Scope == FixAllScope.Solution ? solution.Projects : [context.Project];
        foreach (var file in projects.Select(project => (Project: project, Document: AuthMdDocument.Of(project)!)).Where(item => item.Document?.FilePath is not null).GroupBy(item => item.Document.FilePath).ToList())
        {
            var document = file.First().Document;
            var text = await document.GetTextAsync(context.CancellationToken).ConfigureAwait(false);
            List<string>? unused = null;
            foreach (var project in file.Select(item => item.Project))
            {
                // Of projects that share the file, each must do without the scope.
                var diagnostics = await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
                var scopes = UnusedScopeCodeFix.ScopesAt(text, diagnostics.Where(diagnostic => diagnostic.Location.GetLineSpan().Path == document.FilePath));
                unused = [.. unused is null ? scopes : unused.Intersect(scopes)];
            }

            solution = AuthMdDocument.WithText(solution, document, AuthMdDocument.Edit(text, unused ?? [], ScopeEdits.Remove));
        }

        return solution;
    }
}
