using System.Globalization;

namespace AgentAuth.AuthMd;

/// <summary>Each rule has a file in Problems that shows it, and beside it what is to be said about that file, word for word and place by place.</summary>
public sealed class ProblemFilesTests
{
    public static TheoryData<string> Rules => [.. AuthMdRules.All.Where(rule => rule.IsOfDocument).Select(rule => rule.Id)];

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

    private static (string Text, string Expected) Read(string rule)
    {
        var folder = Path.Combine(Repository.Root, "tests", "AuthMd", "Problems");
        return (File.ReadAllText(Path.Combine(folder, rule + ".md")), File.ReadAllText(Path.Combine(folder, rule + ".txt")).TrimEnd());
    }

    private static string Report(string text) => string.Join('\n', AuthMdParser.Parse(text).Problems.Select(problem =>
        string.Create(CultureInfo.InvariantCulture, $"{Place(text, problem.Span.Start)}-{Place(text, problem.Span.End)} {problem.Severity} {problem.Id} {problem.Message}")));

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
