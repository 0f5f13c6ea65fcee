using System.Collections.Immutable;
using System.Composition;
using AgentAuth.Analyzers;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

/// <summary>AUTHMD2005: the generated constant takes the place of the literal.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LiteralScopeCodeFix))]
[Shared]
public sealed class LiteralScopeCodeFix : CodeFixProvider
{
    private static readonly FixAllProvider s_all = FixAllProvider.Create(
        async (context, document, diagnostics) => await ScopeConstants.UseAsync(document, diagnostics, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [AuthMdRules.LiteralScope];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => s_all;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(FixProperties.Member, out var member) && member is not null)
            {
                // One key for all constants: there is nothing to choose.
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Use AgentScopes.{member}", cancellationToken => ScopeConstants.UseAsync(context.Document, [diagnostic], cancellationToken), equivalenceKey: AuthMdRules.LiteralScope),
                    diagnostic);
            }
        }

        return Task.CompletedTask;
    }
}
