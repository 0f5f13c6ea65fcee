using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Follows an expression to where its builder comes from, through fluent chains, conversions and locals of the same function.</summary>
internal sealed class BuilderReader(EndpointTypes types, BuilderCalls calls)
{
    private const int Deepest = 64;

    private readonly ConditionalWeakTable<IOperation, LocalDefinitions> _definitions = new();

    /// <summary>What a call is made on: the instance, or the first argument of an extension.</summary>
    public static IOperation? ReceiverOf(IInvocationOperation call) =>
        call.Instance ?? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;

    public BuilderValue Read(IOperation expression) => Read(expression, 0);

    /// <summary>The only value that a local ever gets; null when there are others, or none.</summary>
    public IOperation? OnlyValueOf(ILocalReferenceOperation local) =>
        DefinitionsOf(local).Of(local.Local) is [{ } only] ? only : null;

    private BuilderValue Read(IOperation expression, int depth)
    {
        expression = Operations.Unwrapped(expression);
        if (types.IsRoot(expression.Type))
        {
            return BuilderValue.Root.Instance;
        }

        if (depth > Deepest)
        {
            return BuilderValue.Unknown.Instance;
        }

        return expression switch
        {
            IInvocationOperation call => ReadCall(call, depth),
            ILocalReferenceOperation local => ReadLocal(local, depth),
            IParameterReferenceOperation parameter => ReadParameter(parameter),
            IFieldReferenceOperation field => new BuilderValue.Member(field.Field.OriginalDefinition),
            IPropertyReferenceOperation property => new BuilderValue.Member(property.Property.OriginalDefinition),
            ISimpleAssignmentOperation assignment => Read(assignment.Value, depth + 1),
            IConditionalOperation { WhenFalse: { } whenFalse } conditional => OneOf([conditional.WhenTrue, whenFalse], depth),
            ICoalesceOperation coalesce => OneOf([coalesce.Value, coalesce.WhenNull], depth),
            ISwitchExpressionOperation choice => OneOf(choice.Arms.Select(arm => arm.Value), depth),
            IConditionalAccessOperation access => Read(access.WhenNotNull, depth + 1),
            IConditionalAccessInstanceOperation instance when AccessOf(instance) is { } access => Read(access.Operation, depth + 1),
            _ => BuilderValue.Unknown.Instance,
        };
    }

    private BuilderValue ReadCall(IInvocationOperation call, int depth)
    {
        var kind = calls.Classify(call.TargetMethod);
        switch (kind)
        {
            case BuilderCall.Source:
                return new BuilderValue.Result(call.Syntax);
            case BuilderCall.Foreign:
                return BuilderValue.Unknown.Instance;
            case BuilderCall.Endpoint or BuilderCall.ForeignEndpoint or BuilderCall.Controllers or BuilderCall.Pages or BuilderCall.Group:
                return new BuilderValue.Made(call.Syntax);
        }

        return ReceiverOf(call) is not { } receiver || !types.IsBuilder(call.Type) ? BuilderValue.Unknown.Instance
            : MakesAnother(call, receiver) ? new BuilderValue.Made(call.Syntax)
            : Read(receiver, depth + 1);
    }

    /// <summary>
    /// Whether a convention makes something below what it was given, on which nothing has been said yet: it was given something to map on, and
    /// returns another type. Otherwise it hands on the builder, be it in another coat.
    /// </summary>
    public bool MakesAnother(IInvocationOperation call, IOperation receiver) =>
        types.IsBuilder(call.Type)
        && types.IsRouteBuilder(Operations.Unwrapped(receiver).Type)
        && !SymbolEqualityComparer.Default.Equals(call.Type, receiver.Type)
        && !SymbolEqualityComparer.Default.Equals(call.Type, Operations.Unwrapped(receiver).Type);

    private BuilderValue ReadLocal(ILocalReferenceOperation local, int depth)
    {
        var values = DefinitionsOf(local).Of(local.Local);
        return values.IsEmpty || values.Contains(null) ? BuilderValue.Unknown.Instance
            : values.Length == 1 ? Read(values[0]!, depth + 1)
            : OneOf(values!, depth);
    }

    private BuilderValue ReadParameter(IParameterReferenceOperation reference)
    {
        if (!DefinitionsOf(reference).Of(reference.Parameter).IsEmpty)
        {
            return BuilderValue.Unknown.Instance;
        }

        return reference.Parameter.ContainingSymbol switch
        {
            IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } lambda => IsGivenToUseEndpoints(reference, lambda) ? BuilderValue.Root.Instance : BuilderValue.Unknown.Instance,
            IMethodSymbol method => new BuilderValue.Parameter(Definition(method), reference.Parameter.Ordinal),
            _ => BuilderValue.Unknown.Instance,
        };
    }

    /// <summary>The one symbol for a method: generic instances and the parts of a partial method are the same.</summary>
    public static IMethodSymbol Definition(IMethodSymbol method)
    {
        var definition = (method.ReducedFrom ?? method).OriginalDefinition;
        return definition.PartialImplementationPart ?? definition;
    }

    private static bool IsGivenToUseEndpoints(IOperation inside, IMethodSymbol lambda)
    {
        for (var parent = inside.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation function && SymbolEqualityComparer.Default.Equals(function.Symbol, lambda))
            {
                while (parent is IAnonymousFunctionOperation or IDelegateCreationOperation or IConversionOperation)
                {
                    parent = parent.Parent;
                }

                return parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "UseEndpoints", ContainingType.Name: "EndpointRoutingApplicationBuilderExtensions" } } };
            }
        }

        return false;
    }

    private static IConditionalAccessOperation? AccessOf(IOperation instance)
    {
        for (var parent = instance.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IConditionalAccessOperation access)
            {
                return access;
            }
        }

        return null;
    }

    private BuilderValue.OneOf OneOf(IEnumerable<IOperation> values, int depth) =>
        new([.. values.Select(value => Read(value, depth + 1))]);

    private LocalDefinitions DefinitionsOf(IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return _definitions.GetValue(operation, root => new LocalDefinitions(root));
    }
}
