using System.Collections.Immutable;
using System.Composition;
using AgentAuth.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.CodeFixes;

/// <summary>
/// Mends problems of auth.md where the parser is certain how and nobody is given access by it; everything else in the file stays byte for byte. For
/// all problems of a rule at once, which machines apply unseen. The other fixes are <see cref="DocumentAccessCodeFix"/>'s.
/// </summary>
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
        Register(context, givesNothing: true);
        return Task.CompletedTask;
    }

    /// <summary>Registers the fixes that give nobody access, or the others.</summary>
    internal static void Register(CodeFixContext context, bool givesNothing)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (DocumentFixProperties.GivesNothing(diagnostic.Properties) == givesNothing && DocumentFixProperties.Read(diagnostic.Properties) is { } fix)
            {
                var document = context.TextDocument;
                context.RegisterCodeFix(
                    CodeAction.Create(fix.Title, cancellationToken => ChangeAsync(document, [fix.Change], cancellationToken), equivalenceKey: diagnostic.Id),
                    diagnostic);
            }
        }
    }

    /// <summary>The solution with changes made to an auth.md.</summary>
    internal static async Task<Solution> ChangeAsync(TextDocument document, IEnumerable<TextChange> changes, CancellationToken cancellationToken)
    {
        var text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        return document.Project.Solution.WithAdditionalDocumentText(document.Id, text.WithChanges(changes));
    }
}
