using AgentAuth.AuthMd;

namespace AgentAuth.Tool.Commands;

public sealed class ExplainCommandTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    public static TheoryData<string> Ids => [.. AuthMdRules.All.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_is_explained(string id)
    {
        var run = _folder.Run("explain", id);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith($"# {id}: {AuthMdRules.Find(id)!.Title}\n", run.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.All(["## Why", "## Fails", "## Passes", "## Suppress"], heading => Assert.Contains($"\n{heading}", run.Out, StringComparison.Ordinal));
        // Outside the repository a link that goes up leads nowhere.
        Assert.DoesNotContain("](../", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Capitals_do_not_matter() => Assert.Equal(_folder.Run("explain", "AUTHMD1007"), _folder.Run("explain", "authmd1007"));

    [Fact]
    public void Without_a_rule_all_are_listed()
    {
        var run = _folder.Run("explain");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(AuthMdRules.All.Length, lines.Length);
        Assert.Equal("AUTHMD1007  Error    A malformed or repeated scope", lines.Single(line => line.StartsWith("AUTHMD1007", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_unknown_rule_is_refused_with_the_nearest()
    {
        var run = _folder.Run("explain", "AUTHMD1107");

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("There is no rule \"AUTHMD1107\". Did you mean one of these?\nAUTHMD1", run.Error, StringComparison.Ordinal);
        Assert.Contains("\nAUTHMD1007  Error    A malformed or repeated scope\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(4, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void A_word_that_is_near_no_rule_is_refused_with_all()
    {
        var run = _folder.Run("explain", "scopes");

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("There is no rule \"scopes\". These are all:\n", run.Error, StringComparison.Ordinal);
        Assert.All(AuthMdRules.All, rule => Assert.Contains($"\n{rule.Id}  ", run.Error, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}
