using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>AUTHMD3003: the app has no route where the protocol has one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ShadowedPathAnalyzer : CodeAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Find(AuthMdRules.ShadowedPath)];

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (Wiring.Of(context.Compilation, context.Options) is not { } wiring
            || AuthMdFile.Read(context) is not var (_, _, document))
        {
            return;
        }

        var found = new MappedRoutes(wiring, new RouteReader(context.Compilation), new ControllerRoutes(context.Compilation), ProtocolPaths.Of(document));
        context.RegisterOperationAction(operation => found.Read((IInvocationOperation)operation.Operation, operation.ContainingSymbol), OperationKind.Invocation);
        context.RegisterOperationAction(operation => found.Read((IPropertyReferenceOperation)operation.Operation), OperationKind.PropertyReference);
        context.RegisterSymbolAction(symbol => found.Read((IMethodSymbol)symbol.Symbol), SymbolKind.Method);
        context.RegisterCompilationEndAction(end =>
        {
            foreach (var (place, message) in found.Clashes())
            {
                end.ReportDiagnostic(Diagnostic.Create(Rules.Find(AuthMdRules.ShadowedPath), place, message));
            }
        });
    }
}
