using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentAuth.Analyzers;

/// <summary>Tells cheaply which attributes can be ours: asking the compiler what a name means is what costs.</summary>
internal sealed class AttributeAliases
{
    private const string Suffix = "Attribute";

    // One for all rules that look at attributes.
    private static readonly ConditionalWeakTable<Compilation, AttributeAliases> s_known = new();

    private readonly HashSet<string> _aliases;

    private AttributeAliases(Compilation compilation) => _aliases = new HashSet<string>(
        compilation.SyntaxTrees.SelectMany(tree => UsingsOf((CompilationUnitSyntax)tree.GetRoot())).Where(directive => directive.Alias is not null).Select(directive => directive.Alias!.Name.Identifier.ValueText),
        StringComparer.Ordinal);

    public static AttributeAliases Of(Compilation compilation) => s_known.GetValue(compilation, made => new AttributeAliases(made));

    /// <summary>Whether an attribute's name can mean one of some attributes, which are given without their suffix.</summary>
    public bool MayBe(NameSyntax name, string[] attributes)
    {
        var text = name switch
        {
            QualifiedNameSyntax { Right: var right } => right.Identifier.ValueText,
            AliasQualifiedNameSyntax { Name: var last } => last.Identifier.ValueText,
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            _ => "",
        };
        return attributes.Contains(text)
            || (text.EndsWith(Suffix, StringComparison.Ordinal) && attributes.Contains(text.Substring(0, text.Length - Suffix.Length)))
            || _aliases.Contains(text);
    }

    private static IEnumerable<UsingDirectiveSyntax> UsingsOf(CompilationUnitSyntax file) => file.Usings.Concat(file.Members.SelectMany(UsingsOf));

    private static IEnumerable<UsingDirectiveSyntax> UsingsOf(MemberDeclarationSyntax member) =>
        member is BaseNamespaceDeclarationSyntax space ? space.Usings.Concat(space.Members.SelectMany(UsingsOf)) : [];
}
