using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>AUTHMD3002: authorization stands between routing and endpoints, and nothing answers everything before them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MiddlewareOrderAnalyzer : CodeAnalyzer
{
    private const string Effect = "endpoints with scopes answer 500 and the others let every agent in";

    private const string Missing =
        $"UseRouting is called and no UseAuthorization between it and the endpoints, so {Effect}. Call app.UseAuthorization() behind app.UseRouting()";

    private const string TooEarly =
        $"UseAuthorization stands before UseRouting, where no endpoint is known yet, so {Effect}. Move it behind app.UseRouting()";

    private const string TooLate =
        $"UseAuthorization stands behind the endpoints, which have run by then, so {Effect}. Move it between app.UseRouting() and app.UseEndpoints()";

    private const string Terminal =
        "This handler answers every request before the endpoints run, so auth.md and the endpoints where agents register are never reached. Map it with app.MapFallback() instead";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Find(AuthMdRules.MiddlewareOrder)];

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (Wiring.Of(context.Compilation, context.Options) is not { } wiring)
        {
            return;
        }

        var types = new PipelineTypes(context.Compilation);
        context.RegisterOperationAction(operation => Check(operation, wiring, types), OperationKind.Invocation);
    }

    private static void Check(OperationAnalysisContext context, Wiring wiring, PipelineTypes types)
    {
        var call = (IInvocationOperation)context.Operation;
        var kind = types.KindOf(call.TargetMethod, call.Arguments.FirstOrDefault()?.Parameter);
        if (kind is not (PipelineStepKind.Routing or PipelineStepKind.Terminal)
            || Pipeline.Of(call, context.ContainingSymbol, types) is not { } pipeline
            || !pipeline.Maps(wiring))
        {
            return;
        }

        var index = pipeline.Steps.IndexOf(pipeline.Steps.First(step => step.Call == call));
        var (at, message) = kind == PipelineStepKind.Routing ? CheckRouting(pipeline, index) : CheckTerminal(pipeline, index);
        if (message is not null)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.Find(AuthMdRules.MiddlewareOrder), Wiring.NameOf(pipeline.Steps[at].Call), message));
        }
    }

    private static (int At, string? Message) CheckRouting(Pipeline pipeline, int routing)
    {
        var steps = pipeline.Steps;
        if (steps.Take(routing).Any(step => step.Kind == PipelineStepKind.Endpoints))
        {
            // The first pair has run every endpoint by then.
            return default;
        }

        for (var i = routing + 1; i < steps.Length; i++)
        {
            switch (steps[i].Kind)
            {
                // A second UseRouting forgets what was authorized; it is checked by itself.
                case PipelineStepKind.Routing or PipelineStepKind.Authorization or PipelineStepKind.Unknown or PipelineStepKind.Terminal:
                    return default;
                case PipelineStepKind.Endpoints:
                    return Misplaced(steps, routing, i);
                default:
                    break;
            }
        }

        return pipeline.EndsWithEndpoints ? Misplaced(steps, routing, steps.Length) : default;
    }

    private static (int At, string Message) Misplaced(ImmutableArray<PipelineStep> steps, int routing, int endpoints)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Kind == PipelineStepKind.Authorization)
            {
                return i < routing ? (i, TooEarly) : i > endpoints ? (i, TooLate) : (routing, Missing);
            }
        }

        return (routing, Missing);
    }

    private static (int At, string? Message) CheckTerminal(Pipeline pipeline, int terminal)
    {
        var before = pipeline.Steps.Take(terminal).Select(step => step.Kind);
        var runsEndpoints = pipeline.EndsWithEndpoints || pipeline.Steps.Skip(terminal).Any(step => step.Kind == PipelineStepKind.Endpoints);
        return runsEndpoints && !before.Any(kind => kind is PipelineStepKind.Endpoints or PipelineStepKind.Unknown or PipelineStepKind.Terminal)
            ? (terminal, Terminal)
            : default;
    }
}
