using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Whether an endpoint says what agents may do.</summary>
internal enum Coverage
{
    /// <summary>It does, whatever way is taken to it.</summary>
    Annotated,

    /// <summary>It does not.</summary>
    Missing,

    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>It can be told only when the whole compilation was read.</summary>
    Later,
}

/// <summary>One way to an endpoint: all that is certainly said on it, the nearest first, and how far away.</summary>
/// <param name="Said">What is said; distance 0 is the endpoint itself.</param>
/// <param name="Prefix">The route up to here, as far as it is constant.</param>
/// <param name="Coverage">What follows from that.</param>
/// <param name="IsCertain">False when the endpoint may never be mapped this way.</param>
internal sealed record EndpointPath(ImmutableArray<(int Distance, Annotation Annotation)> Said, string? Prefix, Coverage Coverage, bool IsCertain);

/// <summary>
/// Puts facts together. Builders are followed from where they are used to where they were made: through parameters to every caller, through
/// results into the called method, through members to what was assigned. What is said about a builder counts for where it was made. With the
/// facts of one function only, what leads out of it is told later.
/// </summary>
internal sealed class EndpointSolver
{
    private const int Deepest = 12;
    private const int MostPaths = 200;

    private readonly EndpointFacts _facts;
    private readonly EndpointTypes _types;
    private readonly bool _isWhole;
    private readonly Dictionary<SyntaxNode, EndpointSite> _sites;
    private readonly Dictionary<SyntaxNode, SourceCall> _calls;
    private readonly ILookup<ISymbol, SourceCall> _callsOf;
    private readonly ILookup<ISymbol, BuilderValue> _returns;
    private readonly ILookup<ISymbol, BuilderValue> _members;
    private readonly HashSet<ISymbol> _delegates;
    private readonly ILookup<EndpointSite, Heard> _heard;

    public EndpointSolver(EndpointFacts facts, EndpointTypes types, bool isWhole)
    {
        (_facts, _types, _isWhole) = (facts, types, isWhole);
        _sites = First(facts.Sites, site => site.Call);
        _calls = First(facts.Calls, call => call.Syntax);
        _callsOf = facts.Calls.ToLookup(call => (ISymbol)call.Method, SymbolEqualityComparer.Default);
        _returns = facts.Returns.ToLookup(fact => (ISymbol)fact.Method, fact => fact.Value, SymbolEqualityComparer.Default);
        _members = facts.Members.ToLookup(fact => fact.Member, fact => fact.Value, SymbolEqualityComparer.Default);
        _delegates = new HashSet<ISymbol>(facts.Delegates, SymbolEqualityComparer.Default);
        _heard = Hear();
    }

    /// <summary>Every way to an endpoint or to the controllers and pages.</summary>
    public ImmutableArray<EndpointPath> PathsOf(EndpointSite site)
    {
        var paths = ImmutableArray.CreateBuilder<EndpointPath>();
        foreach (var context in ContextsOf(site))
        {
            paths.AddRange(Paths(site, context, 0));
        }

        return paths.ToImmutable();
    }

    /// <summary>What all ways together say.</summary>
    public static Coverage Together(IReadOnlyCollection<EndpointPath> paths) =>
        paths.Any(path => path is { Coverage: Coverage.Missing, IsCertain: true }) ? Coverage.Missing
        : paths.Any(path => path.Coverage == Coverage.Later) ? Coverage.Later
        : paths.All(path => path.Coverage == Coverage.Annotated) ? Coverage.Annotated
        : paths.All(path => path.Coverage == Coverage.Missing) ? Coverage.Missing
        : Coverage.Unknown;

    private static Dictionary<SyntaxNode, T> First<T>(IEnumerable<T> items, Func<T, SyntaxNode> key)
    {
        var found = new Dictionary<SyntaxNode, T>();
        foreach (var item in items)
        {
            found[key(item)] = item;
        }

        return found;
    }

    // A call of an interface's method, or of a virtual one, may be a call of each implementation.
    private IEnumerable<SourceCall> CallersOf(IMethodSymbol method)
    {
        var callers = _callsOf[method];
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            callers = callers.Concat(_callsOf[overridden.OriginalDefinition]);
        }

        return callers.Concat(ImplementedBy(method).SelectMany(member => _callsOf[member.OriginalDefinition]));
    }

    private static IEnumerable<ISymbol> ImplementedBy(IMethodSymbol method) => method.ContainingType is null ? [] :
        method.ContainingType.AllInterfaces
            .SelectMany(type => type.GetMembers().OfType<IMethodSymbol>())
            .Where(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member)?.OriginalDefinition, method));

    /// <summary>Whether every caller is in the compilation.</summary>
    private bool KnowsCallersOf(IMethodSymbol method)
    {
        if (_delegates.Contains(method))
        {
            return false;
        }

        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return true;
        }

        var isOthers = ImplementedBy(method).Concat(Overridden(method)).Any(member => !SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, _types.Compilation.Assembly));
        return !isOthers && (_types.IsApplication || !IsVisible(method));
    }

    private static IEnumerable<ISymbol> Overridden(IMethodSymbol method)
    {
        for (var current = method.OverriddenMethod; current is not null; current = current.OverriddenMethod)
        {
            yield return current;
        }
    }

    private static bool IsVisible(ISymbol symbol)
    {
        for (var current = symbol; current is not null and not INamespaceSymbol; current = current.ContainingSymbol)
        {
            if (current.DeclaredAccessibility is Accessibility.Private or Accessibility.Internal or Accessibility.ProtectedAndInternal)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The calls through which an endpoint is handed out of the function that maps it, the innermost first: <c>MapTickets(app).RequireAgentScope(…)</c>
    /// makes one endpoint for each call. A null at the end: it goes where nobody can follow.
    /// </summary>
    private IEnumerable<CallPath> ContextsOf(EndpointSite site) => ContextsOf(site.Function, [.. GroupsAround(site).Select(around => around.Call)], CallPath.Empty, 0);

    // A group that is handed out can be annotated there, and its endpoints with it.
    private IEnumerable<EndpointSite> GroupsAround(EndpointSite site)
    {
        var around = site;
        for (var depth = 0; depth < Deepest && around is not null; depth++)
        {
            yield return around;
            around = around.Parent is BuilderValue.Made { Call: var call } && _sites.TryGetValue(call, out var parent) ? parent : null;
        }
    }

    private IEnumerable<CallPath> ContextsOf(IMethodSymbol? function, ImmutableArray<SyntaxNode> made, CallPath context, int depth)
    {
        var isReturned = function is not null && _returns[function].Any(value => made.Any(call => Reaches(value, call)));
        if (!isReturned || depth > 3)
        {
            yield return context;
            yield break;
        }

        var callers = CallersOf(function!).ToList();
        if (!_isWhole && function!.MethodKind != MethodKind.LocalFunction)
        {
            yield return context.EndingSomewhere(Coverage.Later);
            yield break;
        }

        if (callers.Count == 0 || !KnowsCallersOf(function!))
        {
            yield return context.EndingSomewhere(Coverage.Unknown);
        }

        foreach (var caller in callers)
        {
            foreach (var outer in ContextsOf(caller.Function, [caller.Syntax], context.Add(caller), depth + 1))
            {
                yield return outer;
            }
        }
    }

    // Whether a value is, or may be, what was made by a call; conventions of the same compilation are looked through.
    private bool Reaches(BuilderValue value, SyntaxNode made, int depth = 0) => depth < Deepest && value switch
    {
        BuilderValue.Made site => site.Call == made,
        BuilderValue.Result result => result.Call == made
            || (_calls.TryGetValue(result.Call, out var call) && call.Arguments.Values.Any(argument => Reaches(argument, made, depth + 1))),
        BuilderValue.OneOf several => several.Values.Any(one => Reaches(one, made, depth + 1)),
        _ => false,
    };

    private IEnumerable<EndpointPath> Paths(EndpointSite site, CallPath context, int distance)
    {
        var (said, open) = SaidOf(site, context);
        var here = said.Select(annotation => (distance, annotation)).ToImmutableArray();
        if (distance > Deepest)
        {
            yield return new([], null, Coverage.Unknown, true);
            yield break;
        }

        var count = 0;
        foreach (var source in Sources(site.Parent, context, null, false, true, 0))
        {
            if (++count > MostPaths)
            {
                yield return new([], null, Coverage.Unknown, true);
                yield break;
            }

            IEnumerable<EndpointPath> above = source.Site is { } parent
                ? Paths(parent, source.Context, distance + 1)
                : [new([], "", source.IsRoot ? Coverage.Missing : source.IsLater ? Coverage.Later : Coverage.Unknown, true)];
            foreach (var path in above)
            {
                var all = here.AddRange(path.Said);
                var coverage = !all.IsEmpty ? Coverage.Annotated
                    : open is { } why ? Worse(why, path.Coverage)
                    : path.Coverage;
                var prefix = path.Prefix is null || (site.Route is null && site.Kind == BuilderCall.Group) ? null : RouteReader.Join(path.Prefix, site.Route);
                yield return new(all, prefix, coverage, path.IsCertain && source.IsCertain);
            }
        }
    }

    // Something that may be said makes what is missing unknown.
    private static Coverage Worse(Coverage open, Coverage above) =>
        open == Coverage.Annotated || above != Coverage.Later ? open : above;

    private (IEnumerable<Annotation> Said, Coverage? Open) SaidOf(EndpointSite site, CallPath context)
    {
        var heard = _heard[site].Where(saying => saying.Context.IsStartOf(context)).ToList();
        var said = site.Own.Said.Concat(heard.Where(saying => saying.IsCertain).SelectMany(saying => saying.Saying.Said));
        var later = heard.Any(saying => saying.IsLater) || context.End == Coverage.Later;
        var isOpen = site.Own.MayBeMore || context.End == Coverage.Unknown
            || heard.Any(saying => saying.Saying.MayBeMore || (!saying.IsCertain && !saying.Saying.Said.IsEmpty));
        var ways = heard.Where(saying => !saying.Saying.Said.IsEmpty).Select(saying => saying.Branches).OfType<ImmutableArray<SyntaxNode>>().ToList();
        return (said, Branches.AddUp(ways) ? Coverage.Annotated : later ? Coverage.Later : isOpen ? Coverage.Unknown : null);
    }

    /// <summary>What is said, by the sites it is said about.</summary>
    private ILookup<EndpointSite, Heard> Hear()
    {
        var heard = new List<(EndpointSite Site, Heard Heard)>();
        foreach (var saying in _facts.Sayings.Where(saying => !saying.Saying.IsSilent))
        {
            foreach (var source in Sources(saying.Target, CallPath.Empty, saying.Where, true, true, 0))
            {
                if (source.Site is { } site)
                {
                    heard.Add((site, new(saying.Saying, source.Context, source.IsCertain, false) { Branches = source.Branches }));
                    if (site.Kind == BuilderCall.Neutral)
                    {
                        // A library made it of another builder, and may mean that one.
                        heard.AddRange(Sources(site.Parent, source.Context, null, false, true, 0)
                            .Where(parent => parent.Site is not null)
                            .Select(parent => (parent.Site!, new Heard(saying.Saying, parent.Context, false, false))));
                    }
                }
            }
        }

        // Handed to a method of the compilation: when only one function was read, what happens there is told later.
        foreach (var call in _isWhole ? [] : _facts.Calls)
        {
            foreach (var source in call.Arguments.Values.SelectMany(argument => Sources(argument, CallPath.Empty, null, false, true, 0)))
            {
                if (source.Site is { } site)
                {
                    heard.Add((site, new(Saying.Nothing, source.Context, false, true)));
                }
            }
        }

        return heard.ToLookup(item => item.Site, item => item.Heard);
    }

    /// <summary>Where a builder was made.</summary>
    /// <param name="value">What stands for it.</param>
    /// <param name="context">The calls through which the function that it stands in was entered.</param>
    /// <param name="where">Where something is said about it; null when nothing is, or when that is certain for whatever lies beyond.</param>
    /// <param name="tracks">Whether certainty is wanted of what is said.</param>
    /// <param name="isCertain">Whether it was up to here.</param>
    /// <param name="depth">How many steps were taken.</param>
    private IEnumerable<Source> Sources(BuilderValue value, CallPath context, Where? where, bool tracks, bool isCertain, int depth)
    {
        if (depth > Deepest)
        {
            return [Source.Unknown];
        }

        switch (value)
        {
            case BuilderValue.Root:
                return [Source.Root(isCertain)];
            case BuilderValue.Made made when _sites.TryGetValue(made.Call, out var site):
                return [SourceAt(site, context, where, isCertain)];
            case BuilderValue.OneOf several:
                return several.Values.SelectMany(one => Sources(one, context, where, tracks, false, depth + 1));
            case BuilderValue.Result result when _calls.TryGetValue(result.Call, out var call):
                return SourcesOfResult(call, context, where, tracks, isCertain, depth);
            case BuilderValue.Parameter parameter:
                return SourcesOfParameter(parameter, context, where, tracks, isCertain, depth);
            case BuilderValue.Member member:
                return SourcesOfMember(member, tracks, isCertain, depth);
            case BuilderValue.Result when !_isWhole:
                return [Source.Later];
            default:
                return [Source.Unknown];
        }
    }

    private static Source SourceAt(EndpointSite site, CallPath context, Where? where, bool isCertain)
    {
        var branches = where is null ? [] : where.BranchesSince(site.Where);
        return new(site, context, isCertain && branches is { IsEmpty: true }) { Branches = isCertain ? branches : null };
    }

    private IEnumerable<Source> SourcesOfResult(SourceCall call, CallPath context, Where? where, bool tracks, bool isCertain, int depth)
    {
        if (!_isWhole && call.Method.MethodKind != MethodKind.LocalFunction)
        {
            return [Source.Later];
        }

        var returned = _returns[call.Method].ToList();
        if (returned.Count == 0 || call.Method.IsAbstract || call.Method.IsVirtual)
        {
            return [Source.Unknown];
        }

        var holds = isCertain && (where is null || where.FollowsFrom(call.Where)) && returned.Count == 1;
        return returned.SelectMany(value => Sources(value, context.Push(call), null, tracks, holds, depth + 1));
    }

    private IEnumerable<Source> SourcesOfParameter(BuilderValue.Parameter parameter, CallPath context, Where? where, bool tracks, bool isCertain, int depth)
    {
        var holds = isCertain && (where is null || where.FollowsFromCall);
        if (context.Find(parameter.Method) is { } entered)
        {
            return SourcesOfArgument(entered.Call, parameter.Ordinal, entered.Before, tracks, holds, depth);
        }

        if (!_isWhole && parameter.Method.MethodKind != MethodKind.LocalFunction)
        {
            return [Source.Later];
        }

        // Of several calls of an interface's method nobody knows which runs this one.
        var callers = CallersOf(parameter.Method).ToList();
        var isOneOf = callers.Count > 1 && callers.Any(call => !SymbolEqualityComparer.Default.Equals(call.Method, parameter.Method));
        var sources = callers.SelectMany(call => SourcesOfArgument(call, parameter.Ordinal, CallPath.Empty, tracks, holds && !isOneOf, depth));
        return callers.Count > 0 && KnowsCallersOf(parameter.Method) ? sources : sources.Append(Source.Unknown);
    }

    private IEnumerable<Source> SourcesOfArgument(SourceCall call, int ordinal, CallPath context, bool tracks, bool holds, int depth) =>
        call.Arguments.TryGetValue(ordinal, out var argument)
            ? Sources(argument, context, tracks ? call.Where : null, tracks, holds, depth + 1)
            : [Source.Unknown];

    private IEnumerable<Source> SourcesOfMember(BuilderValue.Member member, bool tracks, bool isCertain, int depth)
    {
        if (!_isWhole)
        {
            return [Source.Later];
        }

        var values = _members[member.Symbol].Concat(member.Symbol is IPropertySymbol { GetMethod: { } getter } ? _returns[getter] : []).ToList();
        if (values.Count == 0)
        {
            return [Source.Unknown];
        }

        // When a member is set and when it is read is not followed, so what is said about it may be said of another value.
        var sources = values.SelectMany(value => Sources(value, CallPath.Empty, null, tracks, isCertain && !tracks && values.Count == 1, depth + 1));
        return _types.IsApplication || !IsVisible(member.Symbol) ? sources : sources.Append(Source.Unknown);
    }

    private sealed record Heard(Saying Saying, CallPath Context, bool IsCertain, bool IsLater)
    {
        /// <summary>The branches in which it is said; null when more than branches is in the way.</summary>
        public ImmutableArray<SyntaxNode>? Branches { get; init; }
    }

    /// <summary>A place where a builder was made; without a site the app itself, or nobody knows.</summary>
    private sealed record Source(EndpointSite? Site, CallPath Context, bool IsCertain)
    {
        public bool IsRoot { get; private init; }

        public bool IsLater { get; private init; }

        /// <summary>The branches that lead from where it was made to where something is said of it.</summary>
        public ImmutableArray<SyntaxNode>? Branches { get; init; }

        public static Source Unknown { get; } = new(null, CallPath.Empty, true);

        public static Source Later { get; } = new(null, CallPath.Empty, true) { IsLater = true };

        public static Source Root(bool isCertain) => new(null, CallPath.Empty, isCertain) { IsRoot = true };
    }
}
