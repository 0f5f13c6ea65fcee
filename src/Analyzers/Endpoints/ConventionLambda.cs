using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Reads <c>builder.Add(endpoint => …)</c> of conventions that are written by hand.</summary>
internal static class ConventionLambda
{
    /// <summary>Whether a convention certainly says nothing about agents: of the metadata it adds only what is known to be something else.</summary>
    public static bool IsSilent(IInvocationOperation call, AnnotationReader annotations) =>
        call.TargetMethod.Name is "Add" or "Finally"
        && call.Arguments.Select(argument => LambdaOf(argument.Value)).FirstOrDefault(found => found is not null) is { } lambda
        && lambda.Symbol.Parameters is [var endpoint]
        && lambda.Body.Descendants().OfType<IParameterReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Parameter, endpoint))
            .All(reference => IsSilent(reference, annotations));

    private static IAnonymousFunctionOperation? LambdaOf(IOperation value) => Operations.Unwrapped(value) switch
    {
        IDelegateCreationOperation creation => creation.Target as IAnonymousFunctionOperation,
        var lambda => lambda as IAnonymousFunctionOperation,
    };

    private static bool IsSilent(IParameterReferenceOperation endpoint, AnnotationReader annotations)
    {
        if (Outside(endpoint) is not IPropertyReferenceOperation property)
        {
            return false;
        }

        return property.Property.Name != "Metadata" || Outside(property) switch
        {
            IInvocationOperation { TargetMethod.Name: "Add", Arguments: [var added] } call when Operations.Unwrapped(call.Instance!) == property => annotations.OfObject(added.Value).IsSilent,
            IArgumentOperation { Parent: IInvocationOperation { TargetMethod.ContainingNamespace: { Name: "Linq", ContainingNamespace.Name: "System" } } } => true,
            IPropertyReferenceOperation { Property.Name: "Count" } => true,
            IForEachLoopOperation => true,
            _ => false,
        };
    }

    private static IOperation? Outside(IOperation operation)
    {
        var parent = operation.Parent;
        while (parent is IConversionOperation or IParenthesizedOperation)
        {
            parent = parent.Parent;
        }

        return parent;
    }
}
