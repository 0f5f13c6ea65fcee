using System.Collections.Immutable;
using System.Composition;
using AgentAuth.Analyzers;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

/// <summary>
/// AUTHMD2002: the endpoint says that no agent gets in, which is what happens there anyway. It gives nobody access, so it may be made for all
/// endpoints at once, as <c>dotnet format</c> does unseen. What opens an endpoint is <see cref="EndpointAccessCodeFix"/>'s.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnannotatedEndpointCodeFix))]
[Shared]
public sealed class UnannotatedEndpointCodeFix : CodeFixProvider
{
    private static readonly FixAllProvider s_all = FixAllProvider.Create(async (context, document, diagnostics) =>
        context.CodeActionEquivalenceKey == EndpointChoice.Deny.Key
            ? await EndpointAnnotator.AnnotateAsync(document, diagnostics.Where(IsOffered), EndpointChoice.Deny, context.CancellationToken).ConfigureAwait(false)
            : document);

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [AuthMdRules.UnannotatedEndpoint];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => s_all;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (IsOffered(diagnostic) && await EndpointAnnotator.CanAnnotateAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false))
            {
                context.RegisterCodeFix(EndpointAnnotator.ActionOf(context.Document, diagnostic, EndpointChoice.Deny), diagnostic);
            }
        }
    }

    private static bool IsOffered(Diagnostic diagnostic) => diagnostic.Properties.ContainsKey(FixProperties.Candidates);
}
