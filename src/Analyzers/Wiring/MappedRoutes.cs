using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>What a compilation maps: read call by call, and held against the protocol's paths at its end.</summary>
internal sealed class MappedRoutes(Wiring wiring, RouteReader reader, ControllerRoutes controllers, ImmutableArray<ProtocolPath> paths)
{
    // A method that hands groups of its builder on to itself would go on for ever.
    private const int MostBuilders = 100;

    private readonly ConcurrentBag<EndpointPlace?> _protocol = [];
    private readonly ConcurrentBag<(EndpointPlace Place, string Pattern, ImmutableArray<string> Methods, IInvocationOperation Call)> _routes = [];
    private readonly ConcurrentBag<(EndpointPlace Place, IParameterSymbol To)> _handedOn = [];
    private readonly ConcurrentBag<EndpointPlace> _controllers = [];
    private readonly ConcurrentBag<(string Pattern, string Method, AttributeData Attribute)> _actions = [];

    private volatile bool _hasConventions;

    /// <summary>Notes where the routes of all controllers are changed.</summary>
    public void Read(IPropertyReferenceOperation reference)
    {
        if (controllers.IsConventions(reference.Property))
        {
            _hasConventions = true;
        }
    }

    /// <summary>Notes the routes of an action.</summary>
    public void Read(IMethodSymbol method)
    {
        foreach (var action in controllers.Of(method))
        {
            _actions.Add(action);
        }
    }

    /// <summary>Notes what a call maps, or hands on to map on.</summary>
    public void Read(IInvocationOperation call, ISymbol containing)
    {
        var method = call.TargetMethod;
        if (wiring.IsMap(method))
        {
            _protocol.Add(reader.PlaceOf(call, Operations.ReceiverOf(call), containing));
        }
        else if (reader.IsRoute(method))
        {
            // Where it is mapped is asked of few: of those whose pattern is the end of a protocol's path.
            if (RouteReader.PatternOf(call) is { } pattern
                && paths.Any(path => path.Path.TrimEnd('/').EndsWith(pattern, StringComparison.OrdinalIgnoreCase))
                && RouteReader.MethodsOf(call) is { } methods
                && reader.PlaceOf(call, Operations.ReceiverOf(call), containing) is { } place)
            {
                _routes.Add((place, pattern, methods, call));
            }
        }
        else if (reader.IsControllers(method))
        {
            if (reader.PlaceOf(call, Operations.ReceiverOf(call), containing) is { } place)
            {
                _controllers.Add(place);
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

    /// <summary>The routes that stand where the protocol has one.</summary>
    public IEnumerable<(Location Place, string Message)> Clashes()
    {
        // Mapped twice, in a group or on a condition: nobody knows where the protocol's paths are.
        if (_protocol.Count != 1 || _protocol.First() is not { Prefix: "" } protocol)
        {
            yield break;
        }

        var builders = Builders(protocol);
        foreach (var (place, pattern, methods, call) in _routes)
        {
            foreach (var prefix in PrefixesOf(place, builders))
            {
                if (MessageOf(RouteReader.Join(prefix, pattern), methods) is { } message)
                {
                    yield return (call.Arguments.First(argument => argument.Parameter?.Name == "pattern").Value.Syntax.GetLocation(), message);
                }
            }
        }

        if (_hasConventions || !_controllers.Any(place => PrefixesOf(place, builders).Contains("")))
        {
            yield break;
        }

        foreach (var (pattern, method, attribute) in _actions)
        {
            if (attribute.ApplicationSyntaxReference is { } syntax && MessageOf(pattern, [method]) is { } message)
            {
                yield return (syntax.SyntaxTree.GetLocation(syntax.Span), message);
            }
        }
    }

    private static IEnumerable<string> PrefixesOf(EndpointPlace place, List<(EndpointPlace Place, string Prefix)> builders) =>
        builders.Where(builder => IsOn(place, builder.Place)).Select(builder => RouteReader.Join(builder.Prefix, place.Prefix));

    // The app itself, and the parameters of methods that get it or a group of it.
    private List<(EndpointPlace Place, string Prefix)> Builders(EndpointPlace protocol)
    {
        var builders = new List<(EndpointPlace Place, string Prefix)> { (protocol, "") };
        for (var i = 0; i < builders.Count && i < MostBuilders; i++)
        {
            var (within, outer) = builders[i];
            foreach (var (place, to) in _handedOn.Where(handed => IsOn(handed.Place, within)))
            {
                var prefix = RouteReader.Join(outer, place.Prefix);
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

    private string? MessageOf(string pattern, ImmutableArray<string> methods)
    {
        if (paths.FirstOrDefault(path => string.Equals(path.Path.Trim('/'), pattern, StringComparison.OrdinalIgnoreCase)) is not { } path)
        {
            return null;
        }

        return methods.IsEmpty
            ? $"MapAgentAuth maps {path.Methods[0]} {path.Path}, so this handler never sees such a request. Choose another path"
            : methods.FirstOrDefault(path.Methods.Contains) is { } method
                ? $"MapAgentAuth maps {method} {path.Path} too, so ASP.NET Core finds two endpoints and answers 500. Choose another path"
                : null;
    }
}
