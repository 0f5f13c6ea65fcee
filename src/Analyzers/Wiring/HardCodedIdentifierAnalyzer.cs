using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentAuth.Analyzers;

/// <summary>AUTHMD3005: the identifiers of auth.md, and the URLs that follow from them, are not written into the code.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HardCodedIdentifierAnalyzer : CodeAnalyzer
{
    private const string Section = "AgentAuth:";

    private static readonly string[] s_settings = ["AgentAuthOptions", "AgentAuthManifest", "AgentAuthSettings"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Find(AuthMdRules.HardCodedIdentifier)];

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (Wiring.Of(context.Compilation, context.Options) is null
            || Wiring.IsOfTests(context.Compilation)
            || AuthMdFile.Read(context) is not var (_, _, document))
        {
            return;
        }

        var identifiers = new ServiceIdentifiers(document);
        context.RegisterSyntaxNodeAction(
            node =>
            {
                var literal = (LiteralExpressionSyntax)node.Node;
                if (identifiers.Find(literal.Token.ValueText) is { } message && !MustBeConstant(literal, node) && !IsSetting(literal, node))
                {
                    node.ReportDiagnostic(Diagnostic.Create(Rules.Find(AuthMdRules.HardCodedIdentifier), literal.GetLocation(), message));
                }
            },
            SyntaxKind.StringLiteralExpression);
    }

    // Nothing that is read when the service runs can stand there.
    private static bool MustBeConstant(LiteralExpressionSyntax literal, SyntaxNodeAnalysisContext context)
    {
        foreach (var outer in literal.Ancestors())
        {
            switch (outer)
            {
                case AttributeSyntax or ParameterSyntax or SwitchLabelSyntax or PatternSyntax:
                    return true;
                case LocalDeclarationStatementSyntax { IsConst: true } local:
                    return IsNeededAsConstant(local.Declaration, local.Parent is GlobalStatementSyntax statement ? statement.Parent : local.Parent);
                case FieldDeclarationSyntax field when field.Modifiers.Any(SyntaxKind.ConstKeyword):
                    return !IsPrivate(field, context) || IsNeededAsConstant(field.Declaration, field.Parent);
                case StatementSyntax or MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax:
                    return false;
            }
        }

        return false;
    }

    // A constant that others see may be needed as one by somebody who is not looked at.
    private static bool IsPrivate(FieldDeclarationSyntax field, SyntaxNodeAnalysisContext context) =>
        context.SemanticModel.GetDeclaredSymbol(field.Declaration.Variables[0], context.CancellationToken) is
        {
            DeclaredAccessibility: Accessibility.Private,
            ContainingType.DeclaringSyntaxReferences.Length: 1,
        };

    private static bool IsNeededAsConstant(VariableDeclarationSyntax declaration, SyntaxNode? scope) =>
        scope is null || scope.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            declaration.Variables.Any(variable => variable.Identifier.ValueText == name.Identifier.ValueText)
            && name.Ancestors().TakeWhile(outer => outer != scope).Any(IsConstantOnly));

    private static bool IsConstantOnly(SyntaxNode node) => node switch
    {
        AttributeSyntax or ParameterSyntax or SwitchLabelSyntax or PatternSyntax or LocalDeclarationStatementSyntax { IsConst: true } => true,
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword),

        // x is Name: a pattern when the name turns out to be a constant's.
        BinaryExpressionSyntax binary => binary.IsKind(SyntaxKind.IsExpression),
        _ => false,
    };

    // options.Issuer = "https://…", configuration["AgentAuth:Issuer"] = "https://…": where a deployment says what it is.
    private static bool IsSetting(LiteralExpressionSyntax literal, SyntaxNodeAnalysisContext context) =>
        literal.Parent is AssignmentExpressionSyntax assignment
        && (assignment.Left.DescendantNodes().OfType<LiteralExpressionSyntax>().Any(key => key.Token.ValueText.StartsWith(Section, StringComparison.OrdinalIgnoreCase))
            || (context.SemanticModel.GetSymbolInfo(assignment.Left, context.CancellationToken).Symbol is IPropertySymbol { ContainingType.Name: var type } && s_settings.Contains(type)));
}
