namespace AgentAuth.AuthMd.Sections;

public sealed class DirectivesReaderTests
{
    [Theory]
    [InlineData("## Limits\n<!-- auth.md:private -->\n\n- **claim:** 5 per hour per address\n\n### Why\nText.\n")]
    [InlineData("## Limits\n- **claim:** 5 per hour per address\n\n<!--auth.md:private-->\n\nText.\n")]
    [InlineData("## Limits <!-- auth.md:private -->\n- **claim:** 5 per hour per address\n")]
    [InlineData("<!-- auth.md: private -->\n## Limits\n- **claim:** 5 per hour per address\n")]
    public void A_private_section_is_compiled_and_marked_from_its_heading_to_the_next(string section)
    {
        var text = TicketDesk.With("## Before\nText.\n\n" + section + "## After\nText.\n");

        var document = TicketDesk.Read(text);

        Assert.Single(document.Limits);
        var part = Assert.Single(document.PrivateParts);
        Assert.Equal(section, text.Substring(part.Start, part.Length));
    }

    [Fact]
    public void The_steps_marker_is_found()
    {
        var text = TicketDesk.With("<!-- auth.md:steps -->\n");

        var marker = TicketDesk.Read(text).StepsMarker!.Value;

        Assert.Equal("<!-- auth.md:steps -->", text.Substring(marker.Start, marker.Length));
    }

    [Theory]
    [InlineData("## Limits\n<!-- auth.md:privat -->\n", "<!-- auth.md:privat -->", "Did you mean \"auth.md:private\"?")]
    [InlineData("<!-- auth.md:private -->\n\nText.\n", "<!-- auth.md:private -->", "outside every section")]
    [InlineData("## Limits\n- a\n  <!-- auth.md:private -->\n", "<!-- auth.md:private -->", "line of its own")]
    [InlineData("## Limits\n> <!-- auth.md:private -->\n", "<!-- auth.md:private -->", "line of its own")]
    [InlineData("## Limits\nText <!-- auth.md:private -->\n", "<!-- auth.md:private -->", "line of its own")]
    [InlineData("## A\n<!-- auth.md:steps -->\n\nText.\n\n<!-- auth.md:steps -->\n\nText.\n", "<!-- auth.md:steps -->", "given twice")]
    public void A_comment_without_effect_is_a_problem(string section, string underlined, string message) =>
        Assert.Contains(message, TicketDesk.OnlyProblem(TicketDesk.With(section), AuthMdRules.UnusableComment, underlined).Message, StringComparison.Ordinal);
}
