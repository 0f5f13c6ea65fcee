using System.Collections.Immutable;
using System.Composition;
using AgentAuth.Analyzers;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

/// <summary>
/// AUTHMD2002: the endpoint asks for a scope, or lets everybody in. Which of these, only the author can know, and each of them opens the endpoint to
/// somebody. So there is no "for all", which machines apply unseen, and no place before <see cref="UnannotatedEndpointCodeFix"/> in the menu.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EndpointAccessCodeFix))]
[Shared]
public sealed class EndpointAccessCodeFix : CodeFixProvider
{
    // More would push everything else out of the menu.
    private const int MostScopes = 8;

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [AuthMdRules.UnannotatedEndpoint];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(FixProperties.Candidates, out var candidates) || candidates is null
                || !await EndpointAnnotator.CanAnnotateAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            var members = candidates.Split([' '], StringSplitOptions.RemoveEmptyEntries);
            var scopes = members.Select(member => ActionOf(EndpointChoice.Scope(member))).ToImmutableArray();
            var actions = scopes.Length > MostScopes ? [CodeAction.Create("Require a scope", scopes, isInlinable: false, CodeActionPriority.Low)] : scopes;

            // For people too, of the likeliest only: the menu would double.
            EndpointChoice[] others = [.. members.Take(1).Select(EndpointChoice.UserOrScope), EndpointChoice.Anonymous];
            foreach (var action in actions.AddRange(others.Select(ActionOf)))
            {
                context.RegisterCodeFix(action, diagnostic);
            }

            CodeAction ActionOf(EndpointChoice choice) => EndpointAnnotator.ActionOf(context.Document, diagnostic, choice, CodeActionPriority.Low);
        }
    }
}
