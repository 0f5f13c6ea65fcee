namespace AgentAuth.AuthMd.Sections;

public sealed class TitleReaderTests
{
    private const string Rest = "\n\n- **Resource:** https://api.x.example\n\n## Scopes\n- `read`\n\n## Methods\n- **anonymous:** `api_key`\n";

    [Theory]
    [InlineData("# TicketDesk auth.md", "TicketDesk")]
    [InlineData("# auth.md for TicketDesk", "TicketDesk")]
    [InlineData("# auth.md — TicketDesk", "TicketDesk")]
    [InlineData("# TicketDesk — auth.md", "TicketDesk")]
    [InlineData("# `auth.md`: Ticket Desk", "Ticket Desk")]
    [InlineData("# TicketDesk (auth.md) #", "TicketDesk")]
    [InlineData("# TicketDesk", "TicketDesk")]
    [InlineData("# 票务 auth.md", "票务")]
    [InlineData("TicketDesk auth.md\n===", "TicketDesk")]
    public void The_name_is_the_first_heading_without_its_file_name(string heading, string name)
    {
        var text = heading + Rest;

        var found = TicketDesk.Read(text).Name!;

        Assert.Equal((name, name), (found.Value, text.Substring(found.Span.Start, found.Span.Length)));
    }

    [Fact]
    public void A_heading_that_says_only_auth_md_names_nothing() =>
        Assert.StartsWith("The first heading says only", TicketDesk.OnlyProblem("# auth.md" + Rest, AuthMdRules.MissingPart, "auth.md").Message, StringComparison.Ordinal);

    [Fact]
    public void The_summary_is_the_first_paragraph_as_plain_text()
    {
        var document = TicketDesk.Read("# X\n\nRead *your* `verified_email` at\n  [the desk](https://x.example) &amp; \\*more\\*.\n\nSecond." + Rest);

        Assert.Equal("Read your verified_email at the desk & *more*.", document.Summary);
    }

    [Theory]
    [InlineData("- **Resource:** `https://a.example/`")]
    [InlineData("- **Resource**: <https://a.example/>")]
    [InlineData("* __Resource:__ [the API](https://a.example/)")]
    [InlineData("1. Resource: https://a.example/")]
    [InlineData("- **RESOURCE:**   **https://a.example/**  ")]
    public void A_label_and_its_value_may_be_marked_up(string bullet)
    {
        var text = $"# X\n\n{bullet}\n\n## Scopes\n- `read`\n\n## Methods\n- **anonymous:** `api_key`\n";

        var resource = TicketDesk.Read(text).Resource!;

        Assert.Equal(("https://a.example/", "https://a.example/"), (resource.Value, text.Substring(resource.Span.Start, resource.Span.Length)));
    }

    [Theory]
    [InlineData("http://api.example.com", "is not https")]
    [InlineData("api.example.com", "is not an absolute https URL")]
    [InlineData("ftp://api.example.com", "is not an absolute https URL")]
    [InlineData("https://api.example.com/#top", "has a fragment")]
    [InlineData("https://me@api.example.com", "has user information")]
    [InlineData("https://api.example.com`", "contains a back-tick")]
    [InlineData("https://api.example.com (beta)", "write the URL alone")]
    [InlineData("https://", "is not a URL")]
    [InlineData("https://api.example.com\\x", "write the URL alone")]
    [InlineData("http://localhost.example.com", "is not https")]
    public void A_bad_url_is_a_problem_and_declares_nothing(string url, string fault)
    {
        var text = TicketDesk.With("").Replace("https://api.x.example", url, StringComparison.Ordinal);

        Assert.Contains(fault, TicketDesk.OnlyProblem(text, AuthMdRules.UnusableUrl, url).Message, StringComparison.Ordinal);
        Assert.Null(AuthMdParser.Parse(text).Document.Resource);
    }

    [Theory]
    [InlineData("http://localhost:5000")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://[::1]:8080/api")]
    [InlineData("HTTPS://api.example.com")]
    public void Loopback_may_be_http(string url) =>
        Assert.Equal(url, TicketDesk.Read(TicketDesk.With("").Replace("https://api.x.example", url, StringComparison.Ordinal)).Resource!.Value);

    [Fact]
    public void A_missing_resource_is_a_problem()
    {
        var text = TicketDesk.With("").Replace("- **Resource:** https://api.x.example", "", StringComparison.Ordinal);

        Assert.Contains("- **Resource:** https://", TicketDesk.OnlyProblem(text, AuthMdRules.MissingPart, "X auth.md").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fact_that_is_given_twice_is_a_problem()
    {
        var text = TicketDesk.With("").Replace("- **Resource:**", "- **Resource:** https://one.example\n- **Resource:**", StringComparison.Ordinal);

        Assert.Contains("https://one.example", TicketDesk.OnlyProblem(text, AuthMdRules.UnusableFact, "https://api.x.example").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_label_is_a_problem_and_an_unknown_one_is_not()
    {
        var text = TicketDesk.With("").Replace("- **Resource:**", "- **Status page:** up\n- **Authorisation server:** https://a.example\n- **Resource:**", StringComparison.Ordinal);

        Assert.Contains("Did you mean \"Authorization server\"?", TicketDesk.OnlyProblem(text, AuthMdRules.UnusableFact, "Authorisation server").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agents@x.example", "agents@x.example")]
    [InlineData("<agents@x.example>", "agents@x.example")]
    [InlineData("[mail us](mailto:agents@x.example)", "agents@x.example")]
    [InlineData("https://x.example/contact", "https://x.example/contact")]
    public void A_contact_is_a_mail_address_or_a_url(string written, string contact) =>
        Assert.Equal(contact, TicketDesk.Read(TicketDesk.With("").Replace("- **Resource:**", $"- **Contact:** {written}\n- **Resource:**", StringComparison.Ordinal)).Contact!.Value);
}
