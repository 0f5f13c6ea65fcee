namespace AgentAuth.AuthMd.Sections;

public sealed class EndpointsReaderTests
{
    [Theory]
    [InlineData("## URLs\n- **Register:** `POST /a/b`\n")]
    [InlineData("## API endpoints\n- **Registration:** /a/b\n")]
    [InlineData("## Endpoints\n\n| Endpoint | Path |\n|---|---|\n| Register | `POST /a/b` |\n")]
    [InlineData("## Register\n\n```http\nPOST /a/b HTTP/1.1\nContent-Type: application/json\n```\n")]
    public void Bullets_tables_and_request_lines_declare_an_endpoint(string section) =>
        Assert.Equal("/a/b", TicketDesk.Read(TicketDesk.With(section)).Endpoints.Register!.Value);

    [Fact]
    public void The_endpoints_section_goes_before_a_request_line()
    {
        var endpoints = TicketDesk.Read(TicketDesk.With("## Claim\n```http\nPOST /fence HTTP/1.1\n```\n## Endpoints\n- **Claim:** `POST https://a.example/bullet`\n")).Endpoints;

        Assert.Equal("https://a.example/bullet", endpoints.Claim!.Value);
        Assert.Null(endpoints.Register);
    }

    [Theory]
    [InlineData("`GET /a`", "GET /a", "expected POST and a path")]
    [InlineData("agent/auth", "agent/auth", "does not start with /")]
    [InlineData("//evil.example/a", "//evil.example/a", "names a host")]
    [InlineData("/a?b=c", "/a?b=c", "has a query")]
    [InlineData("`/a/{id}`", "/a/{id}", "contains \"{\"")]
    [InlineData("/a/../b", "/a/../b", "segment")]
    [InlineData("/a%2Fb", "/a%2Fb", "contains \"%\"")]
    public void A_bad_path_is_a_problem_and_declares_nothing(string written, string underlined, string message)
    {
        var text = TicketDesk.With($"## Endpoints\n- **Register:** {written}\n");

        Assert.Contains(message, TicketDesk.OnlyProblem(text, AuthMdRules.UnusableEndpoint, underlined).Message, StringComparison.Ordinal);
        Assert.Null(AuthMdParser.Parse(text).Document.Endpoints.Register);
    }
}
