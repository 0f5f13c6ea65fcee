using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>AUTHMD3004: an endpoint with a scope does not answer 401 by itself.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OwnUnauthorizedAnalyzer : CodeAnalyzer
{
    private const string AspNetCore = "Microsoft.AspNetCore";
    private const int Unauthorized = 401;

    private const string Message =
        "401 says that the credential is missing or dead, but the agent that got here holds a good one and would register again for nothing. Answer 403 or 404";

    private static readonly string[] s_factories = ["Results", "TypedResults", "ControllerBase"];
    private static readonly string[] s_results = ["UnauthorizedResult", "UnauthorizedObjectResult"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Find(AuthMdRules.OwnUnauthorized)];

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (Wiring.Of(context.Compilation, context.Options) is null || context.Compilation.GetTypeByMetadataName("AgentAuth.AuthenticatedAgent") is not { } agent)
        {
            return;
        }

        // A handler that is mapped twice is reported once.
        var reported = new ConcurrentDictionary<Location, bool>();
        var handlers = new AgentHandlers(context.Compilation);
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (handlers.BodyOf(call) is { } body)
                {
                    Check(body, () => handlers.IsForAgents(call), operation.ReportDiagnostic);
                }
            },
            OperationKind.Invocation);
        context.RegisterOperationBlockAction(block =>
        {
            if (block.OwningSymbol is IMethodSymbol method && handlers.IsByAttribute(method))
            {
                foreach (var body in block.OperationBlocks)
                {
                    Check(body, () => true, block.ReportDiagnostic);
                }
            }
        });

        // For whom a handler is mapped takes longer to find out than what it answers.
        void Check(IOperation body, Func<bool> isForAgents, Action<Diagnostic> report)
        {
            foreach (var found in body.Descendants().Where(operation => Is401(operation) && !IsForNobody(operation, body, agent)))
            {
                var place = found.Syntax.GetLocation();
                if (isForAgents() && reported.TryAdd(place, true))
                {
                    report(Diagnostic.Create(Rules.Find(AuthMdRules.OwnUnauthorized), place, Message));
                }
            }
        }
    }

    private static bool Is401(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: var method } call => IsOfAspNetCore(method.ContainingType)
            && s_factories.Contains(method.ContainingType.Name)
            && (method.Name == "Unauthorized" || HasStatus(call.Arguments)),
        IObjectCreationOperation { Type: { } type } creation => IsOfAspNetCore(type)
            && (s_results.Contains(type.Name) || (type.Name == "StatusCodeResult" && HasStatus(creation.Arguments))),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: { Name: "StatusCode" } property } } assignment =>
            IsOfAspNetCore(property.ContainingType) && Is401Constant(assignment.Value),
        _ => false,
    };

    private static bool HasStatus(ImmutableArray<IArgumentOperation> arguments) =>
        arguments.Any(argument => argument.Parameter?.Name == "statusCode" && Is401Constant(argument.Value));

    private static bool Is401Constant(IOperation value) => Operations.Unwrapped(value).ConstantValue is { HasValue: true, Value: Unauthorized }
        || value.ConstantValue is { HasValue: true, Value: Unauthorized };

    private static bool IsOfAspNetCore(ITypeSymbol type) => type.ContainingAssembly?.Name.StartsWith(AspNetCore, StringComparison.Ordinal) == true;

    // if (user.GetAgent() is null): no agent ever gets that answer, nor does anybody else; it is only said to be careful.
    private static bool IsForNobody(IOperation found, IOperation body, INamedTypeSymbol agent)
    {
        for (var outer = found; outer is not null && outer != body; outer = outer.Parent)
        {
            if (outer switch
            {
                IConditionalOperation conditional => conditional.Condition.DescendantsAndSelf().Any(TestsAgent),
                ISwitchExpressionOperation choice => IsAgent(choice.Value),
                _ => false,
            })
            {
                return true;
            }
        }

        return false;

        bool TestsAgent(IOperation operation) => operation switch
        {
            IIsPatternOperation pattern => IsAgent(pattern.Value),
            IBinaryOperation comparison => IsAgent(comparison.LeftOperand) || IsAgent(comparison.RightOperand),
            IPropertyReferenceOperation { Property.Name: "IsAuthenticated" } => true,
            _ => false,
        };

        bool IsAgent(IOperation operation) => SymbolEqualityComparer.Default.Equals(Operations.Unwrapped(operation).Type, agent);
    }
}
