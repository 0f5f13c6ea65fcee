using AgentAuth.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

/// <summary>
/// All of AUTHMD2001 at once. A scope that is used ten times is declared once, and each auth.md is changed once for all its scopes, which Roslyn's
/// batch fixer, made for changes that do not know of each other, cannot do.
/// </summary>
internal sealed class UndeclaredScopeFixAll : FixAllProvider
{
    private static readonly FixAllProvider s_changes = Create(async (context, document, diagnostics) => await ScopeConstants.UseAsync(
        document, diagnostics.Where(diagnostic => UndeclaredScopeCodeFix.KeyOf(diagnostic) == context.CodeActionEquivalenceKey), context.CancellationToken).ConfigureAwait(false));

    public static UndeclaredScopeFixAll Instance { get; } = new();

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext) => fixAllContext.CodeActionEquivalenceKey != UndeclaredScopeCodeFix.DeclareKey
        ? s_changes.GetFixAsync(fixAllContext)
        : Task.FromResult<CodeAction?>(CodeAction.Create(
            "Declare all in auth.md", cancellationToken => DeclareAsync(fixAllContext.WithCancellationToken(cancellationToken)), equivalenceKey: fixAllContext.CodeActionEquivalenceKey));

    private static async Task<Solution> DeclareAsync(FixAllContext context)
    {
        var scopes = new Dictionary<string, (TextDocument Document, List<string> Scopes)>(StringComparer.Ordinal);
        foreach (var project in context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project])
        {
            if (AuthMdDocument.Of(project) is { FilePath: { } path } document)
            {
                var known = scopes.TryGetValue(path, out var found) ? found : scopes[path] = (document, []);
                known.Scopes.AddRange(await ScopesAsync(context, project).ConfigureAwait(false));
            }
        }

        var solution = context.Solution;
        foreach (var (document, missing) in scopes.Values)
        {
            var text = await document.GetTextAsync(context.CancellationToken).ConfigureAwait(false);
            solution = AuthMdDocument.WithText(solution, document, AuthMdDocument.Edit(text, missing.Distinct(StringComparer.Ordinal), UndeclaredScopeCodeFix.Declare));
        }

        return solution;
    }

    // In the order of the code, so that the same code always makes the same auth.md.
    private static async Task<IEnumerable<string>> ScopesAsync(FixAllContext context, Project project)
    {
        var diagnostics = context is { Scope: FixAllScope.Document, Document: { } document }
            ? await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false)
            : await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
        return diagnostics
            .OrderBy(diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .Select(diagnostic => diagnostic.Properties.TryGetValue(FixProperties.Scope, out var scope) ? scope : null)
            .OfType<string>();
    }
}
