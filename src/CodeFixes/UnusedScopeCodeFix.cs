using System.Collections.Immutable;
using System.Composition;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.CodeFixes;

/// <summary>
/// AUTHMD2004: a scope that no code asks for is taken out of auth.md. The edit is worked out here and not by the analyzer, since each needs the
/// document to be read anew, and of several at once each must know what the others left.
/// </summary>
[ExportCodeFixProvider(
    LanguageNames.CSharp,
    Name = nameof(UnusedScopeCodeFix),
    DocumentKinds = [nameof(TextDocumentKind.AdditionalDocument)],
    DocumentExtensions = [".md"])]
[Shared]
public sealed class UnusedScopeCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [AuthMdRules.UnusedScope];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => UnusedScopeFixAll.Instance;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var document = context.TextDocument;
        var text = await document.GetTextAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var scope in ScopesAt(text, [diagnostic]))
            {
                var changed = AuthMdDocument.Edit(text, [scope], ScopeEdits.Remove);
                if (changed != text)
                {
                    context.RegisterCodeFix(
                        CodeAction.Create(
                            $"Remove '{scope}' from auth.md",
                            _ => Task.FromResult(AuthMdDocument.WithText(document.Project.Solution, document, changed)),
                            equivalenceKey: AuthMdRules.UnusedScope),
                        diagnostic);
                }
            }
        }
    }

    /// <summary>The scopes that diagnostics stand at, in the order of the text.</summary>
    internal static IEnumerable<string> ScopesAt(SourceText text, IEnumerable<Diagnostic> diagnostics)
    {
        var starts = new HashSet<int>(diagnostics.Select(diagnostic => diagnostic.Location.SourceSpan.Start));
        return AuthMdParser.Parse(text.ToString()).Document.Scopes.Where(scope => starts.Contains(scope.Name.Span.Start)).Select(scope => scope.Name.Value);
    }
}
