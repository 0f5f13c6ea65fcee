using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Checks;

/// <summary>A section of the author's takes the place of a generated one, so it must say what the service does: the request, and where it goes.</summary>
internal static class WrittenStepChecks
{
    public static void Check(Reading reading, AuthDocument document)
    {
        if (document.Methods.IsEmpty)
        {
            return;
        }

        var paths = EndpointPaths.Of(document);
        CheckStep(reading, SectionKind.Register, Door.Register, paths.Register);
        if (document.Methods.Any(method => method.Kind != MethodKind.IdentityAssertion))
        {
            CheckStep(reading, SectionKind.Claim, Door.Claim, paths.Claim);
        }
    }

    private static void CheckStep(Reading reading, SectionKind kind, Door door, string path)
    {
        var isSaid = false;
        foreach (var section in reading.Of(kind))
        {
            foreach (var request in reading.RequestsIn(section).Where(request => request.PathDoor == door || request.Registers is not null))
            {
                isSaid = true;
                var written = DoorPaths.PathOf(request.Target.ToString()).TrimEnd('/');
                if (request.Method != "GET" && !written.EndsWith(path, StringComparison.Ordinal) && !path.EndsWith(written, StringComparison.Ordinal))
                {
                    reading.Problems.Report(
                        AuthMdRules.MisleadingSection,
                        request.Target.Span,
                        $"This section sends agents to \"{Problems.Shorten(request.Target.ToString())}\", and the service answers at \"{path}\". Write `POST {path}`, or give the other address in the Endpoints section.");
                }
            }

            isSaid |= reading.RequestsIn(section).Any(request => request.Method == "POST");
        }

        if (!isSaid && reading.Of(kind) is { Count: > 0 } sections && !reading.WithChildren(sections[0]).Any(section => section.Contents.Any(content => Mentions(content, path))))
        {
            reading.Problems.Report(
                AuthMdRules.MisleadingSection,
                sections[0].Title.Span,
                $"This section takes the place of a generated one and names no request, so an agent cannot follow it. Add the sentence \"Send `POST {path}`.\", or give the section another heading.");
        }
    }

    private static bool Mentions(Markdown.Content content, string path) => content switch
    {
        Markdown.ParagraphContent paragraph => paragraph.Text.ToString().Contains(path),
        Markdown.ItemContent item => item.Text.ToString().Contains(path),
        Markdown.FenceContent fence => fence.Text.ToString().Contains(path),
        _ => false,
    };
}
