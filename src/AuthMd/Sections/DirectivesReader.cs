using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>The comments <c>&lt;!-- auth.md:private --&gt;</c> and <c>&lt;!-- auth.md:steps --&gt;</c>.</summary>
internal static class DirectivesReader
{
    private const string Private = "private";
    private const string Steps = "steps";
    private const string NoSteps = "no-steps";

    private static readonly string[] Names = [Private, Steps, NoSteps];

    public static AuthDocument Read(Reading reading, AuthDocument document)
    {
        var privateParts = new List<SourceSpan>();
        SourceSpan? steps = null;
        SourceSpan? noSteps = null;
        for (var i = 0; i < reading.Sections.Count; i++)
        {
            foreach (var directive in reading.Sections[i].Directives)
            {
                if (!IsKnown(reading.Problems, directive))
                {
                    continue;
                }

                if (directive.Name == Steps)
                {
                    steps = KeepFirst(reading.Problems, steps, directive);
                }
                else if (directive.Name == NoSteps)
                {
                    noSteps = KeepFirst(reading.Problems, noSteps, directive);
                }
                else if (Marked(reading.Sections, i, directive) is { } marked)
                {
                    privateParts.Add(marked);
                }
                else
                {
                    reading.Problems.Report(
                        AuthMdRules.UnusableComment,
                        directive.Span,
                        "This comment stands outside every section, so it would hide nothing. Put it right under the heading of the section that is not to be published.");
                }
            }
        }

        if (steps is not null && noSteps is { } unwanted)
        {
            reading.Problems.Report(AuthMdRules.UnusableComment, unwanted, "\"auth.md:no-steps\" and \"auth.md:steps\" contradict each other. Keep one of them.");
        }

        return document with { PrivateParts = Merge(privateParts), StepsMarker = steps, NoStepsMarker = noSteps };
    }

    private static bool IsKnown(Problems problems, Directive directive)
    {
        if (!Names.Contains(directive.Name))
        {
            var meant = NearestName.Find(directive.Name, Names);
            problems.Report(
                AuthMdRules.UnusableComment,
                directive.Span,
                $"\"auth.md:{directive.Name}\" is not known; expected \"auth.md:private\", \"auth.md:steps\" or \"auth.md:no-steps\".{(meant is null ? "" : $" Did you mean \"auth.md:{meant}\"?")}",
                meant is null ? null : Problems.Change(directive.Span, $"<!-- auth.md:{meant} -->") with { GivesNothing = true });
            return false;
        }

        if (!directive.IsPlaced)
        {
            problems.Report(
                AuthMdRules.UnusableComment,
                directive.Span,
                $"\"auth.md:{directive.Name}\" has no effect inside a paragraph, list, table or quote. Put the comment on a line of its own.");
        }

        return directive.IsPlaced;
    }

    private static SourceSpan KeepFirst(Problems problems, SourceSpan? first, Directive directive)
    {
        if (first is not null)
        {
            problems.Report(AuthMdRules.UnusableComment, directive.Span, $"The comment \"auth.md:{directive.Name}\" is given twice. Keep one of them.");
        }

        return first ?? directive.Span;
    }

    // A comment marks the section that it stands in. At the section's end, right above the next heading, it marks what that heading opens.
    private static SourceSpan? Marked(IReadOnlyList<Section> sections, int index, Directive directive)
    {
        var section = sections[index];
        if (directive.Span.Start > section.LastContentStart && index + 1 < sections.Count && (section.Level < 2 || section.Contents.Count > 0))
        {
            var next = sections[index + 1];
            return next.Level >= 2 ? new SourceSpan(directive.Span.Start, next.End - directive.Span.Start) : null;
        }

        return section.Level >= 2 ? new SourceSpan(section.Start, section.End - section.Start) : null;
    }

    private static ImmutableArray<SourceSpan> Merge(List<SourceSpan> spans)
    {
        var merged = ImmutableArray.CreateBuilder<SourceSpan>();
        foreach (var span in spans.OrderBy(span => span.Start))
        {
            if (merged.Count > 0 && merged[merged.Count - 1] is var last && span.Start <= last.End)
            {
                merged[merged.Count - 1] = new SourceSpan(last.Start, Math.Max(last.End, span.End) - last.Start);
            }
            else
            {
                merged.Add(span);
            }
        }

        return merged.ToImmutable();
    }
}
