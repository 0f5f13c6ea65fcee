using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

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
        places.ForEach(context, (syntax, _, report) => Check(syntax, members, report));
    }

    private static void Check(SyntaxNode expression, Dictionary<string, string> members, Action<Diagnostic> report)
    {
        if (expression is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression, Token.ValueText: var scope } && members.TryGetValue(scope, out var member))
        {
            report(Diagnostic.Create(
                Rules.Find(AuthMdRules.LiteralScope),
                expression.GetLocation(),
                ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Member, member).Add(FixProperties.Value, scope),
                $"Write AgentScopes.{member} for '{scope}': a constant follows when the scope is renamed in auth.md"));
        }
    }
}
