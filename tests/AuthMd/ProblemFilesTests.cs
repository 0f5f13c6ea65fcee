using System.Globalization;

namespace AgentAuth.AuthMd;

/// <summary>Each rule has a file in Problems that shows it, and beside it what is to be said about that file, word for word and place by place.</summary>
public sealed class ProblemFilesTests
{
    // A second document is seen by who sees the project: the analyzer.
    public static TheoryData<string> Rules => [.. AuthMdRules.All.Where(rule => rule.IsOfDocument && rule.Id != AuthMdRules.SecondDocument).Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_file_that_breaks_the_rule_is_reported_where_it_does(string rule)
    {
        var (text, expected) = Read(rule);

        Assert.Contains($" {rule} ", expected, StringComparison.Ordinal);
        Assert.Equal(expected, Report(text));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Line_ends_and_a_byte_order_mark_move_no_line_and_no_column(string rule)
    {
        var (text, expected) = Read(rule);

        Assert.Equal(expected, Report(text.ReplaceLineEndings("\r\n")));
        Assert.Equal(expected, Report(text.ReplaceLineEndings("\r")));

        // The compiler does not show the mark; a text that still holds it counts it as a character of the first line.
        Assert.Equal(expected.Split('\n').Where(line => !line.StartsWith("(1,", StringComparison.Ordinal)), Report("\uFEFF" + text).Split('\n').Where(line => !line.StartsWith("(1,", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_fix_mends_its_problem_and_makes_no_other(string rule)
    {
        var (text, _) = Read(rule);
        var problems = AuthMdParser.Parse(text).Problems;
        foreach (var problem in problems.Where(problem => problem.Fix is not null))
        {
            var (span, replacement) = (problem.Fix!.Span, problem.Fix.Text);
            var mended = AuthMdParser.Parse(text[..span.Start] + replacement + text[span.End..]).Problems;

            Assert.True(mended.Length < problems.Length, $"{problem.Fix.Title}: {problem.Message}");
            Assert.DoesNotContain(mended, after => after.Id == problem.Id && after.Message == problem.Message);
            Assert.All(mended, after => Assert.Contains(problems, before => before.Id == after.Id));
        }
    }

    private static (string Text, string Expected) Read(string rule)
    {
        var folder = Path.Combine(Repository.Root, "tests", "AuthMd", "Problems");
        return (File.ReadAllText(Path.Combine(folder, rule + ".md")), File.ReadAllText(Path.Combine(folder, rule + ".txt")).TrimEnd());
    }

    private static string Report(string text) => string.Join('\n', AuthMdParser.Parse(text).Problems.Select(problem =>
        string.Create(CultureInfo.InvariantCulture, $"{Place(text, problem.Span.Start)}-{Place(text, problem.Span.End)} {problem.Severity} {problem.Id} {problem.Message}{(problem.Fix is { } fix ? $" [{fix.Title}]" : "")}")));

    private static string Place(string text, int position)
    {
        var (line, start) = (1, 0);
        for (var i = 0; i < position; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                (line, start) = (line + 1, i + 1);
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"({line},{position - start + 1})");
    }
}
