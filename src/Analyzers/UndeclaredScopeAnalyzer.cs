using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>AUTHMD2001: a scope that code names must be declared in auth.md.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UndeclaredScopeAnalyzer : DiagnosticAnalyzer
{
    private const string Scopes = "AgentScopes";

    private static readonly string[] s_attributes = ["AgentAuth.AgentScopeAttribute", "AgentAuth.UserOrAgentScopeAttribute"];
    private static readonly string[] s_methods = ["RequireAgentScope", "RequireUserOrAgentScope"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Find(AuthMd.AuthMdRules.UndeclaredScope)];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        var attributes = s_attributes.Select(context.Compilation.GetTypeByMetadataName).ToImmutableArray();
        if (attributes[0] is null
            || AuthMdFile.Find(context.Options) is not { } file
            || file.GetText(context.CancellationToken) is not { } text
            || !context.TryGetValue(text, AuthMdFile.Parser, out var parsed))
        {
            return;
        }

        var scopes = new DeclaredScopes(file, text, parsed.Document);
        var extensions = context.Compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.AgentAuthEndpointConventionBuilderExtensions");
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (s_methods.Contains(call.TargetMethod.Name) && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, extensions))
                {
                    Check(call.Arguments, scopes, operation.ReportDiagnostic);
                }
            },
            OperationKind.Invocation);
        context.RegisterSyntaxNodeAction(
            node =>
            {
                var attribute = (AttributeSyntax)node.Node;
                if (node.SemanticModel.GetSymbolInfo(attribute, node.CancellationToken).Symbol?.ContainingType is { } type
                    && attributes.Contains(type, SymbolEqualityComparer.Default))
                {
                    CheckAttribute(attribute, scopes, node);
                }
            },
            SyntaxKind.Attribute);
        context.RegisterSyntaxNodeAction(node => CheckMember(node, scopes), SyntaxKind.SimpleMemberAccessExpression);
    }

    private static void Check(ImmutableArray<IArgumentOperation> arguments, DeclaredScopes scopes, Action<Diagnostic> report)
    {
        foreach (var value in arguments.Where(a => a.Parameter?.IsParams == true).SelectMany(a => Elements(a.Value)))
        {
            if (value.ConstantValue is { HasValue: true, Value: string scope } && !scopes.Contains(scope))
            {
                report(scopes.Undeclared(value.Syntax.GetLocation(), scope));
            }
        }
    }

    // "a", "b" · new[] { "a", "b" } · ["a", "b"]
    private static IEnumerable<IOperation> Elements(IOperation value) => value switch
    {
        IConversionOperation conversion => Elements(conversion.Operand),
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
        ICollectionExpressionOperation collection => collection.Elements,
        _ => [],
    };

    // By syntax, since attributes of a lambda are no operations of their own.
    private static void CheckAttribute(AttributeSyntax attribute, DeclaredScopes scopes, SyntaxNodeAnalysisContext context)
    {
        var arguments = attribute.ArgumentList?.Arguments.Select(argument => argument.Expression) ?? [];
        foreach (var expression in arguments.SelectMany(Elements))
        {
            if (context.SemanticModel.GetConstantValue(expression, context.CancellationToken) is { HasValue: true, Value: string scope } && !scopes.Contains(scope))
            {
                context.ReportDiagnostic(scopes.Undeclared(expression.GetLocation(), scope));
            }
        }
    }

    private static IEnumerable<ExpressionSyntax> Elements(ExpressionSyntax argument) => argument switch
    {
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
        ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
        CollectionExpressionSyntax collection => collection.Elements.OfType<ExpressionElementSyntax>().Select(element => element.Expression),
        _ => [argument],
    };

    // AgentScopes.OldName after a rename: the compiler says that the member is missing; this says which one was meant.
    private static void CheckMember(SyntaxNodeAnalysisContext context, DeclaredScopes scopes)
    {
        var access = (MemberAccessExpressionSyntax)context.Node;
        var owner = access.Expression switch
        {
            IdentifierNameSyntax name => name,
            MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } => name,
            _ => null,
        };
        if (owner?.Identifier.ValueText == Scopes
            && context.SemanticModel.GetSymbolInfo(access.Expression, context.CancellationToken).Symbol is INamedTypeSymbol { IsStatic: true } type
            && type.Name == Scopes
            && context.SemanticModel.GetSymbolInfo(access, context.CancellationToken) is { Symbol: null, CandidateSymbols.IsEmpty: true })
        {
            context.ReportDiagnostic(scopes.UndeclaredMember(access.Name.GetLocation(), access.Name.Identifier.ValueText));
        }
    }
}
