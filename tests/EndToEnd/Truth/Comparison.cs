namespace AgentAuth.EndToEnd.Truth;

/// <summary>Brings together, number by number, the source, the running app and the findings.</summary>
internal static class Comparison
{
    /// <summary>A verdict for each number in the source, and sentences about whatever has none.</summary>
    public static (IReadOnlyList<Verdict> Verdicts, IReadOnlyList<string> Strays) Compare(
        IReadOnlyDictionary<string, string[]> sources, IEnumerable<RuntimeEndpoint> runtime, IEnumerable<Finding> findings)
    {
        var places = sources
            .SelectMany(file => file.Value.SelectMany((text, i) => EndpointId.On(text).Select(found => (found.Id, File: file.Key, Line: i + 1, Text: text.Trim()))))
            .OrderBy(place => place.Id, StringComparer.Ordinal).ThenBy(place => place.File, StringComparer.Ordinal)
            .ToLookup(place => place.Id);
        var endpoints = runtime.Where(endpoint => endpoint.Name is null || !Expected.NobodysEndpoints.ContainsKey(endpoint.Name)).ToLookup(EndpointId.Of);
        var reported = findings.ToLookup(finding => IdOf(finding, sources));

        var verdicts = places.Select(id => new Verdict(
            id.Key, id.First().File, id.First().Line, id.First().Text, [.. endpoints[id.Key]], [.. reported[id.Key]]));
        var strays = endpoints.Where(group => group.Key is null || !places.Contains(group.Key))
            .SelectMany(group => group.Select(endpoint => $"The endpoint {endpoint.Name} ({endpoint.Route}) has no number in the source."))
            .Concat(reported.Where(group => group.Key is null)
                .SelectMany(group => group.Select(finding => $"{finding.File}({finding.Line},{finding.Column}): {finding.Rule} on a line without a number.")));
        return ([.. verdicts], [.. strays.Distinct()]);
    }

    // Of several numbers on a line, the one that follows what is reported, as the route follows MapGet.
    private static string? IdOf(Finding finding, IReadOnlyDictionary<string, string[]> sources)
    {
        var onLine = sources.TryGetValue(finding.File, out var lines) ? EndpointId.On(lines[finding.Line - 1]).ToList() : [];
        return onLine.Where(found => found.Column >= finding.Column).Concat(onLine).Select(found => found.Id).FirstOrDefault();
    }
}
