namespace AgentAuth.Analyzers;

public sealed class AuthMdDocumentAnalyzerTests
{
    [Fact]
    public async Task A_good_document_has_no_problems()
    {
        Assert.Empty(await AnalyzerHarness.RunAsync(new AuthMdDocumentAnalyzer(), ""));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task A_problem_is_reported_where_it_stands_in_auth_md(string newLine)
    {
        var authMd = AnalyzerHarness.AuthMd
            .Replace("https://api.ticketdesk.example", "http://api.ticketdesk.example", StringComparison.Ordinal)
            .Replace("### anonymous", "### anonimous", StringComparison.Ordinal)
            .ReplaceLineEndings(newLine);

        var found = await AnalyzerHarness.RunAsync(new AuthMdDocumentAnalyzer(), "", authMd);

        Assert.Contains(found, line => line.StartsWith("auth.md(3,17): AUTHMD1003 ", StringComparison.Ordinal));
        Assert.Contains(found, line => line.StartsWith("auth.md(15,5): AUTHMD1004 ", StringComparison.Ordinal) && line.Contains("anonymous", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_not_marked_is_not_read()
    {
        Assert.Empty(await AnalyzerHarness.RunAsync(new AuthMdDocumentAnalyzer(), "", "nothing of the kind", marked: false));
    }

    [Fact]
    public async Task A_second_marked_file_is_reported_and_not_read()
    {
        var found = await AnalyzerHarness.RunAsync(new AuthMdDocumentAnalyzer(), "", second: "nothing of the kind");

        Assert.Equal("second.md(1,1): AUTHMD0004 The project compiles /project/auth.md, and this file is marked as its auth.md too. Take AgentAuthDocument from one of them.", Assert.Single(found));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Lines_and_columns_are_right_behind_a_mark_tabs_and_letters_of_any_width(string newLine)
    {
        var authMd = ("\uFEFF" + AnalyzerHarness.AuthMd
            + "\n\n説明 🎫：\n\n## Lifetimes\n\n-\t**Access token:**\tforever\n- **API key:** 票 (`long`)\n").ReplaceLineEndings(newLine);

        var found = await AnalyzerHarness.RunAsync(new AuthMdDocumentAnalyzer(), "", authMd);

        Assert.Equal(["auth.md(22,21): AUTHMD1013", "auth.md(23,16): AUTHMD1013"], found.Select(line => line[..26]));
    }
}
