using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentAuth.Analyzers;

/// <summary>AUTHMD2001: a scope that code names must be declared in auth.md.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UndeclaredScopeAnalyzer : CodeAnalyzer
{
    private const string Scopes = "AgentScopes";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Find(AuthMdRules.UndeclaredScope)];

    /// <summary>What the Razor compiler makes of markup is generated code, and a person wrote the scope.</summary>
    private protected override GeneratedCodeAnalysisFlags GeneratedCode => GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics;

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (ScopeExpressions.Of(context.Compilation) is not { } places || DeclaredScopes.Of(context) is not { } scopes)
        {
            return;
        }

        places.ForEach(context, (syntax, constant, report) => Check(syntax, constant, scopes, report));
        context.RegisterSyntaxNodeAction(node => CheckMember(node, scopes), SyntaxKind.SimpleMemberAccessExpression);
    }

    private static void Check(SyntaxNode syntax, Optional<object?> constant, DeclaredScopes scopes, Action<Diagnostic> report)
    {
        if (constant is { HasValue: true, Value: string scope } && !scopes.Contains(scope))
        {
            report(scopes.Undeclared(syntax.GetLocation(), scope));
        }
    }

    // AgentScopes.OldName after a rename: the compiler says that the member is missing; this says which one was meant.
    private static void CheckMember(SyntaxNodeAnalysisContext context, DeclaredScopes scopes)
    {
        var access = (MemberAccessExpressionSyntax)context.Node;
        var owner = access.Expression switch
        {
            IdentifierNameSyntax name => name,
            MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } => name,
            _ => null,
        };
        if (owner?.Identifier.ValueText == Scopes
            && (!context.IsGeneratedCode || RazorMarkup.IsWrittenBySomebody(access.GetLocation()))
            && !scopes.HasMember(access.Name.Identifier.ValueText)
            && context.SemanticModel.GetSymbolInfo(access.Expression, context.CancellationToken).Symbol is INamedTypeSymbol { IsStatic: true } type
            && type.Name == Scopes
            && context.SemanticModel.GetSymbolInfo(access, context.CancellationToken) is { Symbol: null, CandidateSymbols.IsEmpty: true })
        {
            context.ReportDiagnostic(scopes.UndeclaredMember(access.Name.GetLocation(), access.Name.Identifier.ValueText));
        }
    }
}
