using AgentAuth.AuthMd.Markdown;
using AgentAuth.Protocol.V01;

namespace AgentAuth.AuthMd.Sections;

/// <summary>
/// Endpoints: labelled bullets or a table; where they say nothing, a bullet elsewhere whose label says that it is an endpoint, then the first
/// request line in the section that describes the call, then a machine block.
/// </summary>
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
        { Endpoint.Register, "Register", "registration" },
        { Endpoint.Claim, "Claim" },
        { Endpoint.Revoke, "Revoke", "revocation" },
    };

    // Outside the section a bare "Register" may be about anything.
    private static readonly Vocabulary<Endpoint> FullLabels = new()
    {
        {
            Endpoint.Register, "Register endpoint", "register URI", "register URL", "registration endpoint", "registration URI", "registration URL",
            "agent registration endpoint"
        },
        { Endpoint.Claim, "Claim endpoint", "claim URI", "claim URL" },
        { Endpoint.Revoke, "Revoke endpoint", "revocation endpoint", "revoke URI", "revocation URI", "revocation URL" },
    };

    private static readonly (SectionKind Section, Endpoint Endpoint, string Member)[] Described =
    [
        (SectionKind.Register, Endpoint.Register, "register_uri"),
        (SectionKind.Claim, Endpoint.Claim, "claim_uri"),
        (SectionKind.Revocation, Endpoint.Revoke, "revocation_uri"),
    ];

    public static EndpointDeclarations Read(Reading reading)
    {
        var found = new Dictionary<Endpoint, Located<string>>();
        foreach (var labelled in reading.Of(SectionKind.Endpoints).SelectMany(Reading.Labels))
        {
            if (!TryLabel(labelled.Label, out var endpoint))
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

        ReadElsewhere(reading, found);
        Located<string>? Of(Endpoint endpoint) => found.TryGetValue(endpoint, out var fact) ? fact : null;
        return new EndpointDeclarations { Register = Of(Endpoint.Register), Claim = Of(Endpoint.Claim), Revoke = Of(Endpoint.Revoke) };
    }

    private static bool TryLabel(Fragment label, out Endpoint endpoint) => Labels.TryGet(label, out endpoint) || FullLabels.TryGet(label, out endpoint);

    private static void ReadElsewhere(Reading reading, Dictionary<Endpoint, Located<string>> found)
    {
        foreach (var item in reading.Sections.SelectMany(section => section.Items))
        {
            if (Labelled.Read(item.Text) is { } labelled && FullLabels.TryGet(labelled.Label, out var endpoint) && !found.ContainsKey(endpoint)
                && ReadEndpoint(reading, FirstCode(labelled.Value), endpoint.ToString()) is { } fact)
            {
                found[endpoint] = fact;
            }
        }

        foreach (var (section, endpoint, member) in Described.Where(described => !found.ContainsKey(described.Endpoint)))
        {
            var request = reading.Of(section).SelectMany(reading.WithChildren).SelectMany(s => s.Fences).Select(RequestTarget).FirstOrDefault(target => target is not null);
            var written = request ?? (reading.Machine.Text(member) is { } text ? new Fragment(reading.Document.Text, text.Span.Start, text.Span.End) : null);
            if (written is { } target && ReadTarget(reading, target, endpoint.ToString()) is { } fact)
            {
                found[endpoint] = fact;
            }
        }
    }

    // "`https://auth.example.com/agent/auth` (POST)": outside the section people explain.
    private static Fragment FirstCode(Fragment value) => Inlines.TryLeadingCode(value, out var code, out _) ? code : value;

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

        reading.Problems.Report(AuthMdRules.UnusableEndpoint, value.Span, $"{label} is \"{Problems.Shorten(value.ToString())}\"; expected POST and a path, such as `POST {V01Paths.Register}`.");
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

        reading.Problems.Report(AuthMdRules.UnusableEndpoint, target.Span, $"{label} is \"{Problems.Shorten(text)}\", which {fault}. Expected a path such as {V01Paths.Register}.");
        return null;
    }

    // The first line of an http fence: "POST /agent/auth HTTP/1.1".
    private static Fragment? RequestTarget(FenceContent fence)
    {
        const string Post = "POST ";
        if (fence.Language != "http" || !fence.Text.StartsWith(Post))
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
