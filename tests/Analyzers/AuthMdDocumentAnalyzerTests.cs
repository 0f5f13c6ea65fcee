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
}
