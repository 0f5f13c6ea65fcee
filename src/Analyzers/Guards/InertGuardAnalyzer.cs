using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentAuth.Analyzers.Endpoints;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers.Guards;

/// <summary>
/// AUTHMD2009: an attribute about agents stands where nothing would ever look at it, as on the handler of a Razor page. Only what is certain is
/// reported; what depends on the rest of the code, when all of it was read.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InertGuardAnalyzer : CodeAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Find(AuthMdRules.InertGuard)];

    /// <summary>What the Razor compiler makes of markup is generated code, and a person wrote the attribute.</summary>
    private protected override GeneratedCodeAnalysisFlags GeneratedCode => GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics;

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (GuardTypes.Of(context.Compilation) is { } types)
        {
            var reading = new Reading(types);
            context.RegisterSyntaxNodeAction(reading.ReadAttribute, SyntaxKind.Attribute);
            context.RegisterOperationAction(operation => reading.Uses.Add((IMethodReferenceOperation)operation.Operation), OperationKind.MethodReference);
            context.RegisterCompilationEndAction(reading.Finish);
        }
    }

    private sealed class Reading
    {
        private readonly GuardTypes _types;
        private readonly ClassRoles _roles;
        private readonly GuardPlaces _places;
        private readonly AttributeAliases _aliases;
        private readonly ConcurrentBag<(ISymbol Symbol, GuardPlace Place, string Guard, Location Location)> _later = [];

        public Reading(GuardTypes types)
        {
            _types = types;
            _roles = new ClassRoles(types);
            _places = new GuardPlaces(types, _roles);
            _aliases = AttributeAliases.Of(types.Compilation);
            Uses = new DelegateUses(types);
        }

        public DelegateUses Uses { get; }

        public void ReadAttribute(SyntaxNodeAnalysisContext context)
        {
            var attribute = (AttributeSyntax)context.Node;
            if (!_aliases.MayBe(attribute.Name, GuardTypes.Names)
                || context.SemanticModel.GetSymbolInfo(attribute, context.CancellationToken).Symbol is not { ContainingType: { } type }
                || !_types.IsGuard(type)
                || (context.IsGeneratedCode && !RazorMarkup.IsWrittenBySomebody(attribute.GetLocation()))
                || attribute.Parent?.Parent is not { } owner)
            {
                return;
            }

            var (symbol, place) = Of(owner, context.SemanticModel, context.CancellationToken);
            if (place is null)
            {
                return;
            }

            var guard = type.Name.Substring(0, type.Name.Length - nameof(Attribute).Length);
            if (place.Condition == GuardCondition.None)
            {
                context.ReportDiagnostic(Report(attribute.GetLocation(), place, guard));
            }
            else
            {
                _later.Add((symbol!, place, guard, attribute.GetLocation()));
            }
        }

        public void Finish(CompilationAnalysisContext context)
        {
            if (_later.IsEmpty)
            {
                return;
            }

            var rest = new RestOfTheCode(_types, _roles, context.CancellationToken);
            foreach (var (symbol, place, guard, location) in _later)
            {
                if (IsInert(symbol, place.Condition, rest))
                {
                    context.ReportDiagnostic(Report(location, place, guard));
                }
            }
        }

        private (ISymbol? Symbol, GuardPlace? Place) Of(SyntaxNode owner, SemanticModel model, CancellationToken cancellationToken)
        {
            if (owner is AnonymousFunctionExpressionSyntax)
            {
                return (null, model.GetOperation(owner, cancellationToken) is IAnonymousFunctionOperation lambda && Uses.Of(lambda) == DelegateUse.Called ? GuardPlaces.Lambda : null);
            }

            // [method: …] on an event is about its accessors.
            var declared = owner is EventFieldDeclarationSyntax { Declaration.Variables: [var first, ..] }
                ? (model.GetDeclaredSymbol(first, cancellationToken) as IEventSymbol)?.AddMethod
                : model.GetDeclaredSymbol(owner, cancellationToken);
            return declared switch
            {
                INamedTypeSymbol { TypeKind: TypeKind.Class } type => (type, _places.OfClass(type)),
                IMethodSymbol method when BuilderReader.Definition(method) is var definition => (definition, _places.OfMethod(definition)),
                _ => (null, null),
            };
        }

        private bool IsInert(ISymbol symbol, GuardCondition condition, RestOfTheCode rest) => (symbol, condition) switch
        {
            (IMethodSymbol method, GuardCondition.NotMapped) => IsNotMapped(method),
            (IMethodSymbol method, GuardCondition.MappedByNobody) => IsNotMapped(method) && rest.IsInert(method),
            (INamedTypeSymbol type, GuardCondition.NotInherited) => rest.IsInert(type),
            (_, GuardCondition.NotReflected) => rest.IsSeen(symbol),
            _ => false,
        };

        private bool IsNotMapped(IMethodSymbol method) => Uses.Of(method) is null or DelegateUse.Called;

        private static Diagnostic Report(Location location, GuardPlace place, string guard) => Diagnostic.Create(Rules.Find(AuthMdRules.InertGuard), location, place.Message(guard));
    }
}
