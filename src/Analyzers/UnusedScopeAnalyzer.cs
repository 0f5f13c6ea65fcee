using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>
/// AUTHMD2004: a scope that no code mentions opens nothing. Reported only for an app of which all code that can ask for a scope is seen, and only
/// when neither the scope nor its constant stands anywhere in it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedScopeAnalyzer : CodeAnalyzer
{
    // Whoever goes over all scopes uses each.
    private static readonly string[] s_all = ["AgentScopes.All", "AgentScopes.PreClaim"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Find(AuthMdRules.UnusedScope)];

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (!context.Compilation.IsApplication()
            || ScopeExpressions.Of(context.Compilation) is not { } places
            || DeclaredScopes.Of(context) is not { } scopes
            || UsesScopesElsewhere(context.Compilation))
        {
            return;
        }

        // Set by many threads, never cleared.
        var (asks, isOpen) = (false, false);
        context.RegisterOperationAction(
            operation =>
            {
                foreach (var value in places.In((IInvocationOperation)operation.Operation))
                {
                    asks = true;
                    if (!value.ConstantValue.HasValue)
                    {
                        isOpen = true;
                    }
                }
            },
            OperationKind.Invocation);
        context.RegisterSyntaxNodeAction(
            node =>
            {
                if (places.In((AttributeSyntax)node.Node, node.SemanticModel, node.CancellationToken).Any())
                {
                    asks = true;
                }
            },
            SyntaxKind.Attribute);
        context.RegisterCompilationEndAction(end =>
        {
            // An app that asks for no scope at all is only begun: AUTHMD2002 speaks there.
            if (asks && !isOpen)
            {
                foreach (var scope in Unmentioned(end.Compilation, scopes.All, end.CancellationToken))
                {
                    end.ReportDiagnostic(scopes.Unused(scope));
                }
            }
        });
    }

    // Another assembly that uses the runtime may ask for scopes by their names.
    private static bool UsesScopesElsewhere(Compilation compilation) => compilation.SourceModule.ReferencedAssemblySymbols.Any(assembly =>
        !assembly.Name.StartsWith("AgentAuth.", StringComparison.Ordinal)
        && assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == "AgentAuth.Runtime")));

    private static List<ScopeDeclaration> Unmentioned(
        Compilation compilation, IReadOnlyList<(ScopeDeclaration Scope, string Member)> scopes, CancellationToken cancellationToken)
    {
        var left = scopes.ToList();
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (left.Count > 0 && !IsOurs(tree.FilePath))
            {
                var text = tree.GetText(cancellationToken).ToString();
                if (s_all.Any(all => Mentions(text, all)))
                {
                    return [];
                }

                left.RemoveAll(item => Mentions(text, item.Scope.Name.Value) || Mentions(text, item.Member));
            }
        }

        return [.. left.Select(item => item.Scope)];
    }

    private static bool Mentions(string text, string name) => text.IndexOf(name, StringComparison.Ordinal) >= 0;

    // The generator's own files name every scope.
    private static bool IsOurs(string path) =>
        path.EndsWith(".g.cs", StringComparison.Ordinal) && Path.GetFileName(path) is var name
        && (name.StartsWith("AgentScopes", StringComparison.Ordinal) || name.StartsWith("AgentAuth", StringComparison.Ordinal));
}
