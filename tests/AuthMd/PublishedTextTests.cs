namespace AgentAuth.AuthMd;

public sealed class PublishedTextTests
{
    [Fact]
    public void Private_parts_the_steps_marker_and_the_byte_order_mark_are_not_published()
    {
        const string Text = "\uFEFF# X auth.md\n\n- **Resource:** https://api.x.example\n\n## Limits\n<!-- auth.md:private -->\n- **claim:** 5 per hour per address\n\n## Scopes\n- `a`\n\n<!-- auth.md:steps -->\n\n## Methods\n- **anonymous:** `api_key`\n";

        Assert.Equal("# X auth.md\n\n- **Resource:** {Resource}\n\n## Scopes\n- `a`\n\n\n\n## Methods\n- **anonymous:** `api_key`\n", Publish(Text));
    }

    [Fact]
    public void Relative_endpoints_are_made_absolute_and_absolute_ones_are_cut()
    {
        var text = TicketDesk.With("## Endpoints\n- **Register:** `POST /a`\n- **Claim:** /b\n- **Revoke:** https://api.x.example/c\n\nProse about /a.\n\n## Methods\n### ID-JAG\n- **Credentials:** `api_key`\n");

        Assert.Contains("- **Register:** `POST {IssuerBase}/a`\n- **Claim:** {IssuerBase}/b\n- **Revoke:** {Resource}/c\n\nProse about /a.", Publish(text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_line_keeps_its_path() =>
        Assert.Contains("POST /a HTTP/1.1\nHost: h", Publish(TicketDesk.With("## Register\n```http\nPOST /a HTTP/1.1\nHost: h\n```\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("See https://api.x.example.", "See {Resource}.")]
    [InlineData("`https://api.x.example/v1`", "`{Resource}/v1`")]
    [InlineData("\"https://api.x.example\":", "\"{Resource}\":")]
    [InlineData("https://api.x.example?a", "{Resource}?a")]
    [InlineData("https://api.x.example.org", "https://api.x.example.org")]
    [InlineData("https://api.x.example-two", "https://api.x.example-two")]
    [InlineData("https://api.x.example2", "https://api.x.example2")]
    [InlineData("https://api.x.example:8080/", "https://api.x.example:8080/")]
    [InlineData("https://api.x.example@evil.example", "https://api.x.example@evil.example")]
    [InlineData("xhttps://api.x.example", "xhttps://api.x.example")]
    public void Only_whole_identifiers_are_cut(string prose, string published) =>
        Assert.Contains($"\n{published}\n", Publish(TicketDesk.With(prose + "\n")), StringComparison.Ordinal);

    [Fact]
    public void The_longest_identifier_goes_first()
    {
        var text = TicketDesk.With("At https://api.x.example/auth and https://api.x.example/other.\n")
            .Replace("- **Resource:**", "- **Authorization server:** https://api.x.example/auth\n- **Resource:**", StringComparison.Ordinal);

        Assert.Contains("At {Issuer} and {Resource}/other.", Publish(text), StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_loses_nothing_but_its_identifiers()
    {
        var published = Publish(TicketDesk.Text)
            .Replace("{IssuerBase}", "", StringComparison.Ordinal)
            .Replace("{Resource}", "https://api.ticketdesk.example", StringComparison.Ordinal)
            .Replace("{Issuer}", "https://auth.ticketdesk.example", StringComparison.Ordinal);

        Assert.Equal(TicketDesk.Text, published);
    }

    private static string Publish(string text) =>
        string.Concat(PublishedText.Create(text, TicketDesk.Read(text)).Select(part => part.Slot == PublishedSlot.None ? part.Text : $"{{{part.Slot}}}"));
}
