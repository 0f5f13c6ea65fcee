using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace AgentAuth.CodeFixes;

/// <summary>How an attribute is called in brackets.</summary>
internal static class AttributeNames
{
    private const string Suffix = "Attribute";

    /// <summary>The short name, or the full one where the short one means something else; and whether it is short only once a using is added.</summary>
    public static (NameSyntax Name, bool NeedsUsing) Of(INamedTypeSymbol attribute, DocumentEditor editor, int position)
    {
        var written = attribute.Name.Substring(0, attribute.Name.Length - Suffix.Length);
        var meanings = new[] { written, attribute.Name }.SelectMany(name => editor.SemanticModel.LookupNamespacesAndTypes(position, name: name)).ToList();
        return meanings.TrueForAll(meaning => SymbolEqualityComparer.Default.Equals(meaning, attribute))
            ? (SyntaxFactory.IdentifierName(written), meanings.Count == 0)
            : ((NameSyntax)editor.Generator.TypeExpression(attribute), false);
    }
}
