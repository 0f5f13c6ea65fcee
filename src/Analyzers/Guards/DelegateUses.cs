using System.Collections.Concurrent;
using AgentAuth.Analyzers.Endpoints;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers.Guards;

/// <summary>What becomes of a method or lambda that is used as a delegate.</summary>
internal enum DelegateUse
{
    /// <summary>It is called, and never mapped.</summary>
    Called,

    /// <summary>It goes where nobody follows it.</summary>
    Unknown,

    /// <summary>It is mapped as an endpoint, which has its attributes.</summary>
    Mapped,
}

/// <summary>Follows delegates to where they are used, and keeps what became of each method.</summary>
internal sealed class DelegateUses(GuardTypes types)
{
    private const int Deepest = 4;

    private readonly ConcurrentDictionary<ISymbol, DelegateUse> _uses = new(SymbolEqualityComparer.Default);

    /// <summary>Takes note of a method that is used as a delegate.</summary>
    public void Add(IMethodReferenceOperation reference)
    {
        var method = BuilderReader.Definition(reference.Method);

        // Who calls an interface's or a virtual method may call any implementation of it.
        var isDispatched = method.IsAbstract || method.IsVirtual || method.IsOverride;
        if (isDispatched || (IsOurs(method) && method.GetAttributes().Any(attribute => types.IsGuard(attribute.AttributeClass))))
        {
            var use = Of(reference);
            _uses.AddOrUpdate(method, use, (_, known) => use > known ? use : known);
        }
    }

    /// <summary>The most that became of a method, of what overrides it and of what it overrides or implements; null when none is ever used as a delegate.</summary>
    public DelegateUse? Of(IMethodSymbol method)
    {
        var definition = BuilderReader.Definition(method);
        var related = new HashSet<ISymbol>(SelfAndWhatItStandsFor(definition), SymbolEqualityComparer.Default);
        DelegateUse? most = null;
        foreach (var (used, use) in _uses.Select(item => (item.Key, item.Value)))
        {
            if ((most is null || use > most) && (related.Contains(used) || SelfAndWhatItStandsFor((IMethodSymbol)used).Contains(definition, SymbolEqualityComparer.Default)))
            {
                most = use;
            }
        }

        return most;
    }

    /// <summary>What becomes of a delegate.</summary>
    public DelegateUse Of(IOperation value) => Of(value, 0);

    private DelegateUse Of(IOperation value, int depth)
    {
        var (child, parent) = (value, value.Parent);
        while (parent is IConversionOperation or IParenthesizedOperation or IDelegateCreationOperation or ICoalesceOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation
            || (parent is IConditionalOperation choice && choice.Condition != child))
        {
            (child, parent) = (parent, parent.Parent);
        }

        return parent switch
        {
            IArgumentOperation { Parameter: { } parameter, Parent: IInvocationOperation call } => OfArgument(call.TargetMethod, parameter),
            IInvocationOperation { TargetMethod: { Name: "Invoke" or "DynamicInvoke", ContainingType.TypeKind: TypeKind.Delegate } } => DelegateUse.Called,
            IEventAssignmentOperation or IExpressionStatementOperation => DelegateUse.Called,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => OfLocal(local, parent, depth),
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } assignment when assignment.Value == child => OfLocal(local, parent, depth),
            ISimpleAssignmentOperation { Target: IDiscardOperation } => DelegateUse.Called,
            _ => DelegateUse.Unknown,
        };
    }

    // A framework that asks for a delegate calls it; one that takes anything, as a list does, may give it to somebody.
    private DelegateUse OfArgument(IMethodSymbol method, IParameterSymbol parameter)
    {
        var definition = method.ReducedFrom ?? method;
        var isMap = definition.Name.StartsWith("Map", StringComparison.Ordinal)
            && SymbolEqualityComparer.Default.Equals(definition.Parameters.FirstOrDefault()?.Type, types.RouteBuilder)
            && parameter.Name is "handler" or "requestDelegate";
        return isMap && GuardTypes.IsFramework(method.ContainingAssembly) ? DelegateUse.Mapped
            : GuardTypes.IsFramework(method.ContainingAssembly) && parameter.OriginalDefinition.Type.TypeKind == TypeKind.Delegate ? DelegateUse.Called
            : DelegateUse.Unknown;
    }

    private DelegateUse OfLocal(ILocalSymbol local, IOperation inside, int depth)
    {
        if (depth > Deepest)
        {
            return DelegateUse.Unknown;
        }

        while (inside.Parent is { } parent)
        {
            inside = parent;
        }

        var uses = inside.Descendants().OfType<ILocalReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local) && !(reference.Parent is IAssignmentOperation assignment && assignment.Target == reference))
            .Select(reference => Of(reference, depth + 1)).ToList();
        return uses.Count == 0 ? DelegateUse.Called : uses.Max();
    }

    private bool IsOurs(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, types.Compilation.Assembly);

    private static IEnumerable<ISymbol> SelfAndWhatItStandsFor(IMethodSymbol method)
    {
        for (var current = method; current is not null; current = current.OverriddenMethod)
        {
            yield return current.OriginalDefinition;
        }

        if (method.MethodKind != MethodKind.LocalFunction && method.ContainingType is { } type)
        {
            foreach (var member in type.AllInterfaces.SelectMany(face => face.GetMembers(method.Name.Substring(method.Name.LastIndexOf('.') + 1)).OfType<IMethodSymbol>()))
            {
                if (SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(member)?.OriginalDefinition, method))
                {
                    yield return member.OriginalDefinition;
                }
            }
        }
    }
}
