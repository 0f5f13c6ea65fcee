using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>AUTHMD2005: a declared scope has a constant, which follows a rename in auth.md; a literal does not.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LiteralScopeAnalyzer : CodeAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Find(AuthMdRules.LiteralScope)];

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (ScopeExpressions.Of(context.Compilation) is not { } places || DeclaredScopes.Of(context) is not { } scopes)
        {
            return;
        }

        var members = scopes.All.ToDictionary(item => item.Scope.Name.Value, item => item.Member, StringComparer.Ordinal);
        context.RegisterOperationAction(operation => Check(places.In((IInvocationOperation)operation.Operation).Select(value => value.Syntax), members, operation.ReportDiagnostic), OperationKind.Invocation);
        context.RegisterOperationAction(operation => Check(places.In((IObjectCreationOperation)operation.Operation).Select(value => value.Syntax), members, operation.ReportDiagnostic), OperationKind.ObjectCreation);
        context.RegisterSyntaxNodeAction(
            node => Check(places.In((AttributeSyntax)node.Node, node.SemanticModel, node.CancellationToken), members, node.ReportDiagnostic), SyntaxKind.Attribute);
    }

    private static void Check(IEnumerable<SyntaxNode> expressions, Dictionary<string, string> members, Action<Diagnostic> report)
    {
        foreach (var expression in expressions)
        {
            if (expression is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression, Token.ValueText: var scope } && members.TryGetValue(scope, out var member))
            {
                report(Diagnostic.Create(
                    Rules.Find(AuthMdRules.LiteralScope),
                    expression.GetLocation(),
                    ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Member, member),
                    $"Write AgentScopes.{member} for '{scope}': a constant follows when the scope is renamed in auth.md"));
            }
        }
    }
}
