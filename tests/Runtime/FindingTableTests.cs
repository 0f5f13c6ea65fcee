using System.Text;
using System.Text.RegularExpressions;

namespace AgentAuth;

/// <summary>
/// The tests of findings, over all test projects: each finding that is mended has one, a test's name begins with the number that its
/// <see cref="FindingAttribute"/> says, and docs/security.md holds the table that they make. Read from the sources, since the tests are in several assemblies.
/// </summary>
public sealed partial class FindingTableTests
{
    private const string Begin = "<!-- The table of findings begins here. It is written by a test: see CONTRIBUTING.md. -->";
    private const string End = "<!-- The table of findings ends here. -->";

    private static readonly string[] s_numbers =
    [
        .. Enumerable.Range(1, 25).Select(number => $"G{number}"), "S1",
        .. Enumerable.Range(1, 14).Select(number => $"W{number}"),
        .. Enumerable.Range(1, 14).Except([10]).Select(number => $"D{number}"),
        .. Enumerable.Range(1, 9).Select(number => $"L{number}"),
    ];

    [Fact]
    public void Every_finding_has_a_test() => Assert.Equal([], s_numbers.Except(Rows().Select(row => row.Number)));

    [Fact]
    public void A_tests_name_begins_with_the_number_of_its_finding() =>
        Assert.All(Rows(), row => Assert.True(
            row.Test.Split('.')[1].Split('_').Contains(row.Number), $"{row.Test} must have {row.Number} in its name: {row.Number}_…"));

    [Fact]
    public void The_table_in_the_docs_is_what_the_tests_say()
    {
        var file = Path.Combine(Repository.Root, "docs", "security.md");
        var (before, table, after) = Split(File.ReadAllText(file).ReplaceLineEndings("\n"));
        if (Environment.GetEnvironmentVariable("AGENTAUTH_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, before + Table() + after);
            (_, table, _) = Split(File.ReadAllText(file));
        }

        Assert.True(
            Table() == table,
            "docs/security.md does not hold the table that the [Finding] attributes make. Write it with "
            + "AGENTAUTH_WRITE_DOCS=1 dotnet test tests/Runtime --filter FullyQualifiedName~FindingTableTests");
    }

    private static (string Before, string Table, string After) Split(string text)
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"docs/security.md must hold the lines\n{Begin}\n{End}");
        begin += Begin.Length;
        return (text[..begin], text[begin..end], text[end..]);
    }

    private static string Table()
    {
        var table = new StringBuilder("\n\n| Finding | Input | Answer | Test |\n| --- | --- | --- | --- |\n");
        foreach (var row in Rows())
        {
            table.Append(null, $"| {row.Number} | {row.Input} | {row.Answer} | `{row.Test}` |\n");
        }

        return table.Append('\n').ToString();
    }

    private static IReadOnlyList<Row> Rows() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(In)
            .OrderBy(row => row.Number[0])
            .ThenBy(row => int.Parse(row.Number.AsSpan(1), null))
            .ThenBy(row => row.Test, StringComparer.Ordinal),
    ];

    private static IEnumerable<Row> In(string file)
    {
        var text = File.ReadAllText(file);
        foreach (Match test in Test().Matches(text))
        {
            foreach (Match finding in Attributes().Matches(test.Value))
            {
                Assert.DoesNotContain('|', finding.Groups["input"].Value + finding.Groups["answer"].Value);
                yield return new(
                    finding.Groups["number"].Value,
                    Regex.Unescape(finding.Groups["input"].Value),
                    Regex.Unescape(finding.Groups["answer"].Value),
                    $"{Path.GetFileNameWithoutExtension(file).Split('.')[0]}.{test.Groups["name"].Value}");
            }
        }
    }

    // The attributes of one method, up to its name.
    [GeneratedRegex("""\[Finding\("[^\n]*\n(?:[ \t]*\[[^\n]*\n)*[ \t]*public (?:async )?(?:void|Task|ValueTask) (?<name>\w+)""")]
    private static partial Regex Test();

    [GeneratedRegex("""\[Finding\(\s*"(?<number>[A-Z][0-9]+)",\s*"(?<input>(?:[^"\\]|\\.)*)",\s*"(?<answer>(?:[^"\\]|\\.)*)"\)\]""")]
    private static partial Regex Attributes();

    private sealed record Row(string Number, string Input, string Answer, string Test);
}
