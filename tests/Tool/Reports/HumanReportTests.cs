using AgentAuth.AuthMd;
using AgentAuth.Tool.Files;

namespace AgentAuth.Tool.Reports;

public sealed class HumanReportTests
{
    [Fact]
    public void Of_several_lines_the_first_is_shown() => Assert.Equal(
        "auth.md(2,3): error AUTHMD1016: Bad.\n 2 | cd ef\n   |   ^^^\n\n1 error in auth.md\n",
        Write("ab\r\ncd ef\r\ngh\r\n", new AuthMdProblem("AUTHMD1016", ProblemSeverity.Error, new SourceSpan(6, 7), "Bad.")));

    [Fact]
    public void Line_numbers_of_all_problems_stand_in_one_column() => Assert.Equal(
        "auth.md(1,1): info AUTHMD1020: One.\n  1 | a\n    | ^\n\nauth.md(10,1): warning AUTHMD1001: Two.\n 10 | b\n    | ^\n\n1 warning, 1 info in auth.md\n",
        Write(
            "a\n\n\n\n\n\n\n\n\nb",
            new AuthMdProblem("AUTHMD1020", ProblemSeverity.Info, new SourceSpan(0, 1), "One."),
            new AuthMdProblem("AUTHMD1001", ProblemSeverity.Warning, new SourceSpan(10, 1), "Two.")));

    [Fact]
    public void What_a_document_says_cannot_steer_the_terminal() => Assert.Equal(
        "auth.md(1,1): error AUTHMD1007: \"\uFFFD[2J b\" is bad.\n 1 | \uFFFD[2J\uFFFDx\n   | ^^^^\n\n1 error in auth.md\n",
        Write("\e[2J\u202Ex", new AuthMdProblem("AUTHMD1007", ProblemSeverity.Error, new SourceSpan(0, 4), "\"\e[2J\nb\" is bad.")));

    [Fact]
    public void A_place_behind_the_end_is_shown_at_the_end() => Assert.Equal(
        "auth.md(1,3): error AUTHMD1002: None.\n 1 | ab\n   |   ^\n\n1 error in auth.md\n",
        Write("ab", new AuthMdProblem("AUTHMD1002", ProblemSeverity.Error, new SourceSpan(5, 3), "None.")));

    [Fact]
    public void Several_infos_are_infos() =>
        Assert.EndsWith(
            "\n2 infos in auth.md\n",
            Write(
                "ab",
                new AuthMdProblem("AUTHMD1020", ProblemSeverity.Info, new SourceSpan(0, 1), "One."),
                new AuthMdProblem("AUTHMD1020", ProblemSeverity.Info, new SourceSpan(1, 1), "Two.")),
            StringComparison.Ordinal);

    private static string Write(string text, params AuthMdProblem[] problems)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        HumanReport.Write(
            new Terminal(writer, IsColored: false),
            new CheckedDocument(new DocumentFile("auth.md", "/auth.md", text), new AuthDocument(), [.. problems]));
        return writer.ToString();
    }
}
