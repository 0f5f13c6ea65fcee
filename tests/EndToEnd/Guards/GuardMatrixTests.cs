using System.Text;
using AgentAuth.EndToEnd.Package;

namespace AgentAuth.EndToEnd.Guards;

/// <summary>
/// Whatever reads like a guard is one: each of the four attributes, on the class and on the member, in every style of endpoint, against every
/// kind of caller, in a stranger's app that has the packed package. What ran is told by the app itself, not by what the caller got.
/// </summary>
[Collection<PackedPackagesTests>]
public sealed class GuardMatrixTests(PackedPackages packages)
{
    private const string Page = "docs/guards.md";

    [Fact]
    public async Task Nobody_reaches_what_excludes_them_and_everybody_else_does()
    {
        using var sources = new GuardedSources(packages);
        await sources.CopyAsync();
        await sources.DotnetAsync("build", "--nologo");

        var plain = await MeasureAsync(sources.Folder, everything: false);
        var full = await MeasureAsync(sources.Folder, everything: true);

        string[] wrong = [.. Wrong(plain), .. Wrong(full).Select(cell => "With caches, error pages and status pages: " + cell)];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        WriteOrCompare(Table(plain, full));
    }

    [Fact]
    public async Task What_dotnet_format_adds_gives_nobody_access_and_builds()
    {
        using var sources = new GuardedSources(packages);
        await sources.CopyAsync();
        await sources.TakeAnnotationsOutAsync();
        await sources.DotnetAsync("build", "--nologo");
        var before = await MeasureAsync(sources.Folder, everything: false);

        await sources.DotnetAsync("format", "--no-restore");
        await sources.DotnetAsync("format", "--no-restore", "--severity", "info");
        await sources.DotnetAsync("build", "--nologo");
        var after = await MeasureAsync(sources.Folder, everything: false);

        Assert.Equal([], Place.All.SelectMany(place => Enum.GetValues<Caller>(), (place, caller) => (place, caller))
            .Where(cell => after[cell].HasRun && !before[cell].HasRun)
            .Select(cell => $"{cell.caller} got access to {cell.place}"));
        Assert.Contains("DenyAgents", sources.ReadCode(), StringComparison.Ordinal);
        Assert.DoesNotContain(Enum.GetValues<Caller>().Where(caller => caller > Caller.Person), agent => Place.All.Any(place => after[(place, agent)].HasRun));
    }

    private static async Task<IReadOnlyDictionary<(Place Place, Caller Caller), Cell>> MeasureAsync(string folder, bool everything)
    {
        await using var app = await GuardedApp.StartAsync(folder, everything);
        var callers = await Callers.ArriveAsync(app);
        var cells = new Dictionary<(Place, Caller), Cell>();
        var counts = await app.CountsAsync();
        foreach (var place in Place.All)
        {
            foreach (var (caller, headers) in callers)
            {
                var answer = await Call.MakeAsync(app, place, headers);
                var now = await app.CountsAsync();

                // A page from a cache is reached too, although nothing ran.
                var ran = now.GetValueOrDefault(place.Name) > counts.GetValueOrDefault(place.Name) || answer.Contains("ran", StringComparison.Ordinal);
                cells.Add((place, caller), new Cell(ran, answer));
                counts = now;
            }
        }

        return cells;
    }

    private static IEnumerable<string> Wrong(IReadOnlyDictionary<(Place Place, Caller Caller), Cell> cells) => cells
        .Where(cell => cell.Value.HasRun != cell.Key.Place.Admits(cell.Key.Caller))
        .Select(cell => $"{cell.Key.Place} {(cell.Value.HasRun ? "was reached by" : "turned away")} {cell.Key.Caller} ({cell.Value.Answer})");

    private static string Table(
        IReadOnlyDictionary<(Place Place, Caller Caller), Cell> plain, IReadOnlyDictionary<(Place Place, Caller Caller), Cell> full)
    {
        var table = new StringBuilder()
            .Append("| Where | Attribute | On | Nobody | Person | Anonymous agent | Agent with every scope | The same, sign-in unknown | Revoked agent |\n")
            .Append("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var place in Place.All)
        {
            var cells = Enum.GetValues<Caller>().Select(caller => plain[(place, caller)].HasRun && full[(place, caller)].HasRun ? "**in**" : "–");
            table.Append(null, $"| {place.Style} | `{place.Attribute}` | {(place.IsMember ? "member" : "class")} | {string.Join(" | ", cells)} |\n");
        }

        return table.ToString();
    }

    private static void WriteOrCompare(string table)
    {
        const string begin = "<!-- The table begins here. It is written by a test: see CONTRIBUTING.md. -->\n\n";
        var file = Path.Combine(Repository.Root, Page);
        var text = File.ReadAllText(file).ReplaceLineEndings("\n");
        var start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        if (Environment.GetEnvironmentVariable("AGENTAUTH_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, text = text[..start] + table);
        }

        Assert.True(
            text[start..] == table,
            $"{Page} does not hold the table that the app makes. Write it with AGENTAUTH_WRITE_DOCS=1 dotnet test tests/EndToEnd --filter FullyQualifiedName~GuardMatrixTests");
    }

    private sealed record Cell(bool HasRun, string Answer);
}
