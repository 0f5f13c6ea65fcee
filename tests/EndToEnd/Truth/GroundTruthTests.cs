namespace AgentAuth.EndToEnd.Truth;

/// <summary>Alone: the app is compiled with analyzers that a pack would be writing meanwhile.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class CompiledAlone;

/// <summary>
/// AUTHMD2002 and AUTHMD2003 against the truth: an app with endpoints in every style is compiled and run, and what the rules say about its
/// source must be what ASP.NET Core says about its endpoints.
/// </summary>
[Collection<CompiledAlone>]
public sealed class GroundTruthTests
{
    private const int FewestNumbers = 140;
    private const int PercentUnknown = 10;

    [Fact]
    public async Task What_the_rules_say_of_the_source_is_what_the_running_app_says_of_itself()
    {
        var findings = await TruthApp.BuildAsync();
        IReadOnlyList<RuntimeEndpoint> runtime = [.. await TruthApp.RunAsync(), .. await TruthApp.RunAsync("--beta")];
        var (verdicts, strays) = Comparison.Compare(TruthApp.ReadSources(), runtime, findings);

        var counts = TruthReport.Counts(verdicts);
        var problems = TruthReport.Problems(verdicts);
        await WriteAsync(counts + "\n" + problems);

        Assert.True(strays.Count == 0, string.Join('\n', strays));
        Assert.True(verdicts.All(verdict => verdict.Problem is null), $"{problems}\n{counts}");
        Assert.Empty(Expected.Unknown.Keys.Concat(Expected.NoEndpoints.Keys).Except(verdicts.Select(verdict => verdict.Id)));
        Assert.True(verdicts.Count(verdict => verdict.Runtime.Count > 0) >= FewestNumbers, counts);
        Assert.True(verdicts.Count(verdict => verdict.Analyzers == "unknown") * 100 <= verdicts.Count * PercentUnknown, counts);
    }

    private static async Task WriteAsync(string report)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ground-truth.md"), report, TestContext.Current.CancellationToken);
    }
}
