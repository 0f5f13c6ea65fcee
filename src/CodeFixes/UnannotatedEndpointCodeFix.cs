using System.Collections.Immutable;
using System.Composition;
using AgentAuth.Analyzers;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

/// <summary>AUTHMD2002: the endpoint asks for a scope, or says that everybody or no agent gets in. Which of these, only the author can know.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnannotatedEndpointCodeFix))]
[Shared]
public sealed class UnannotatedEndpointCodeFix : CodeFixProvider
{
    // More would push everything else out of the menu.
    private const int MostScopes = 8;

    private static readonly FixAllProvider s_all = FixAllProvider.Create(async (context, document, diagnostics) =>
        EndpointChoice.Find(context.CodeActionEquivalenceKey) is { } choice
            ? await EndpointAnnotator.AnnotateAsync(document, diagnostics, choice, context.CancellationToken).ConfigureAwait(false)
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
            if (!await EndpointAnnotator.CanAnnotateAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            diagnostic.Properties.TryGetValue(FixProperties.Candidates, out var candidates);
            var members = (candidates ?? "").Split([' '], StringSplitOptions.RemoveEmptyEntries);
            var scopes = members.Select(member => ActionOf(EndpointChoice.Scope(member))).ToImmutableArray();
            var actions = scopes.Length > MostScopes ? [CodeAction.Create("Require a scope", scopes, isInlinable: false)] : scopes;

            // For people too, of the likeliest only: the menu would double.
            EndpointChoice[] others = [.. members.Take(1).Select(EndpointChoice.UserOrScope), EndpointChoice.Anonymous, EndpointChoice.Deny];
            foreach (var action in actions.AddRange(others.Select(ActionOf)))
            {
                context.RegisterCodeFix(action, diagnostic);
            }

            CodeAction ActionOf(EndpointChoice choice) => CodeAction.Create(
                choice.Title, cancellationToken => EndpointAnnotator.AnnotateAsync(context.Document, [diagnostic], choice, cancellationToken), equivalenceKey: choice.Key);
        }
    }
}
