using AgentAuth.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace AgentAuth.CodeFixes;

/// <summary>Writes the generated constants in the place of scopes.</summary>
internal static class ScopeConstants
{
    private const string TypeName = "AgentScopes";

    /// <summary>
    /// The constant as an expression, as short as the place allows; null when the compilation has no such constant. With a value, only one that has
    /// it: the app may have a class of that name for itself.
    /// </summary>
    public static ExpressionSyntax? Expression(SyntaxGenerator generator, Compilation compilation, string member, string? value = null) =>
        compilation.GetSymbolsWithName(TypeName, SymbolFilter.Type).OfType<INamedTypeSymbol>().FirstOrDefault(type => type.IsStatic && type.GetMembers(member).Any(found => Is(found, value))) is { } type
            ? Elastic.Fixed((ExpressionSyntax)generator.MemberAccessExpression(generator.TypeExpression(type), member))
            : null;

    private static bool Is(ISymbol member, string? value) => value is null || member is IFieldSymbol { IsConst: true, ConstantValue: string constant } && constant == value;

    /// <summary>The document with the constant that each diagnostic names where it stands.</summary>
    public static async Task<Document> UseAsync(Document document, IEnumerable<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(FixProperties.Member, out var member) || member is null)
            {
                continue;
            }

            var node = editor.OriginalRoot.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (node is IdentifierNameSyntax { Parent: MemberAccessExpressionSyntax access } name && access.Name == name)
            {
                // AgentScopes.Mistyped: what stands before the dot is right already.
                editor.ReplaceNode(name, SyntaxFactory.IdentifierName(member).WithTriviaFrom(name));
            }
            else if (Expression(editor.Generator, editor.SemanticModel.Compilation, member, ValueOf(diagnostic)) is { } constant)
            {
                editor.ReplaceNode(node, constant.WithTriviaFrom(node));
            }
        }

        return editor.GetChangedDocument();
    }

    private static string? ValueOf(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(FixProperties.Value, out var value) ? value : null;
}
