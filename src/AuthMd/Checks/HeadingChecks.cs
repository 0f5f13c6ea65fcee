using AgentAuth.AuthMd.Markdown;
using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Checks;

/// <summary>The first heading, and headings that nearly are known ones.</summary>
internal static class HeadingChecks
{
    private const string FileName = "auth.md";

    public static void Check(Reading reading)
    {
        if (reading.Title is { Title.IsEmpty: false } title && title.Title.ToString().IndexOf(FileName, StringComparison.OrdinalIgnoreCase) < 0)
        {
            var name = Inlines.Plain(title.Title);
            reading.Problems.Report(
                AuthMdRules.TitleWithoutFileName,
                title.Title.Span,
                $"The first heading is \"{Problems.Shorten(name)}\"; agents and readiness scanners know the file by the words \"auth.md\". Write \"# {Problems.Shorten(name)} auth.md\".",
                new AuthMdFix("Add \"auth.md\" to the heading", new SourceSpan(title.Title.Span.End, 0), " auth.md") { GivesNothing = true });
        }

        foreach (var section in reading.Sections.Where(section => section.Level is >= 2 and <= 4))
        {
            if (SectionKinds.Nearest(section) is { } meant)
            {
                reading.Problems.ReportMisspelt(
                    AuthMdRules.NearlySection,
                    section.Title.Span,
                    $"\"{Problems.Shorten(Inlines.Plain(section.Title))}\" is not a section that is compiled; what stands here is published and has no effect.", meant);
            }
        }
    }
}
