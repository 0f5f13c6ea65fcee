using System.Collections.Immutable;
using System.Composition;
using AgentAuth.Analyzers;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentAuth.CodeFixes;

/// <summary>AUTHMD2001: the scope that was probably meant takes the place of the one that is not declared, or auth.md declares it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UndeclaredScopeCodeFix))]
[Shared]
public sealed class UndeclaredScopeCodeFix : CodeFixProvider
{
    /// <summary>One key for all scopes: whoever asks for every occurrence wants every scope declared.</summary>
    internal const string DeclareKey = AuthMdRules.UndeclaredScope + ".Declare";

    private const string UseKey = AuthMdRules.UndeclaredScope + ".Use.";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [AuthMdRules.UndeclaredScope];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => UndeclaredScopeFixAll.Instance;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(FixProperties.Member, out var member) && member is not null)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Change to AgentScopes.{member}", cancellationToken => ScopeConstants.UseAsync(context.Document, [diagnostic], cancellationToken), equivalenceKey: KeyOf(diagnostic)),
                    diagnostic);
            }

            if (diagnostic.Properties.TryGetValue(FixProperties.Scope, out var scope) && scope is not null)
            {
                await OfferDeclarationAsync(context, diagnostic, scope).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The key of the change to the scope that a diagnostic names.</summary>
    internal static string? KeyOf(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(FixProperties.Member, out var member) && member is not null ? UseKey + member : null;

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
    internal static AuthMdFix? Declare(string text, AuthMdParseResult parsed, string scope) => ScopeEdits.Add(text, parsed, scope);
}
