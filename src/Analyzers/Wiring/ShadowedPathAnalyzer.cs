using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>AUTHMD3003: the app has no route where the protocol has one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ShadowedPathAnalyzer : DiagnosticAnalyzer
{
    // A method that hands groups of its builder on to itself would go on for ever.
    private const int MostBuilders = 100;

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Find(AuthMdRules.ShadowedPath)];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        if (Wiring.Of(context.Compilation, context.Options) is not { } wiring
            || wiring.File.GetText(context.CancellationToken) is not { } text
            || !context.TryGetValue(text, AuthMdFile.Parser, out var parsed))
        {
            return;
        }

        var found = new Mapped(wiring, new RouteReader(context.Compilation));
        context.RegisterOperationAction(operation => found.Read((IInvocationOperation)operation.Operation, operation.ContainingSymbol), OperationKind.Invocation);
        context.RegisterCompilationEndAction(end =>
        {
            foreach (var (place, message) in found.Clashes(ProtocolPaths.Of(parsed.Document)))
            {
                end.ReportDiagnostic(Diagnostic.Create(Rules.Find(AuthMdRules.ShadowedPath), place, message));
            }
        });
    }

    /// <summary>What the compilation maps.</summary>
    private sealed class Mapped(Wiring wiring, RouteReader reader)
    {
        private readonly ConcurrentBag<EndpointPlace?> _protocol = [];
        private readonly ConcurrentBag<(EndpointPlace Place, string Pattern, ImmutableArray<string> Methods, IInvocationOperation Call)> _routes = [];
        private readonly ConcurrentBag<(EndpointPlace Place, IParameterSymbol To)> _handedOn = [];

        public void Read(IInvocationOperation call, ISymbol containing)
        {
            var method = call.TargetMethod;
            if (wiring.IsMap(method))
            {
                _protocol.Add(reader.PlaceOf(call, Operations.ReceiverOf(call), containing));
            }
            else if (reader.IsRoute(method))
            {
                if (RouteReader.PatternOf(call) is { } pattern
                    && RouteReader.MethodsOf(call) is { } methods
                    && reader.PlaceOf(call, Operations.ReceiverOf(call), containing) is { } place)
                {
                    _routes.Add((place, pattern, methods, call));
                }
            }
            else if (method is { IsVirtual: false, IsAbstract: false, IsOverride: false } && !method.DeclaringSyntaxReferences.IsEmpty)
            {
                foreach (var argument in call.Arguments.Where(argument => reader.IsBuilder(Operations.Unwrapped(argument.Value).Type)))
                {
                    if (argument.Parameter is { } to && reader.PlaceOf(call, argument.Value, containing) is { } place)
                    {
                        _handedOn.Add((place, to.OriginalDefinition));
                    }
                }
            }
        }

        public IEnumerable<(Location Place, string Message)> Clashes(ImmutableArray<ProtocolPath> paths)
        {
            // Mapped twice, in a group or on a condition: nobody knows where the protocol's paths are.
            if (_protocol.Count != 1 || _protocol.First() is not { Prefix: "" } protocol)
            {
                yield break;
            }

            var builders = Builders(protocol);
            foreach (var (place, pattern, methods, call) in _routes)
            {
                foreach (var prefix in builders.Where(builder => IsOn(place, builder.Place)).Select(builder => builder.Prefix))
                {
                    var full = "/" + RouteReader.Join(RouteReader.Join(prefix, place.Prefix), pattern);
                    if (paths.FirstOrDefault(path => string.Equals(path.Path.TrimEnd('/'), full, StringComparison.OrdinalIgnoreCase)) is { } path
                        && MessageOf(path, methods) is { } message)
                    {
                        yield return (call.Arguments.First(argument => argument.Parameter?.Name == "pattern").Value.Syntax.GetLocation(), message);
                    }
                }
            }
        }

        // The app itself, and the parameters of methods that get it or a group of it.
        private List<(EndpointPlace Place, string Prefix)> Builders(EndpointPlace protocol)
        {
            var builders = new List<(EndpointPlace Place, string Prefix)> { (protocol, "") };
            for (var i = 0; i < builders.Count && i < MostBuilders; i++)
            {
                foreach (var (place, to) in _handedOn.Where(handed => IsOn(handed.Place, builders[i].Place)))
                {
                    var prefix = RouteReader.Join(builders[i].Prefix, place.Prefix);
                    if (!builders.Any(builder => SymbolEqualityComparer.Default.Equals(builder.Place.Builder, to) && builder.Prefix == prefix))
                    {
                        builders.Add((new EndpointPlace(to, "", 0), prefix));
                    }
                }
            }

            return builders;
        }

        // A method that may have returned in between maps the one and perhaps not the other.
        private static bool IsOn(EndpointPlace place, EndpointPlace builder) =>
            SymbolEqualityComparer.Default.Equals(place.Builder, builder.Builder) && place.MayReturnBefore == builder.MayReturnBefore;

        private static string? MessageOf(ProtocolPath path, ImmutableArray<string> methods) =>
            methods.IsEmpty
                ? $"MapAgentAuth maps {path.Methods[0]} {path.Path}, so this handler never sees such a request. Choose another path"
                : methods.FirstOrDefault(path.Methods.Contains) is { } method
                    ? $"MapAgentAuth maps {method} {path.Path} too, so ASP.NET Core finds two endpoints and answers 500. Choose another path"
                    : null;
    }
}
