using System.Collections.Immutable;
using System.Composition;
using AgentAuth.Analyzers;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

/// <summary>
/// AUTHMD2001: the scope that was probably meant takes the place of the one that is not declared, or auth.md declares it. Either is a guess that
/// opens an endpoint to agents, which as it stands does not even compile. So a person makes it, one at a time: there is no "for all", which is what
/// <c>dotnet format</c> and code clean-up apply unseen.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UndeclaredScopeCodeFix))]
[Shared]
public sealed class UndeclaredScopeCodeFix : CodeFixProvider
{
    private const string DeclareKey = AuthMdRules.UndeclaredScope + ".Declare";
    private const string UseKey = AuthMdRules.UndeclaredScope + ".Use.";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [AuthMdRules.UndeclaredScope];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(FixProperties.Member, out var member) && member is not null)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Change to AgentScopes.{member}", cancellationToken => ScopeConstants.UseAsync(context.Document, [diagnostic], cancellationToken), equivalenceKey: UseKey + member),
                    diagnostic);
            }

            if (diagnostic.Properties.TryGetValue(FixProperties.Scope, out var scope) && scope is not null)
            {
                await OfferDeclarationAsync(context, diagnostic, scope).ConfigureAwait(false);
            }
        }
    }

    private static async Task OfferDeclarationAsync(CodeFixContext context, Diagnostic diagnostic, string scope)
    {
        if (AuthMdDocument.Of(context.Document.Project) is not { } document)
        {
            return;
        }

        var text = await document.GetTextAsync(context.CancellationToken).ConfigureAwait(false);
        var changed = AuthMdDocument.Edit(text, [scope], Declare);
        if (changed != text)
        {
            context.RegisterCodeFix(
                CodeAction.Create(
                    $"Declare '{scope}' in auth.md",
                    _ => Task.FromResult(AuthMdDocument.WithText(document.Project.Solution, document, changed)),
                    equivalenceKey: DeclareKey),
                diagnostic);
        }
    }

    /// <summary>Declares a scope that nobody holds before a claim: granting more is for the author to say.</summary>
    private static AuthMdFix? Declare(string text, AuthMdParseResult parsed, string scope) => ScopeEdits.Add(text, parsed, scope);
}
