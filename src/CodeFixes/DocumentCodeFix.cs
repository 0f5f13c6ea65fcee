using System.Collections.Immutable;
using System.Composition;
using AgentAuth.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.CodeFixes;

/// <summary>Mends problems of auth.md where the parser is certain how; everything else in the file stays byte for byte.</summary>
[ExportCodeFixProvider(
    LanguageNames.CSharp,
    Name = nameof(DocumentCodeFix),
    DocumentKinds = [nameof(TextDocumentKind.AdditionalDocument)],
    DocumentExtensions = [".md"])]
[Shared]
public sealed class DocumentCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. Rules.OfDocument.Select(rule => rule.Id)];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => DocumentFixAll.Instance;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (DocumentFixProperties.Read(diagnostic.Properties) is { } fix)
            {
                var document = context.TextDocument;
                context.RegisterCodeFix(
                    CodeAction.Create(fix.Title, cancellationToken => ChangeAsync(document, [fix.Change], cancellationToken), equivalenceKey: diagnostic.Id),
                    diagnostic);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The solution with changes made to an auth.md.</summary>
    internal static async Task<Solution> ChangeAsync(TextDocument document, IEnumerable<TextChange> changes, CancellationToken cancellationToken)
    {
        var text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        return document.Project.Solution.WithAdditionalDocumentText(document.Id, text.WithChanges(changes));
    }
}
