namespace AgentAuth.AuthMd;

/// <summary>
/// Host names that look as if they stood in an example, and that anybody can register. Names which nobody can own (RFC 2606, RFC 6761) are not
/// among them: no keys can be had there. Compiled into the runtime as well, for what configuration names.
/// </summary>
internal static class ExampleHosts
{
    private static readonly string[] ReservedTopLevels = ["example", "test", "invalid", "localhost", "local", "internal", "alt", "onion", "arpa"];
    private static readonly string[] ReservedDomains = ["example.com", "example.net", "example.org"];

    // In front of a country's code these are no names of anybody.
    private static readonly string[] SecondLevels = ["co", "com", "net", "org", "ac", "edu", "gov"];

    private static readonly string[] Owners = ["your", "my", "some"];

    private static readonly string[] Things =
    [
        "domain", "company", "organization", "organisation", "org", "tenant", "provider", "idp", "issuer", "agent-provider", "identity-provider", "agents", "agent",
    ];

    // Only as the name that is registered: a customer of somebody may well be called Acme.
    private static readonly string[] Names =
    [
        "acme", "acmecorp", "contoso", "fabrikam", "foo", "bar", "baz", "foobar", "sample", "dummy", "placeholder", "changeme", "change-me", "replaceme", "replace-me",
        "provider", "agent-provider", "agentprovider", "identity-provider", "trusted-provider",
    ];

    /// <summary>The part of a host's name that looks like an example; null when nothing does, or when nobody can own the name.</summary>
    /// <param name="host">The host; capitals do not matter.</param>
    public static string? LabelOf(string host)
    {
        var name = host.TrimEnd('.').ToLowerInvariant();
        var labels = name.Split('.');
        if (labels.Length < 2 || labels[labels.Length - 1].All(c => c is >= '0' and <= '9') || IsReserved(name, labels[labels.Length - 1]))
        {
            return null;
        }

        var registered = labels[RegisteredAt(labels)];
        return labels.Take(labels.Length - 1).FirstOrDefault(IsExample)
            ?? (Names.Contains(registered) || registered.StartsWith("acme-", StringComparison.Ordinal) ? registered : null);
    }

    private static bool IsReserved(string name, string topLevel) =>
        ReservedTopLevels.Contains(topLevel) || ReservedDomains.Any(domain => name == domain || name.EndsWith("." + domain, StringComparison.Ordinal));

    private static bool IsExample(string label) =>
        label.Contains("example") || Owners.Any(owner => Things.Any(thing => label == owner + "-" + thing || label == owner + thing));

    private static int RegisteredAt(string[] labels)
    {
        var last = labels.Length - 1;
        return labels.Length > 2 && labels[last].Length == 2 && SecondLevels.Contains(labels[last - 1]) ? last - 2 : last - 1;
    }
}
