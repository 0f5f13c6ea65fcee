using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>AUTHMD3001: an app that calls <c>AddAgentAuth</c> calls <c>MapAgentAuth</c> too, and the reverse.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HalfWiredAnalyzer : CodeAnalyzer
{
    private const string OnlyAdded =
        "AddAgentAuth is called and MapAgentAuth is not, so auth.md and the endpoints where agents register answer 404. Call app.MapAgentAuth() where the app maps its endpoints";

    private const string OnlyMapped =
        "MapAgentAuth is called and AddAgentAuth is not, so the app throws at its start. Call builder.Services.AddAgentAuth() before the app is built";

    private static readonly string[] s_addNames = ["AddAgentAuth", "AgentAuthServices"];
    private static readonly string[] s_mapNames = ["MapAgentAuth", "AgentAuthEndpoints"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Find(AuthMdRules.HalfWired)];

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (!context.Compilation.IsApplication()
            || Wiring.Of(context.Compilation, context.Options) is not { } wiring
            || Wiring.IsOfTests(context.Compilation)
            || Wiring.IsSharedWithOthers(context.Compilation))
        {
            return;
        }

        var routeBuilder = context.Compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Routing.IEndpointRouteBuilder");
        var adds = new ConcurrentBag<Location>();
        var maps = new ConcurrentBag<Location>();
        var endpoints = new ConcurrentBag<Location>();
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                var found = wiring.IsAdd(call.TargetMethod) ? adds : wiring.IsMap(call.TargetMethod) ? maps : IsEndpoint(call.TargetMethod) ? endpoints : null;
                found?.Add(Wiring.NameOf(call));
            },
            OperationKind.Invocation);
        context.RegisterCompilationEndAction(end =>
        {
            // Without endpoints of its own it may be a worker, which shares a store with the service and serves nothing.
            if (!adds.IsEmpty && maps.IsEmpty && !endpoints.IsEmpty && !IsMentioned(end, wiring, s_mapNames))
            {
                end.ReportDiagnostic(Diagnostic.Create(Rules.Find(AuthMdRules.HalfWired), First(adds), OnlyAdded));
            }
            else if (!maps.IsEmpty && adds.IsEmpty && !IsMentioned(end, wiring, s_addNames))
            {
                end.ReportDiagnostic(Diagnostic.Create(Rules.Find(AuthMdRules.HalfWired), First(maps), OnlyMapped));
            }
        });

        bool IsEndpoint(IMethodSymbol method) =>
            method.Parameters is [{ Type: var first }, ..] && routeBuilder is not null && SymbolEqualityComparer.Default.Equals(first, routeBuilder);
    }

    private static Location First(ConcurrentBag<Location> found) =>
        found.OrderBy(location => location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(location => location.SourceSpan.Start).First();

    // A call is not all: the name may be handed over as a method group, used by another generator, given to reflection, or switched off by #if.
    private static bool IsMentioned(CompilationAnalysisContext context, Wiring wiring, string[] names) =>
        context.Compilation.SyntaxTrees.Where(tree => !wiring.IsDeclaredIn(tree)).Any(tree =>
            tree.GetRoot(context.CancellationToken).DescendantTokens(descendIntoTrivia: true).Any(token =>
                (token.IsKind(SyntaxKind.IdentifierToken) && names.Contains(token.ValueText))
                || (token.IsKind(SyntaxKind.StringLiteralToken) && names.Any(token.ValueText.Contains))
                || (token.HasLeadingTrivia && token.LeadingTrivia.Any(trivia => trivia.IsKind(SyntaxKind.DisabledTextTrivia) && names.Any(trivia.ToString().Contains)))));
}
