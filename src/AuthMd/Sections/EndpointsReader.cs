using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Endpoints: labelled bullets or a table; where they say nothing, the first request line in the section that describes the call.</summary>
internal static class EndpointsReader
{
    private enum Endpoint
    {
        Register,
        Claim,
        Revoke,
    }

    private static readonly Vocabulary<Endpoint> Labels = new()
    {
        { Endpoint.Register, "Register", "registration", "register endpoint", "registration endpoint" },
        { Endpoint.Claim, "Claim", "claim endpoint" },
        { Endpoint.Revoke, "Revoke", "revocation", "revoke endpoint", "revocation endpoint" },
    };

    private static readonly (SectionKind Section, Endpoint Endpoint)[] Described =
    [
        (SectionKind.Register, Endpoint.Register),
        (SectionKind.Claim, Endpoint.Claim),
        (SectionKind.Revocation, Endpoint.Revoke),
    ];

    public static EndpointDeclarations Read(Reading reading)
    {
        var found = new Dictionary<Endpoint, Located<string>>();
        foreach (var labelled in reading.Of(SectionKind.Endpoints).SelectMany(Reading.Labels))
        {
            if (!Labels.TryGet(labelled.Label, out var endpoint))
            {
                reading.ReportIfMisspelt(labelled, Labels);
                continue;
            }

            found.TryGetValue(endpoint, out var fact);
            reading.Keep(ref fact, ReadEndpoint(reading, labelled.Value, endpoint.ToString()), endpoint.ToString());
            if (fact is not null)
            {
                found[endpoint] = fact;
            }
        }

        foreach (var (section, endpoint) in Described.Where(pair => !found.ContainsKey(pair.Endpoint)))
        {
            var request = reading.Of(section).SelectMany(s => s.Contents).OfType<FenceContent>().Select(RequestTarget).FirstOrDefault(target => target is not null);
            if (request is { } target && ReadTarget(reading, target, endpoint.ToString()) is { } fact)
            {
                found[endpoint] = fact;
            }
        }

        Located<string>? Of(Endpoint endpoint) => found.TryGetValue(endpoint, out var fact) ? fact : null;
        return new EndpointDeclarations { Register = Of(Endpoint.Register), Claim = Of(Endpoint.Claim), Revoke = Of(Endpoint.Revoke) };
    }

    // "POST /agent/auth", "/agent/auth", "https://auth.example.com/agent/auth".
    private static Located<string>? ReadEndpoint(Reading reading, Fragment value, string label)
    {
        value = Inlines.Unwrap(value);
        var space = value.IndexOf(' ');
        if (space < 0)
        {
            return ReadTarget(reading, value, label);
        }

        var method = value.Slice(0, space);
        if (method.ToString() == "POST")
        {
            return ReadTarget(reading, Inlines.Unwrap(value.From(space)), label);
        }

        reading.Problems.Report(AuthMdRules.UnusableEndpoint, value.Span, $"{label} is \"{Problems.Shorten(value.ToString())}\"; expected POST and a path, such as `POST /agent/auth`.");
        return null;
    }

    private static Located<string>? ReadTarget(Reading reading, Fragment target, string label)
    {
        var text = target.ToString();
        if (text.IndexOf("://", StringComparison.Ordinal) > 0)
        {
            return WebAddresses.Read(target, label, reading.Problems);
        }

        if (EndpointPaths.Fault(text) is not { } fault)
        {
            return new Located<string>(text, target.Span);
        }

        reading.Problems.Report(AuthMdRules.UnusableEndpoint, target.Span, $"{label} is \"{Problems.Shorten(text)}\", which {fault}. Expected a path such as /agent/auth.");
        return null;
    }

    // The first line of an http fence: "POST /agent/auth HTTP/1.1".
    private static Fragment? RequestTarget(FenceContent fence)
    {
        const string Post = "POST ";
        if (!fence.Info.Equals("http", StringComparison.OrdinalIgnoreCase) || !fence.Text.StartsWith(Post))
        {
            return null;
        }

        var rest = fence.Text.From(Post.Length);
        var end = 0;
        while (end < rest.Length && !char.IsWhiteSpace(rest[end]))
        {
            end++;
        }

        return rest.Slice(0, end);
    }
}
