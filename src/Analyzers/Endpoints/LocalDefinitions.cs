using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Every value that the locals of a function get, and that its parameters get anew.</summary>
internal sealed class LocalDefinitions
{
    private readonly Dictionary<ISymbol, ImmutableArray<IOperation?>> _values = new(SymbolEqualityComparer.Default);

    public LocalDefinitions(IOperation root)
    {
        foreach (var operation in root.DescendantsAndSelf())
        {
            switch (operation.Kind)
            {
                case OperationKind.VariableDeclarator when operation is IVariableDeclaratorOperation declarator && declarator.GetVariableInitializer() is { } initializer:
                    Add(declarator.Symbol, initializer.Value);
                    break;
                case OperationKind.SimpleAssignment when operation is ISimpleAssignmentOperation assignment:
                    Add(TargetOf(assignment.Target), assignment.Value);
                    break;
                case OperationKind.CompoundAssignment or OperationKind.CoalesceAssignment or OperationKind.DeconstructionAssignment:
                    AddUnknown(((IAssignmentOperation)operation).Target);
                    break;
                case OperationKind.Argument when operation is IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument:
                    AddUnknown(argument.Value);
                    break;
            }
        }
    }

    /// <summary>The values; null stands for one that cannot be followed. Empty for a local that is set by a pattern or the like.</summary>
    public ImmutableArray<IOperation?> Of(ISymbol symbol) => _values.TryGetValue(symbol, out var values) ? values : [];

    private static ISymbol? TargetOf(IOperation target) => target switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    private void AddUnknown(IOperation target)
    {
        foreach (var part in target.DescendantsAndSelf())
        {
            Add(TargetOf(part), null);
        }
    }

    private void Add(ISymbol? symbol, IOperation? value)
    {
        if (symbol is not null)
        {
            _values[symbol] = Of(symbol).Add(value);
        }
    }
}
