using System.Diagnostics;
using System.Globalization;

namespace AgentAuth.Assertions;

public sealed class GateFuzzTests
{
    // eng/fuzz asks for five million; a test run for enough to notice that something broke.
    private static readonly int s_times = 5_000 * (int.TryParse(Environment.GetEnvironmentVariable("AGENTAUTH_FUZZ"), out var times) ? times : 1);

    [Fact]
    public async Task No_mutant_of_a_good_token_throws_or_is_accepted_when_the_library_refuses_it()
    {
        var seed = Random.Shared.Next();
        var watch = Stopwatch.StartNew();
        var threads = Environment.ProcessorCount;
        var tallies = await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(async () =>
        {
            await using var fuzz = await GateFuzz.StartAsync();
            foreach (var good in fuzz.Seeds)
            {
                Assert.True(await fuzz.CheckAsync(good.Text, good.Type, new FuzzTally()), $"{good.Key.Algorithm}, {good.Type}: the good token is refused.");
            }

            return await fuzz.RunAsync((s_times / threads) + 1, seed + thread);
        })));

        var sum = new FuzzTally();
        Array.ForEach(tallies, sum.Add);
        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"Seed {seed}, {watch.Elapsed.TotalSeconds:F0} s on {threads} threads. {sum}"));

        // The mutants reach every end: otherwise nothing was compared.
        Assert.True(sum.Total >= s_times);
        Assert.True(sum.AcceptedByBoth > sum.Total / 200, sum.ToString());
        Assert.True(sum.RefusedByBoth > sum.Total / 2, sum.ToString());
        Assert.True(sum.AcceptedByLibraryOnly > sum.Total / 200, sum.ToString());
    }
}
