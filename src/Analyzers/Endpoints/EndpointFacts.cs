using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>A call that makes a builder: of an endpoint, of a group, or of something below another builder.</summary>
internal sealed class EndpointSite(SyntaxNode call, BuilderCall kind, BuilderValue parent, Where where)
{
    public SyntaxNode Call { get; } = call;

    public BuilderCall Kind { get; } = kind;

    /// <summary>What it was made on.</summary>
    public BuilderValue Parent { get; } = parent;

    public Where Where { get; } = where;

    /// <summary>The function that it stands in; null for an initializer or a lambda.</summary>
    public IMethodSymbol? Function { get; init; }

    /// <summary>What the handler, hub or service says.</summary>
    public Saying Own { get; init; } = Saying.Nothing;

    /// <summary>The method or lambda that answers; null when it is not known, or not given.</summary>
    public IMethodSymbol? Handler { get; init; }

    /// <summary>The name of the called method, such as <c>MapGet</c>.</summary>
    public string Method { get; init; } = "";

    /// <summary>The name in the call, where problems are reported.</summary>
    public Location Place { get; init; } = Location.None;

    /// <summary>HTTP methods; empty when any, or not known.</summary>
    public ImmutableArray<string> Verbs { get; init; } = [];

    /// <summary>The route, or a group's prefix; null when it is not constant.</summary>
    public string? Route { get; init; }

    /// <summary>The gRPC service behind it.</summary>
    public ITypeSymbol? Service { get; init; }

    /// <summary>The hub behind it.</summary>
    public ITypeSymbol? Hub { get; init; }

    /// <summary>Whether problems can be reported about it.</summary>
    public bool IsEndpoint => Kind is BuilderCall.Endpoint or BuilderCall.ForeignEndpoint;
}

/// <summary>Something said about a builder.</summary>
internal sealed record BuilderSaying(BuilderValue Target, Saying Saying, Where Where);

/// <summary>A call that hands builders to a method of the same compilation.</summary>
/// <param name="Syntax">The call.</param>
/// <param name="Method">The called method.</param>
/// <param name="Arguments">The builders, by the ordinal of their parameter.</param>
/// <param name="Where">Where.</param>
/// <param name="Function">The function that it stands in; null for an initializer or a lambda.</param>
internal sealed record SourceCall(SyntaxNode Syntax, IMethodSymbol Method, ImmutableDictionary<int, BuilderValue> Arguments, Where Where, IMethodSymbol? Function);

/// <summary>Everything about builders that was read, of one function or of the whole compilation.</summary>
internal sealed class EndpointFacts
{
    public List<EndpointSite> Sites { get; } = [];

    /// <summary>Calls by which another assembly maps what it likes.</summary>
    public List<EndpointSite> Elsewhere { get; } = [];

    public List<BuilderSaying> Sayings { get; } = [];

    public List<SourceCall> Calls { get; } = [];

    public List<(IMethodSymbol Method, BuilderValue Value)> Returns { get; } = [];

    public List<(ISymbol Member, BuilderValue Value)> Members { get; } = [];

    /// <summary>Methods that are used as delegates, so that who calls them is not known.</summary>
    public List<IMethodSymbol> Delegates { get; } = [];

    /// <summary>True when code adds metadata to controllers, actions or pages in a way of its own.</summary>
    public bool ModelsMayAnnotate { get; set; }

    /// <summary>Conventions that open pages by their path.</summary>
    public List<PageConvention> OpenPages { get; } = [];

    public bool IsEmpty =>
        Sites.Count + Elsewhere.Count + Sayings.Count + Calls.Count + Returns.Count + Members.Count + Delegates.Count + OpenPages.Count == 0 && !ModelsMayAnnotate;

    /// <summary>Whether a site is, at a glance, mapped on what its function was given, so that one function cannot tell about it.</summary>
    public bool LeadsOut(EndpointSite site)
    {
        for (var current = site; current is not null;)
        {
            switch (current.Parent)
            {
                case BuilderValue.Parameter { Method.MethodKind: not MethodKind.LocalFunction } or BuilderValue.Member:
                    return true;
                case BuilderValue.Made { Call: var call }:
                    current = Sites.Find(made => made.Call == call);
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>Takes over what was read of one function. Many threads may do so at a time.</summary>
    public void Add(EndpointFacts other)
    {
        lock (Sites)
        {
            Sites.AddRange(other.Sites);
            Elsewhere.AddRange(other.Elsewhere);
            Sayings.AddRange(other.Sayings);
            Calls.AddRange(other.Calls);
            Returns.AddRange(other.Returns);
            Members.AddRange(other.Members);
            Delegates.AddRange(other.Delegates);
            ModelsMayAnnotate |= other.ModelsMayAnnotate;
            OpenPages.AddRange(other.OpenPages);
        }
    }
}
