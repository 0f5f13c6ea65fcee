namespace AgentAuth.EndToEnd.Truth;

/// <summary>The comparison itself, with findings and endpoints made up: it must see what is wrong.</summary>
public sealed class ComparisonTests
{
    private const string File = "Minimal/Verbs.cs";

    private static readonly Dictionary<string, string[]> s_sources = new()
    {
        [File] = ["app.MapGet(\"/e001/orders\", List);", "Both(app.MapGet(\"/e002/a\", A), app.MapGet(\"/e003/b\", B));", "app.UseRouting();"],
    };

    [Theory]
    [InlineData("said", null, null)]
    [InlineData("unsaid", Finding.Missing, null)]
    [InlineData("said unsaid", Finding.Missing, null)]
    [InlineData("said", Finding.Missing, "is annotated, and is reported as missing")]
    [InlineData("unsaid", null, "says nothing, and is not reported")]
    [InlineData("said unsaid", null, "says nothing, and is not reported")]
    [InlineData("said", Finding.Unknown, "cannot be proved, unexpectedly")]
    [InlineData("", null, "has no endpoint in the running app")]
    public void A_number_is_judged_by_what_both_say(string says, string? rule, string? problem)
    {
        var runtime = says.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(say => new RuntimeEndpoint("a", "/e001/orders", [], say));

        var (verdicts, strays) = Comparison.Compare(s_sources, runtime, rule is null ? [] : [new(rule, File, 1, 5, "")]);

        Assert.Equal(problem, verdicts.Single(verdict => verdict.Id == "e001").Problem);
        Assert.Empty(strays);
    }

    [Fact]
    public void Of_two_numbers_on_a_line_the_one_behind_what_is_reported_is_meant()
    {
        var (verdicts, _) = Comparison.Compare(s_sources, [], [new(Finding.Missing, File, 2, s_sources[File][1].LastIndexOf("MapGet", StringComparison.Ordinal) + 1, "")]);

        Assert.Equal("e003", Assert.Single(verdicts, verdict => verdict.Analyzers == "missing").Id);
    }

    [Fact]
    public void Whatever_has_no_number_is_named()
    {
        var (_, strays) = Comparison.Compare(s_sources, [new("nameless", "/somewhere", [], "unsaid")], [new(Finding.Missing, File, 3, 5, "")]);

        Assert.Equal(
            ["The endpoint nameless (/somewhere) has no number in the source.", "Minimal/Verbs.cs(3,5): AUTHMD2002 on a line without a number."],
            strays);
    }
}
