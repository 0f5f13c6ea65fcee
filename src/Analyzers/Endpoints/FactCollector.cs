using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Reads one function: what it maps, what it says about that, and what it hands to others.</summary>
internal sealed class FactCollector(EndpointTypes types, BuilderCalls calls, AnnotationReader annotations, HandlerReader handlers)
{
    private readonly BuilderReader _reader = new(types, calls);

    public EndpointFacts Collect(IOperation block, ISymbol owner)
    {
        var facts = new EndpointFacts();
        var function = new FunctionReading(owner as IMethodSymbol);
        foreach (var operation in block.DescendantsAndSelf())
        {
            Read(operation, facts, function);
        }

        return facts;
    }

    // By kind first: most operations are of none of these, and a cast to an interface costs more than a comparison.
    private void Read(IOperation operation, EndpointFacts facts, FunctionReading function)
    {
        switch (operation.Kind)
        {
            case OperationKind.Invocation:
                ReadCall((IInvocationOperation)operation, facts, function);
                break;
            case OperationKind.ObjectCreation when operation is IObjectCreationOperation { Constructor: { } constructor } creation && creation.Arguments.Any(argument => IsBuilder(argument.Value)):
                ReadArguments(creation, constructor, creation.Arguments, receiver: null, IsSource(constructor), facts, function);
                break;
            case OperationKind.Return when operation is IReturnOperation { ReturnedValue: { } returned } && IsBuilder(returned):
                ReadReturn(operation, returned, facts, function);
                break;
            case OperationKind.SimpleAssignment or OperationKind.CoalesceAssignment when operation is IAssignmentOperation assignment && IsBuilder(assignment.Value):
                ReadAssignment(assignment.Target, assignment.Value, facts, function);
                break;
            case OperationKind.FieldInitializer when operation is IFieldInitializerOperation initializer && IsBuilder(initializer.Value):
                facts.Members.AddRange(initializer.InitializedFields.Select(field => ((ISymbol)field, _reader.Read(initializer.Value))));
                break;
            case OperationKind.PropertyInitializer when operation is IPropertyInitializerOperation initializer && IsBuilder(initializer.Value):
                facts.Members.AddRange(initializer.InitializedProperties.Select(property => ((ISymbol)property, _reader.Read(initializer.Value))));
                break;
            case OperationKind.ArrayInitializer:
                Escape(((IArrayInitializerOperation)operation).ElementValues, facts, function);
                break;
            case OperationKind.CollectionExpression:
                Escape(((ICollectionExpressionOperation)operation).Elements, facts, function);
                break;
            case OperationKind.Invalid:
                // RequireAgentScope(AgentScopes.Gone): what does not compile may well say something.
                Escape(operation.ChildOperations, facts, function);
                break;
            case OperationKind.Tuple:
                Escape(((ITupleOperation)operation).Elements, facts, function);
                break;
            case OperationKind.PropertyReference when ((IPropertyReferenceOperation)operation).Property is { Name: "EndpointMetadata" } property && !IsOurs(property) && IsChanged(operation):
                facts.ModelsMayAnnotate = true;
                break;
            case OperationKind.MethodReference when ((IMethodReferenceOperation)operation).Method is var method && method.Parameters.Any(parameter => types.IsBuilder(parameter.Type)):
                facts.Delegates.Add(BuilderReader.Definition(method));
                break;
        }
    }

    // Reading it, as documentation generators do, adds nothing.
    private static bool IsChanged(IOperation list) => list.Parent switch
    {
        IInvocationOperation call => call.Instance == list && call.TargetMethod.Name is "Add" or "AddRange" or "Insert",
        IArgumentOperation { Parent: IInvocationOperation call } => !call.TargetMethod.ContainingNamespace.ToDisplayString().StartsWith("System.Linq", StringComparison.Ordinal),
        IAssignmentOperation assignment => assignment.Target == list,
        IVariableInitializerOperation => true,
        _ => false,
    };

    private void ReadReturn(IOperation statement, IOperation returned, EndpointFacts facts, FunctionReading function)
    {
        if (function.Of(statement) is { } method)
        {
            facts.Returns.Add((method, _reader.Read(returned)));
        }
        else
        {
            Escape(returned, facts, function);
        }
    }

    private bool IsBuilder(IOperation value) => types.IsBuilder(Operations.Unwrapped(value).Type);

    private bool IsSource(IMethodSymbol method) => calls.Classify(method) == BuilderCall.Source;

    private void ReadCall(IInvocationOperation call, EndpointFacts facts, FunctionReading function)
    {
        if (call.TargetMethod is { ContainingType.Name: "PageConventionCollectionExtensions", Name: var name } && name.StartsWith("AllowAnonymous", StringComparison.Ordinal))
        {
            facts.OpenPages.Add(new(name, call.Arguments.LastOrDefault()?.Value.ConstantValue is { HasValue: true, Value: string path } ? path : null));
        }

        var receiver = BuilderReader.ReceiverOf(call);
        var isOnBuilder = receiver is not null && IsBuilder(receiver);
        if (!isOnBuilder && !call.Arguments.Any(argument => IsBuilder(argument.Value)))
        {
            return;
        }

        if (calls.MapsElsewhere(call.TargetMethod) && !IsAnnotated(call))
        {
            var given = isOnBuilder ? receiver! : call.Arguments.Select(argument => argument.Value).First(IsBuilder);
            facts.Elsewhere.Add(new(call.Syntax, BuilderCall.Foreign, _reader.Read(given), function.Place(call))
            {
                Function = function.Of(call),
                Own = Saying.Unknown,
                Method = call.TargetMethod.Name,
                Place = PlaceOf(call.Syntax),
            });
        }

        var kind = calls.Classify(call.TargetMethod);
        switch (kind)
        {
            case BuilderCall.Annotation when isOnBuilder:
                facts.Sayings.Add(new(_reader.Read(receiver!), OfConvention(call), function.Place(call)));
                break;
            case BuilderCall.Metadata when isOnBuilder:
                facts.Sayings.Add(new(_reader.Read(receiver!), OfMetadata(call), function.Place(call)));
                break;
            case BuilderCall.Endpoint or BuilderCall.ForeignEndpoint or BuilderCall.Controllers or BuilderCall.Pages or BuilderCall.Group when isOnBuilder:
                facts.Sites.Add(Site(call, kind, receiver!, function));
                break;
            case BuilderCall.Neutral when isOnBuilder:
                if (!types.IsRoot(call.Type) && _reader.MakesAnother(call, receiver!))
                {
                    facts.Sites.Add(new(call.Syntax, kind, _reader.Read(receiver!), function.Place(call)) { Function = function.Of(call) });
                }

                break;
            case BuilderCall.Source:
                ReadArguments(call, call.TargetMethod, call.Arguments, call.Instance, isSource: true, facts, function);
                break;
            case BuilderCall.Foreign when !ConventionLambda.IsSilent(call, annotations):
                ReadArguments(call, call.TargetMethod, call.Arguments, call.Instance, isSource: false, facts, function);
                break;
        }
    }

    // MapThings(app).RequireAgentScope("…"): what the other assembly mapped, it gave back.
    private bool IsAnnotated(IInvocationOperation call)
    {
        IOperation? parent = call.Parent;
        while (parent is IConversionOperation or IArgumentOperation)
        {
            parent = parent.Parent;
        }

        return types.IsBuilder(call.Type) && parent is IInvocationOperation next && BuilderReader.ReceiverOf(next) is { } receiver && Operations.Unwrapped(receiver) == call
            && (calls.Classify(next.TargetMethod) == BuilderCall.Annotation || IsAnnotated(next));
    }

    private static Saying OfConvention(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        "RequireAgentScope" => new([new(AnnotationKind.AgentScope, AnnotationReader.ScopesOf(call.Arguments))], false),
        "RequireUserOrAgentScope" => new([new(AnnotationKind.UserOrAgentScope, AnnotationReader.ScopesOf(call.Arguments))], false),
        "DenyAgents" => new([new(AnnotationKind.DenyAgents, [])], false),
        "AllowAnonymous" => new([new(AnnotationKind.AllowAnonymous, [])], false),
        _ => Saying.Unknown,
    };

    // WithMetadata(new X()), RequireAuthorization(new X()); the names and lambdas of policies say nothing about agents.
    private Saying OfMetadata(IInvocationOperation call) => call.Arguments
        .Where(argument => argument.Parameter is { IsParams: true, Type: IArrayTypeSymbol { ElementType.SpecialType: not SpecialType.System_String } })
        .SelectMany(argument => ScopeExpressions.Elements(argument.Value))
        .Aggregate(Saying.Nothing, (saying, item) => saying.And(annotations.OfObject(item)));

    private EndpointSite Site(IInvocationOperation call, BuilderCall kind, IOperation receiver, FunctionReading function)
    {
        var method = call.TargetMethod;
        var (own, handler) = handlers.Read(call, _reader);
        var typeArgument = method is { Name: "MapHub" or "MapGrpcService" or "MapConnectionHandler", TypeArguments: [var first] } ? first : null;
        return new(call.Syntax, kind, _reader.Read(receiver), function.Place(call))
        {
            Function = function.Of(call),
            Own = kind == BuilderCall.ForeignEndpoint ? Saying.Unknown
                : typeArgument is not null ? annotations.OfType(typeArgument)
                : own,
            Handler = handler,
            Method = method.Name,
            Place = PlaceOf(call.Syntax),
            Verbs = RouteReader.VerbsOf(call),
            Route = RouteReader.RouteOf(call),
            Service = method.Name == "MapGrpcService" ? typeArgument : null,
            Hub = method.Name == "MapHub" ? typeArgument : null,
        };
    }

    /// <summary>The method's name in a call.</summary>
    private static Location PlaceOf(SyntaxNode call) => call is InvocationExpressionSyntax invocation
        ? invocation.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name is GenericNameSyntax generic ? generic.Identifier.GetLocation() : access.Name.GetLocation(),
            MemberBindingExpressionSyntax binding => binding.Name.GetLocation(),
            var expression => expression.GetLocation(),
        }
        : call.GetLocation();

    private void ReadArguments(
        IOperation call, IMethodSymbol method, ImmutableArray<IArgumentOperation> arguments, IOperation? receiver, bool isSource, EndpointFacts facts, FunctionReading function)
    {
        if (!isSource)
        {
            Escape(arguments.Select(argument => argument.Value), facts, function);
            Escape(receiver is null ? [] : [receiver], facts, function);
            return;
        }

        var given = ImmutableDictionary.CreateBuilder<int, BuilderValue>();
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { } parameter && IsBuilder(argument.Value))
            {
                given[parameter.Ordinal] = _reader.Read(argument.Value);
                if (!types.IsBuilder(parameter.Type))
                {
                    Escape(argument.Value, facts, function);
                }
            }
        }

        facts.Calls.Add(new(call.Syntax, BuilderReader.Definition(method), given.ToImmutable(), function.Place(call), function.Of(call)));
    }

    private void ReadAssignment(IOperation target, IOperation value, EndpointFacts facts, FunctionReading function)
    {
        switch (target)
        {
            case ILocalReferenceOperation or IParameterReferenceOperation or IDiscardOperation:
                break;
            case IFieldReferenceOperation { Field: var field } when IsOurs(field):
                facts.Members.Add((field.OriginalDefinition, _reader.Read(value)));
                break;
            case IPropertyReferenceOperation { Property: { IsIndexer: false } property } when IsOurs(property):
                facts.Members.Add((property.OriginalDefinition, _reader.Read(value)));
                break;
            default:
                Escape(value, facts, function);
                break;
        }
    }

    private bool IsOurs(ISymbol member) => SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, types.Compilation.Assembly);

    private void Escape(IEnumerable<IOperation> values, EndpointFacts facts, FunctionReading function)
    {
        foreach (var value in values)
        {
            if (IsBuilder(value))
            {
                Escape(value, facts, function);
            }
        }
    }

    // Somebody else has it now, and may say something.
    private void Escape(IOperation value, EndpointFacts facts, FunctionReading function) =>
        facts.Sayings.Add(new(_reader.Read(value), Saying.Unknown, function.Place(value)));

    /// <summary>The functions inside one block, and their return statements.</summary>
    private sealed class FunctionReading(IMethodSymbol? owner)
    {
        private readonly Dictionary<IOperation, Lazy<ImmutableArray<TextSpan>>> _exits = [];

        public Where Place(IOperation operation) => Where.Of(operation, ExitsOf);

        /// <summary>The method or local function that an operation belongs to; null inside a lambda.</summary>
        public IMethodSymbol? Of(IOperation operation)
        {
            for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
            {
                switch (parent)
                {
                    case IAnonymousFunctionOperation:
                        return null;
                    case ILocalFunctionOperation local:
                        return BuilderReader.Definition(local.Symbol);
                }
            }

            return owner is null ? null : BuilderReader.Definition(owner);
        }

        private Lazy<ImmutableArray<TextSpan>> ExitsOf(IOperation function)
        {
            if (!_exits.TryGetValue(function, out var exits))
            {
                _exits[function] = exits = new(() => [.. Inside(function).OfType<IReturnOperation>().Where(r => r.Syntax is ReturnStatementSyntax).Select(r => r.Syntax.Span)]);
            }

            return exits;
        }

        private static IEnumerable<IOperation> Inside(IOperation function)
        {
            foreach (var child in function.ChildOperations)
            {
                if (child is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
                {
                    yield return child;
                    foreach (var inner in Inside(child))
                    {
                        yield return inner;
                    }
                }
            }
        }
    }
}
