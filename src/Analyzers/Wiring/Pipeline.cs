using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>
/// The calls that one method makes on one pipeline, in order. There is one only where the order is certain: the pipeline is a variable that
/// goes by no second name, and whatever matters stands in the straight line of the method.
/// </summary>
internal sealed class Pipeline
{
    private readonly PipelineTypes _types;
    private readonly IOperation _owner;
    private readonly ISymbol _variable;

    private Pipeline(PipelineTypes types, IOperation owner, ISymbol variable, ImmutableArray<PipelineStep> steps)
    {
        _types = types;
        _owner = owner;
        _variable = variable;
        Steps = steps;
    }

    /// <summary>The calls in the order in which they are made.</summary>
    public ImmutableArray<PipelineStep> Steps { get; }

    /// <summary>Whether it is a <c>WebApplication</c> built here, which runs its endpoints behind everything else.</summary>
    public bool EndsWithEndpoints => _types.IsBuild(Operations.OnlyValueOf(_variable, _owner));

    /// <summary>The pipeline that a call is made on; null when its order is not certain.</summary>
    public static Pipeline? Of(IInvocationOperation call, ISymbol containing, PipelineTypes types)
    {
        var owner = Operations.OwnerOf(call);
        if (RootOf(call, types) is not { } variable || !SymbolEqualityComparer.Default.Equals(variable.ContainingSymbol, Operations.SymbolOf(owner, containing)))
        {
            return null;
        }

        var steps = new List<PipelineStep>();
        foreach (var use in owner.Descendants().Where(operation => SymbolEqualityComparer.Default.Equals(Operations.VariableOf(operation), variable)))
        {
            if (!Follow(use, owner, types, steps))
            {
                return null;
            }
        }

        return new Pipeline(types, owner, variable, [.. steps.OrderBy(step => step.Call.Syntax.Span.End)]);
    }

    /// <summary>Whether the endpoints of auth.md are mapped on it: directly, or in the lambda of <c>UseEndpoints</c>.</summary>
    public bool Maps(Wiring wiring) => _owner.Descendants().OfType<IInvocationOperation>().Any(call =>
        wiring.IsMap(call.TargetMethod)
        && Operations.VariableOf(Operations.ReceiverOf(call)) is { } mapped
        && (SymbolEqualityComparer.Default.Equals(mapped, _variable) || IsOfEndpoints(mapped)));

    private bool IsOfEndpoints(ISymbol parameter) => Steps.Any(step => step.Kind == PipelineStepKind.Endpoints
        && step.Call.Descendants().OfType<IAnonymousFunctionOperation>().Any(lambda => lambda.Symbol.Parameters.Contains(parameter, SymbolEqualityComparer.Default)));

    // app.UseA().UseB(): from the variable outwards. False when the variable goes where nobody follows.
    private static bool Follow(IOperation use, IOperation owner, PipelineTypes types, List<PipelineStep> steps)
    {
        for (var value = use; ;)
        {
            var parent = value.Parent;
            while (parent is IConversionOperation or IParenthesizedOperation)
            {
                parent = parent.Parent;
            }

            // app.Environment, app.Services: nothing is added through them.
            if (parent is IPropertyReferenceOperation)
            {
                return true;
            }

            var argument = parent as IArgumentOperation;
            if ((argument?.Parent ?? parent) is not IInvocationOperation call)
            {
                return value != use && parent is IExpressionStatementOperation;
            }

            var kind = types.KindOf(call.TargetMethod, argument?.Parameter);
            if (kind != PipelineStepKind.Other && (Operations.OwnerOf(call) != owner || (kind != PipelineStepKind.Unknown && !Operations.IsStraight(call, owner))))
            {
                return false;
            }

            steps.Add(new PipelineStep(kind, call));
            if (!types.IsPipeline(call.Type))
            {
                return true;
            }

            value = call;
        }
    }

    private static ISymbol? RootOf(IInvocationOperation call, PipelineTypes types)
    {
        IOperation value = call;
        while (value is IInvocationOperation inner && Operations.ReceiverOf(inner) is { } receiver && types.IsPipeline(receiver.Type))
        {
            value = receiver;
        }

        return Operations.VariableOf(value);
    }
}
