using System.Collections.Immutable;
using System.Composition;
using AgentAuth.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

/// <summary>
/// Mends problems of auth.md in a way that may give somebody access: a word that becomes a method, a credential, a trusted provider or "pre-claim". A
/// person chooses that, one at a time: there is no "for all", which machines apply unseen.
/// </summary>
[ExportCodeFixProvider(
    LanguageNames.CSharp,
    Name = nameof(DocumentAccessCodeFix),
    DocumentKinds = [nameof(TextDocumentKind.AdditionalDocument)],
    DocumentExtensions = [".md"])]
[Shared]
public sealed class DocumentAccessCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. Rules.OfDocument.Select(rule => rule.Id)];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        DocumentCodeFix.Register(context, givesNothing: false);
        return Task.CompletedTask;
    }
}
