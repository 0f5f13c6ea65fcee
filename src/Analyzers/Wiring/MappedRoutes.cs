using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>What a compilation maps: read call by call, and held against the protocol's paths at its end.</summary>
internal sealed class MappedRoutes(Wiring wiring, RouteReader reader, ControllerRoutes controllers, ImmutableArray<ProtocolPath> paths)
{
    // A method that hands groups of its builder on to itself would go on for ever.
    private const int MostBuilders = 1_000;

    private readonly ConcurrentBag<EndpointPlace?> _protocol = [];
    private readonly ConcurrentBag<(IInvocationOperation Call, string Pattern, ImmutableArray<string> Methods, ISymbol Containing)> _routes = [];
    private readonly ConcurrentBag<(IInvocationOperation Call, IArgumentOperation Argument, ISymbol Containing)> _handedOn = [];
    private readonly ConcurrentBag<EndpointPlace> _controllers = [];
    private readonly ConcurrentBag<(string Message, AttributeData Attribute)> _actions = [];

    private volatile bool _hasConventions;
    private volatile bool _endsAsOurs;

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
        foreach (var (pattern, verb, attribute) in controllers.Of(method))
        {
            if (MessageOf(pattern, [verb]) is { } message)
            {
                _actions.Add((message, attribute));
            }
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
            if (RouteReader.PatternOf(call) is { } pattern && IsEndOfOurs(pattern) && RouteReader.MethodsOf(call) is { } methods)
            {
                if (pattern.Length > 0)
                {
                    _endsAsOurs = true;
                }

                _routes.Add((call, pattern, methods, containing));
            }
        }
        else if (reader.IsGroup(method))
        {
            if (RouteReader.PatternOf(call) is { Length: > 0 } prefix && IsEndOfOurs(prefix))
            {
                _endsAsOurs = true;
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
                // Where that is, is asked at the end, when there is a route to place.
                _handedOn.Add((call, argument, containing));
            }
        }
    }

    private bool IsEndOfOurs(string pattern) => paths.Any(path => path.Path.TrimEnd('/').EndsWith(pattern, StringComparison.OrdinalIgnoreCase));

    /// <summary>The routes that stand where the protocol has one.</summary>
    public IEnumerable<(Location Place, string Message)> Clashes()
    {
        // Hardly any app has a route that ends as one of the protocol's does. Then nothing is followed.
        if (!_endsAsOurs && _actions.IsEmpty)
        {
            yield break;
        }

        // Mapped twice, in a group or on a condition: nobody knows where the protocol's paths are.
        if (_protocol.Count != 1 || _protocol.First() is not { Prefix: "" } protocol)
        {
            yield break;
        }

        var builders = Builders(protocol);
        foreach (var (call, pattern, methods, containing) in _routes)
        {
            foreach (var prefix in reader.PlaceOf(call, Operations.ReceiverOf(call), containing) is { } place ? PrefixesOf(place, builders) : [])
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

        foreach (var (message, attribute) in _actions)
        {
            if (attribute.ApplicationSyntaxReference is { } syntax)
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
        var known = new Dictionary<ISymbol, HashSet<string>>(SymbolEqualityComparer.Default);
        var handedOn = _handedOn
            .Select(handed => (Place: reader.PlaceOf(handed.Call, handed.Argument.Value, handed.Containing), To: handed.Argument.Parameter?.OriginalDefinition))
            .Where(handed => handed is { Place: not null, To: not null })
            .ToLookup(handed => handed.Place!.Builder, handed => (Place: handed.Place!, To: handed.To!), SymbolEqualityComparer.Default);
        for (var i = 0; i < builders.Count && i < MostBuilders; i++)
        {
            var (within, outer) = builders[i];
            foreach (var (place, to) in handedOn[within.Builder].Where(handed => IsOn(handed.Place, within)))
            {
                var prefix = RouteReader.Join(outer, place.Prefix);
                if (!known.TryGetValue(to, out var prefixes))
                {
                    known[to] = prefixes = new HashSet<string>(StringComparer.Ordinal);
                }

                if (prefixes.Add(prefix))
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
