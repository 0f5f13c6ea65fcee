using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>An endpoint as problems speak of it.</summary>
/// <param name="Place">Where its name stands.</param>
/// <param name="Name">What it is called in a sentence.</param>
/// <param name="Verbs">HTTP methods; empty when any, or not known.</param>
/// <param name="Route">The route; null when it is not known.</param>
/// <param name="TakesAttributes">True when it is annotated by attributes, false when by calls.</param>
/// <param name="IsAlone">False when what stands at the place is more than this endpoint, so that a word there would be about others too.</param>
internal sealed record NamedEndpoint(Location Place, string Name, ImmutableArray<string> Verbs, string? Route, bool TakesAttributes, bool IsAlone = true);

/// <summary>Turns what was found out about an endpoint into diagnostics, each once.</summary>
internal sealed class EndpointReport(DeclaredScopes scopes)
{
    private const int MostNames = 4;

    private readonly ConcurrentDictionary<(string Message, Location Place), byte> _reported = new();
    private readonly ConcurrentBag<Location> _unproven = [];

    /// <summary>Reports on an endpoint, given every way to it.</summary>
    public void Add(NamedEndpoint endpoint, IReadOnlyCollection<EndpointPath> paths, Action<Diagnostic> report)
    {
        var coverage = EndpointSolver.Together(paths);
        if (coverage == Coverage.Missing)
        {
            var ranked = ScopeRanking.Rank(scopes.All, endpoint.Verbs, endpoint.Route).ToList();
            var likeliest = ranked.Where(item => !Writes(endpoint) || !ScopeVerbs.IsReading(item.Scope.Name.Value)).Select(item => item.Member).FirstOrDefault();
            Report(
                AuthMdRules.UnannotatedEndpoint, endpoint, Unannotated(endpoint, likeliest), report,
                endpoint.IsAlone ? FixProperties.Candidates : null, string.Join(" ", ranked.Select(item => item.Member)));
        }
        else if (coverage == Coverage.Unknown)
        {
            Report(
                AuthMdRules.UnprovenEndpoint,
                endpoint,
                $"Whether {endpoint.Name} says what agents may do there cannot be proved: what it is mapped on, or what is done with it, is not followed here. The check at start decides (AgentAuth:RequireScopes)",
                report);
        }

        foreach (var path in paths.Where(path => path is { Coverage: Coverage.Annotated, IsCertain: true }))
        {
            if (Contradictions.Find(path.Said) is { } contradiction)
            {
                Report(AuthMdRules.ContradictingAnnotations, endpoint, Capital($"{endpoint.Name} {contradiction}"), report);
            }
            else if (UnclaimedWrite(endpoint, path) is { } write)
            {
                Report(AuthMdRules.UnclaimedWrite, endpoint, Capital(write), report);
            }
        }
    }

    /// <summary>Reports where a method contradicts what holds for it: itself, its class, or what is said where that is mapped.</summary>
    /// <param name="place">Where its name stands.</param>
    /// <param name="name">What it is called in a sentence.</param>
    /// <param name="paths">Every way to it.</param>
    /// <param name="above">The same without what the method says: what is wrong there is reported there.</param>
    /// <param name="report">Where to.</param>
    public void AddMember(Location place, string name, IEnumerable<EndpointPath> paths, IEnumerable<EndpointPath> above, Action<Diagnostic> report)
    {
        foreach (var (path, without) in paths.Zip(above, (path, without) => (path, without)))
        {
            if (path.IsCertain && Contradictions.Find(without.Said) is null && Contradictions.Find(path.Said) is { } contradiction)
            {
                Report(AuthMdRules.ContradictingAnnotations, new(place, name, [], null, TakesAttributes: true), Capital($"{name} {contradiction}"), report);
            }
        }
    }

    /// <summary>
    /// Reports, once for the compilation and when everything else was, how many places the check at start alone will judge. Information: most of
    /// them say what agents may do, where nobody sees it from here.
    /// </summary>
    /// <param name="elsewhere">The calls by which other assemblies map.</param>
    /// <param name="report">Where to.</param>
    public void AddLeftToTheStart(IReadOnlyCollection<EndpointSite> elsewhere, Action<Diagnostic> report)
    {
        List<Location> places = [.. _unproven.Concat(elsewhere.Select(site => site.Place))
            .OrderBy(place => place.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(place => place.SourceSpan.Start)];
        if (places.Count == 0)
        {
            return;
        }

        var parts = new List<string>();
        if (elsewhere.Count > 0)
        {
            var names = elsewhere.Select(site => site.Method).Distinct().OrderBy(name => name, StringComparer.Ordinal).ToList();
            parts.Add($"{Counted(elsewhere.Count, "call")} by which another assembly maps endpoints ({string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? ", …" : "")})");
        }

        if (!_unproven.IsEmpty)
        {
            parts.Add($"{Counted(_unproven.Count, "endpoint")} whose builder is not followed (AUTHMD2003 shows each)");
        }

        report(Diagnostic.Create(
            Rules.Find(AuthMdRules.LeftToTheStart),
            places[0],
            places.Skip(1),
            $"Whether agents may come is judged only by the check at start at {Counted(places.Count, "place")}: {string.Join("; ", parts)}. Set AgentAuth:RequireScopes to Fail, and the service does not start with an endpoint there that says nothing"));
    }

    private static string Counted(int count, string what) => count == 1 ? "1 " + what : $"{count} {what}s";

    private static bool Writes(NamedEndpoint endpoint) => endpoint.Verbs.Any(verb => verb is "POST" or "PUT" or "PATCH" or "DELETE");

    // For what writes, no scope that is for reading is proposed.
    private static string Unannotated(NamedEndpoint endpoint, string? likeliest)
    {
        var scope = likeliest is null ? "…" : "AgentScopes." + likeliest;
        return Capital($"{endpoint.Name} does not say whether agents may use it, so every agent gets 403 there. Add ")
            + (endpoint.TakesAttributes
                ? $"[AgentScope({scope})], [UserOrAgentScope({scope})], [DenyAgents] or [AllowAnonymous]"
                : $"RequireAgentScope({scope}), RequireUserOrAgentScope({scope}), DenyAgents() or AllowAnonymous()");
    }

    private string? UnclaimedWrite(NamedEndpoint endpoint, EndpointPath path)
    {
        var asked = path.Said.Where(item => item.Annotation.AsksForScopes).SelectMany(item => item.Annotation.Scopes).ToList();
        return Writes(endpoint) && asked.Count > 0 && path.Said.All(item => item.Annotation.AsksForScopes) && asked.All(scope => scope is not null && scopes.IsHeldUnclaimed(scope))
            ? $"{endpoint.Name} asks only for {string.Join(", ", asked.Distinct().Select(scope => $"'{scope}'"))}, which an agent holds before anybody claimed its registration. If only claimed agents may change things, ask for a post-claim scope"
            : null;
    }

    private void Report(string id, NamedEndpoint endpoint, string message, Action<Diagnostic> report, string? property = null, string? value = null)
    {
        if (_reported.TryAdd((id + message, endpoint.Place), 0))
        {
            if (id == AuthMdRules.UnprovenEndpoint)
            {
                _unproven.Add(endpoint.Place);
            }

            var properties = property is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(property, value);
            report(Diagnostic.Create(Rules.Find(id), endpoint.Place, properties, message));
        }
    }

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence.Substring(1);
}
