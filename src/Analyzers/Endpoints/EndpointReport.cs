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
internal sealed record NamedEndpoint(Location Place, string Name, ImmutableArray<string> Verbs, string? Route, bool TakesAttributes);

/// <summary>Turns what was found out about an endpoint into diagnostics, each once.</summary>
internal sealed class EndpointReport(DeclaredScopes scopes)
{
    private readonly ConcurrentDictionary<(string Message, Location Place), byte> _reported = new();

    /// <summary>Reports on an endpoint, given every way to it.</summary>
    public void Add(NamedEndpoint endpoint, IReadOnlyCollection<EndpointPath> paths, Action<Diagnostic> report)
    {
        var coverage = EndpointSolver.Together(paths);
        if (coverage == Coverage.Missing)
        {
            var candidates = ScopeRanking.Rank(scopes.All, endpoint.Verbs, endpoint.Route).Select(item => item.Member).ToList();
            Report(AuthMdRules.UnannotatedEndpoint, endpoint, Unannotated(endpoint, candidates), report, FixProperties.Candidates, string.Join(" ", candidates));
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

    private static string Unannotated(NamedEndpoint endpoint, IEnumerable<string> candidates)
    {
        var scope = candidates.FirstOrDefault() is { } likeliest ? "AgentScopes." + likeliest : "…";
        return Capital($"{endpoint.Name} does not say whether agents may use it, so every agent gets 403 there. Add ")
            + (endpoint.TakesAttributes
                ? $"[AgentScope({scope})], [UserOrAgentScope({scope})], [DenyAgents] or [AllowAnonymous]"
                : $"RequireAgentScope({scope}), RequireUserOrAgentScope({scope}), DenyAgents() or AllowAnonymous()");
    }

    private string? UnclaimedWrite(NamedEndpoint endpoint, EndpointPath path)
    {
        var asked = path.Said.Where(item => item.Annotation.AsksForScopes).SelectMany(item => item.Annotation.Scopes).ToList();
        var writes = endpoint.Verbs.Any(verb => verb is "POST" or "PUT" or "PATCH" or "DELETE");
        return writes && asked.Count > 0 && path.Said.All(item => item.Annotation.AsksForScopes) && asked.All(scope => scope is not null && scopes.IsHeldUnclaimed(scope))
            ? $"{endpoint.Name} asks only for {string.Join(", ", asked.Distinct().Select(scope => $"'{scope}'"))}, which an agent holds before anybody claimed its registration. If only claimed agents may change things, ask for a post-claim scope"
            : null;
    }

    private void Report(string id, NamedEndpoint endpoint, string message, Action<Diagnostic> report, string? property = null, string? value = null)
    {
        if (_reported.TryAdd((id + message, endpoint.Place), 0))
        {
            var properties = property is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(property, value);
            report(Diagnostic.Create(Rules.Find(id), endpoint.Place, properties, message));
        }
    }

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence.Substring(1);
}
