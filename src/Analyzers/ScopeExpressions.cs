using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>Every place where code can name a scope.</summary>
internal sealed class ScopeExpressions
{
    private const string Scheme = "AgentAuth";

    private static readonly string[] s_names = ["AgentScope", "UserOrAgentScope"];

    private readonly INamedTypeSymbol?[] _attributes;
    private readonly INamedTypeSymbol? _conventions;
    private readonly INamedTypeSymbol? _agent;
    private readonly INamedTypeSymbol? _policy;
    private readonly AttributeAliases _aliases;

    private ScopeExpressions(Compilation compilation, INamedTypeSymbol agentScope)
    {
        _attributes = [agentScope, compilation.GetTypeByMetadataName("AgentAuth.UserOrAgentScopeAttribute")];
        _conventions = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.AgentAuthEndpointConventionBuilderExtensions");
        _agent = compilation.GetTypeByMetadataName("AgentAuth.AuthenticatedAgent");
        _policy = compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder");
        _aliases = AttributeAliases.Of(compilation);
    }

    /// <summary>The places of a compilation; null when it does not use the runtime.</summary>
    public static ScopeExpressions? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName("AgentAuth.AgentScopeAttribute") is { } agentScope ? new ScopeExpressions(compilation, agentScope) : null;

    /// <summary>Looks at every scope that is named anywhere: its place in the code, and its value where that is constant.</summary>
    public void ForEach(CompilationStartAnalysisContext context, Action<SyntaxNode, Optional<object?>, Action<Diagnostic>> look)
    {
        context.RegisterOperationAction(operation => Look(In((IInvocationOperation)operation.Operation), operation), OperationKind.Invocation);
        context.RegisterOperationAction(operation => Look(In((IObjectCreationOperation)operation.Operation), operation), OperationKind.ObjectCreation);
        context.RegisterSyntaxNodeAction(
            node =>
            {
                foreach (var expression in In((AttributeSyntax)node.Node, node.SemanticModel, node.CancellationToken))
                {
                    if (!node.IsGeneratedCode || RazorMarkup.IsWrittenBySomebody(expression.GetLocation()))
                    {
                        look(expression, node.SemanticModel.GetConstantValue(expression, node.CancellationToken), node.ReportDiagnostic);
                    }
                }
            },
            SyntaxKind.Attribute);

        void Look(IEnumerable<IOperation> values, OperationAnalysisContext operation)
        {
            foreach (var value in values)
            {
                if (!operation.IsGeneratedCode || RazorMarkup.IsWrittenBySomebody(value.Syntax.GetLocation()))
                {
                    look(value.Syntax, value.ConstantValue, operation.ReportDiagnostic);
                }
            }
        }
    }

    /// <summary><c>RequireAgentScope("…")</c>, <c>agent.Has("…")</c>, <c>RequireClaim("scope", "…")</c> of a policy for agents.</summary>
    public IEnumerable<IOperation> In(IInvocationOperation call)
    {
        var (type, name) = (call.TargetMethod.ContainingType, call.TargetMethod.Name);
        var parameter = name switch
        {
            "RequireAgentScope" or "RequireUserOrAgentScope" when Is(type, _conventions) => "scopes",
            "Has" when Is(type, _agent) => "scope",
            "RequireClaim" when Is(type, _policy) && IsScopeClaim(call) && IsForAgents(call) => "allowedValues",
            _ => null,
        };
        return parameter is null ? [] : call.Arguments.Where(argument => argument.Parameter?.Name == parameter).SelectMany(argument => Elements(argument.Value));
    }

    /// <summary><c>new AgentScopeAttribute("…")</c>, as metadata is given.</summary>
    public IEnumerable<IOperation> In(IObjectCreationOperation creation) =>
        IsAttribute(creation.Type) && creation.Parent is not IAttributeOperation ? creation.Arguments.SelectMany(argument => Elements(argument.Value)) : [];

    /// <summary><c>[AgentScope("…")]</c>. By syntax, since attributes of a lambda are no operations of their own.</summary>
    public IEnumerable<ExpressionSyntax> In(AttributeSyntax attribute, SemanticModel model, CancellationToken cancellationToken) =>
        _aliases.MayBe(attribute.Name, s_names) && model.GetSymbolInfo(attribute, cancellationToken).Symbol is { } constructor && IsAttribute(constructor.ContainingType)
            ? (attribute.ArgumentList?.Arguments.Select(argument => argument.Expression) ?? []).SelectMany(Elements)
            : [];

    private bool IsAttribute(ITypeSymbol? type) => type is not null && _attributes.Any(attribute => Is(type, attribute));

    private static bool Is(ITypeSymbol? type, INamedTypeSymbol? wanted) => wanted is not null && SymbolEqualityComparer.Default.Equals(type, wanted);

    private static bool IsScopeClaim(IInvocationOperation call) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "claimType")?.Value.ConstantValue is { HasValue: true, Value: "scope" };

    // Tokens of other issuers have scopes of their own: only a policy that names our scheme speaks of ours.
    private static bool IsForAgents(IOperation call)
    {
        var function = call;
        while (function.Parent is { } parent && function is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            function = parent;
        }

        return function.Descendants().Any(operation => operation switch
        {
            IInvocationOperation { TargetMethod.Name: "AddAuthenticationSchemes", Arguments: var arguments } => Names(arguments),
            IObjectCreationOperation { Type.Name: "AuthorizationPolicyBuilder", Arguments: var arguments } => Names(arguments),
            _ => false,
        });
    }

    private static bool Names(IEnumerable<IArgumentOperation> arguments) =>
        arguments.SelectMany(argument => Elements(argument.Value)).Any(value => value.ConstantValue is { HasValue: true, Value: Scheme });

    /// <summary>"a", "b" · new[] { "a", "b" } · ["a", "b"]; what cannot be taken apart stays one element.</summary>
    public static IEnumerable<IOperation> Elements(IOperation value) => value switch
    {
        IConversionOperation conversion => Elements(conversion.Operand),
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
        IArrayCreationOperation => [],
        ICollectionExpressionOperation collection => collection.Elements,
        _ => [value],
    };

    private static IEnumerable<ExpressionSyntax> Elements(ExpressionSyntax argument) => argument switch
    {
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
        ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
        CollectionExpressionSyntax collection => collection.Elements.OfType<ExpressionElementSyntax>().Select(element => element.Expression),
        _ => [argument],
    };
}
