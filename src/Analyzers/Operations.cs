using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>Where a call stands in its method, and what it is made on.</summary>
internal static class Operations
{
    /// <summary>The lambda, local function or method body that an operation belongs to.</summary>
    public static IOperation OwnerOf(IOperation operation)
    {
        var owner = operation;
        while (owner.Parent is { } parent && owner is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            owner = parent;
        }

        return owner;
    }

    /// <summary>The symbol of an owner.</summary>
    /// <param name="owner">What <see cref="OwnerOf"/> found.</param>
    /// <param name="containing">The member that is analysed.</param>
    public static ISymbol SymbolOf(IOperation owner, ISymbol containing) => owner switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        ILocalFunctionOperation function => function.Symbol,
        _ => containing,
    };

    /// <summary>Whether an operation runs whenever its owner does: no condition, no loop and no lambda stands between them.</summary>
    public static bool IsStraight(IOperation operation, IOperation owner)
    {
        for (var outer = operation.Parent; outer is not null && outer != owner; outer = outer.Parent)
        {
            if (outer is not (IBlockOperation or IExpressionStatementOperation or IReturnOperation or IInvocationOperation or IArgumentOperation
                or IConversionOperation or IParenthesizedOperation or IMethodBodyOperation))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A value without the conversions and parentheses around it.</summary>
    public static IOperation Unwrapped(IOperation value)
    {
        while (value is IConversionOperation or IParenthesizedOperation)
        {
            value = value is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)value).Operand;
        }

        return value;
    }

    /// <summary>What an extension method, or an instance method, is called on; null when there is nothing.</summary>
    public static IOperation? ReceiverOf(IInvocationOperation call) =>
        (call.Instance ?? (call.TargetMethod.IsStatic ? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value : null)) is { } value
            ? Unwrapped(value)
            : null;

    /// <summary>The call that is made on the result of a call; null when there is none.</summary>
    public static IInvocationOperation? NextOf(IInvocationOperation call)
    {
        var parent = call.Parent;
        while (parent is IConversionOperation or IParenthesizedOperation or IArgumentOperation)
        {
            parent = parent.Parent;
        }

        return parent is IInvocationOperation next && ReceiverOf(next) == call ? next : null;
    }

    /// <summary>The variable that an operation reads; null when it reads none.</summary>
    public static ISymbol? VariableOf(IOperation? operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    /// <summary>What a local variable is declared with, when it never gets another value; null otherwise.</summary>
    public static IOperation? OnlyValueOf(ISymbol variable, IOperation owner)
    {
        var within = owner.Descendants().ToList();
        return within.Any(operation => operation is IAssignmentOperation assignment && Is(assignment.Target))
            || within.Any(operation => operation is IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument && Is(argument.Value))
                ? null
                : within.OfType<IVariableDeclaratorOperation>().FirstOrDefault(declarator => Same(declarator.Symbol)) is { } found && found.GetVariableInitializer() is { } initializer
                    ? Unwrapped(initializer.Value)
                    : null;

        bool Is(IOperation operation) => Same(VariableOf(operation));

        bool Same(ISymbol? symbol) => SymbolEqualityComparer.Default.Equals(symbol, variable);
    }
}
